import { gzipSync } from 'node:zlib';

/** A file of JavaScript that a page loaded. */
export interface Script {
  readonly name: string;
  readonly text: string;
}

/** Bytes, as a server that compresses sends it. */
export function gzipped({ text }: Script): number {
  return gzipSync(text, { level: 9 }).length;
}
