/** Which rows of a long list are to be there: those in sight, and some on both sides of them. */
export interface RowWindow {
  /** The first row. */
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
}

/** So many rows more than are in sight, on each side. */
const MARGIN = 8;

/** All lengths in pixels. */
export function windowOf(view: {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}): RowWindow {
  const { scrollTop, height, rowHeight, count } = view;
  const first = Math.floor(scrollTop / rowHeight) - MARGIN;
  const last = Math.ceil((scrollTop + height) / rowHeight) + MARGIN;
  const to = Math.min(count, Math.max(0, last));
  return { from: Math.min(Math.max(0, first), to), to };
}

/** Where to scroll to so that the row is in sight; null where it is. */
export function scrollTopFor(
  row: number,
  view: { readonly scrollTop: number; readonly height: number; readonly rowHeight: number }
): number | null {
  const { scrollTop, height, rowHeight } = view;
  const top = row * rowHeight;
  if (top < scrollTop) {
    return top;
  }
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : null;
}
