import type { RefObject } from 'react';
import { useEffect, useState } from 'react';

/** From so many pixels on two contents fit beside each other. */
const WIDE = 640;

/** Whether the element is wide enough for two contents side by side. */
export function useIsWide(element: RefObject<HTMLElement | null>): boolean {
  const [isWide, setIsWide] = useState(true);
  useEffect(() => {
    const node = element.current;
    if (!node) {
      return;
    }
    const observer = new ResizeObserver(() => setIsWide(node.clientWidth >= WIDE));
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return isWide;
}
