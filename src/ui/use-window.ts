import type { RefObject } from 'react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';

import type { RowWindow } from './tree/window';
import { scrollTopFor, windowOf } from './tree/window';

/** Taken where the page can't tell yet, in pixels. */
const ROW_HEIGHT = 24;
const HEIGHT = 480;

/** The rows of a long list that are to be there, as it is scrolled. */
export interface Windowed<T extends HTMLElement> {
  /** Of the element that scrolls. */
  readonly scroller: RefObject<T>;
  /** In pixels: of a row that has the class `jp-Projects-row`. */
  readonly rowHeight: number;
  readonly shown: RowWindow;
  readonly onScroll: () => void;
  /** Scrolls as far as is needed. */
  readonly bringIntoSight: (row: number) => void;
}

/** @param count - of all rows, which are equally high */
export function useWindow<T extends HTMLElement>(count: number): Windowed<T> {
  const scroller = useRef<T>(null);
  const [view, setView] = useState({ scrollTop: 0, height: HEIGHT, rowHeight: ROW_HEIGHT });

  const measure = useCallback(() => {
    const node = scroller.current;
    if (node) {
      const row = node.querySelector<HTMLElement>('.jp-Projects-row');
      const next = {
        scrollTop: node.scrollTop,
        height: node.clientHeight || HEIGHT,
        rowHeight: row?.offsetHeight || ROW_HEIGHT
      };
      setView(last =>
        last.scrollTop === next.scrollTop &&
        last.height === next.height &&
        last.rowHeight === next.rowHeight
          ? last
          : next
      );
    }
  }, []);

  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    // Its size changes with that of its rows, since its height follows from theirs.
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [measure]);
  useLayoutEffect(measure, [measure, count]);

  const bringIntoSight = useCallback(
    (row: number) => {
      const node = scroller.current;
      const top = node && scrollTopFor(row, { ...view, scrollTop: node.scrollTop });
      if (node && top !== null) {
        node.scrollTop = top;
        measure();
      }
    },
    [view, measure]
  );

  return {
    scroller,
    rowHeight: view.rowHeight,
    shown: windowOf({ ...view, count }),
    onScroll: measure,
    bringIntoSight
  };
}
