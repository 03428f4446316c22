import { byteLength, joinPath, MAX_SEGMENT_BYTES, nameOf, parentOf } from './path';

/** Endings of two parts that people read as one. */
const DOUBLE_EXTENSION = /\.tar\.[a-z0-9]+$/i;

/**
 * Where a conflict copy of `path` is kept: `name (conflict 1a2b3c4d).ext`. The name follows from the content, so that
 * two devices that resolve the same conflict make the same file.
 *
 * @param sha256 - of the content that is copied
 * @param isTaken - whether a path already holds something else
 */
export function conflictPath(
  path: string,
  sha256: string,
  isTaken: (path: string) => boolean
): string {
  const parent = parentOf(path);
  const [stem, extension] = splitExtension(nameOf(path));
  for (let attempt = 1; ; attempt++) {
    const counter = attempt === 1 ? '' : ` ${attempt}`;
    const mark = ` (conflict ${sha256.slice(0, 8)}${counter})`;
    const room = MAX_SEGMENT_BYTES - byteLength(mark + extension);
    const candidate = joinPath(parent, cutToBytes(stem, room) + mark + extension);
    if (!isTaken(candidate)) {
      return candidate;
    }
  }
}

/** Whether the name may be one that `conflictPath` gave. */
export function isConflictName(path: string): boolean {
  return / \(conflict [0-9a-f]{8}( \d+)?\)[^/]*$/.test(path);
}

/** The mark goes before the last extension; a name that only starts with a dot has none. */
function splitExtension(name: string): [stem: string, extension: string] {
  const double = DOUBLE_EXTENSION.exec(name);
  const dot = double && double.index > 0 ? double.index : name.lastIndexOf('.');
  if (dot <= 0) {
    return [name, ''];
  }
  const extension = name.slice(dot);
  return byteLength(extension) > MAX_SEGMENT_BYTES / 2
    ? [name, '']
    : [name.slice(0, dot), extension];
}

/** The longest start of `text` that fits, cut between characters as people see them. */
function cutToBytes(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) {
    return text;
  }
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += byteLength(segment);
    if (used > bytes) {
      break;
    }
    kept += segment;
  }
  return kept;
}
