import type { RefObject } from 'react';
import { useEffect, useState } from 'react';

/** How far from being seen an element is made ready. */
const AHEAD = '600px';

/** Whether the element was in sight, or close to it: what is costly to show is made then. */
export function useWasSeen(element: RefObject<HTMLElement | null>): boolean {
  const [wasSeen, setWasSeen] = useState(false);
  useEffect(() => {
    const node = element.current;
    if (!node || wasSeen) {
      return;
    }
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          setWasSeen(true);
        }
      },
      { rootMargin: AHEAD }
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, [element, wasSeen]);
  return wasSeen;
}
