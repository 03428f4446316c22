import { trans } from './words';
/**
 * Paths in a project are relative to its root, with `/` between segments. Bytes are kept as given.
 */

/** In bytes of UTF-8, from the Projects API. */
export const MAX_PATH_BYTES = 1024;
export const MAX_SEGMENT_BYTES = 255;

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Counts only where the number of characters does not tell. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && byteLength(text) > bytes;
}

/** '' for a path of one segment. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(parent: string, name: string): string {
  return parent === '' ? name : name === '' ? parent : `${parent}/${name}`;
}

/** True when `path` is `ancestor` or lies in it. '' holds everything. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === '' || path === ancestor || path.startsWith(`${ancestor}/`);
}

/** The directories above, from the top: `a/b/c` gives `a`, `a/b`. */
export function ancestorsOf(path: string): string[] {
  const ancestors: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    ancestors.push(path.slice(0, slash));
  }
  return ancestors;
}

/** How many directories are above. */
export function depthOf(path: string): number {
  let depth = 0;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    depth += 1;
  }
  return depth;
}

/**
 * Why the path is none that a project may hold, or null when it is one. Holds every path from outside within the
 * project's root: whatever passes has no `..`, is relative and has no control character.
 */
export function invalidPath(path: string): string | null {
  if (path === '') {
    return trans.__('it is empty');
  }
  if (!path.isWellFormed()) {
    return trans.__('it is not valid Unicode');
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) {
    return trans.__('it holds a control character');
  }
  if (isLonger(path, MAX_PATH_BYTES)) {
    return trans.__('it is longer than %1 bytes', MAX_PATH_BYTES);
  }
  for (const segment of path.split('/')) {
    if (segment === '') {
      return trans.__('it starts or ends with a slash, or has two in a row');
    }
    if (segment === '.' || segment === '..') {
      return trans.__('it has a segment "%1"', segment);
    }
    if (isLonger(segment, MAX_SEGMENT_BYTES)) {
      return trans.__('one of its names is longer than %1 bytes', MAX_SEGMENT_BYTES);
    }
  }
  return null;
}
