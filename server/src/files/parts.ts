/** One part of a content: bytes `offset` up to `offset + size`; numbered from 1. */
export interface Part {
  readonly number: number;
  readonly offset: number;
  readonly size: number;
}

/** @param size - of the whole, in bytes. */
export function partsOf(size: number, partSize: number): Part[] {
  return Array.from({ length: Math.ceil(size / partSize) }, (_, index) => ({
    number: index + 1,
    offset: index * partSize,
    size: Math.min(partSize, size - index * partSize)
  }));
}
