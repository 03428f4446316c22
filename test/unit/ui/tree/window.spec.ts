import { scrollTopFor, windowOf } from '../../../../src/ui/tree/window';

describe('windowOf', () => {
  const view = { scrollTop: 0, height: 100, rowHeight: 20, count: 10_000 };

  it('has those in sight and a few on both sides, wherever it is scrolled to', () => {
    expect(windowOf(view)).toEqual({ from: 0, to: 13 });
    expect(windowOf({ ...view, scrollTop: 100_000 })).toEqual({ from: 4992, to: 5013 });
    expect(windowOf({ ...view, scrollTop: 199_900 })).toEqual({ from: 9987, to: 10_000 });
  });

  it('holds where the list became shorter than it is scrolled', () => {
    expect(windowOf({ ...view, count: 3, scrollTop: 5000 })).toEqual({ from: 3, to: 3 });
    expect(windowOf({ ...view, count: 0 })).toEqual({ from: 0, to: 0 });
  });
});

describe('scrollTopFor', () => {
  const view = { scrollTop: 100, height: 100, rowHeight: 20 };

  it('scrolls as little as needed', () => {
    expect(scrollTopFor(5, view)).toBeNull();
    expect(scrollTopFor(9, view)).toBeNull();
    expect(scrollTopFor(4, view)).toBe(80);
    expect(scrollTopFor(10, view)).toBe(120);
  });
});
