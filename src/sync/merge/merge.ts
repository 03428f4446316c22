import { mergeLines } from './lines';
import { mergeNotebooks } from './notebook-merge';

/** Up to which size of each of the three contents it is tried; bytes. A notebook's outputs are not compared line by line. */
const LARGEST = { text: 4 * 1024 * 1024, notebook: 16 * 1024 * 1024 };

/** A file's contents: what both sides held last, and what each made of it since. */
export interface Contents {
  readonly base: Uint8Array;
  readonly local: Uint8Array;
  readonly cloud: Uint8Array;
}

/**
 * Merges what two sides made of one file: a notebook (`.ipynb`) by cell, any text in UTF-8 by line.
 *
 * @param path Relative to the project's root; only its name is looked at.
 * @returns The merged bytes, newly made; null whenever it is not sure: both sides changed the same, or it is no text.
 *
 * #### Notes
 * Pure, and the same whichever side is called local. Never throws. What one side added or changed is in the result, what one side
 * deleted and the other left is not. A merged notebook is a valid notebook, and all that no side touched is in it byte for byte.
 */
export function mergeContents(path: string, contents: Contents): Uint8Array<ArrayBuffer> | null {
  const { base, local, cloud } = contents;
  if (equal(base, local) || equal(local, cloud)) {
    return new Uint8Array(cloud);
  }
  if (equal(base, cloud)) {
    return new Uint8Array(local);
  }
  const isNotebook = path.toLowerCase().endsWith('.ipynb');
  const largest = isNotebook ? LARGEST.notebook : LARGEST.text;
  if (Math.max(base.byteLength, local.byteLength, cloud.byteLength) > largest) {
    return null;
  }
  const [ofBase, ofLocal, ofCloud] = [textIn(base), textIn(local), textIn(cloud)];
  if (ofBase === null || ofLocal === null || ofCloud === null) {
    return null;
  }
  const merged = (isNotebook ? mergeNotebooks : mergeText)(ofBase, ofLocal, ofCloud);
  return merged === null ? null : new TextEncoder().encode(merged);
}

/** By line; but what was JSON on both sides must be JSON still. */
function mergeText(base: string, local: string, cloud: string): string | null {
  const merged = mergeLines(base, local, cloud);
  return merged !== null && !isJson(merged) && isJson(local) && isJson(cloud) ? null : merged;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Null for what is not UTF-8, or holds a NUL, as no text does. */
function textIn(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
