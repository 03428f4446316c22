import { Refusal } from '../errors';

/** Bytes of UTF-8. */
export const MAX_PATH_BYTES = 1024;
const MAX_SEGMENT_BYTES = 255;

/** Why a project can't hold the path, or null when it can. */
export function pathFault(path: string): string | null {
  if (path === '') {
    return 'it is empty';
  }
  if (!path.isWellFormed()) {
    return 'it is not valid Unicode';
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) {
    return 'it holds a control character';
  }
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    return `it is longer than ${MAX_PATH_BYTES} bytes`;
  }
  for (const segment of path.split('/')) {
    if (segment === '') {
      return 'it starts or ends with a slash, or has two in a row';
    }
    if (segment === '.' || segment === '..') {
      return `it has a segment "${segment}"`;
    }
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) {
      return `one of its names is longer than ${MAX_SEGMENT_BYTES} bytes`;
    }
  }
  return null;
}

export function invalidPath(path: string, fault: string): Refusal {
  return new Refusal(422, 'invalid_path', `A project can't hold this path: ${fault}.`, {
    path: path.toWellFormed()
  });
}

/** Throws `invalid_path` unless a project can hold it. */
export function checkPath(path: string): void {
  const fault = pathFault(path);
  if (fault !== null) {
    throw invalidPath(path, fault);
  }
}

/** A path as it stands in a URL, each segment percent-encoded; decoded once and checked. */
export function pathFromUrl(encoded: string): string {
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    throw invalidPath(encoded, 'it is not valid UTF-8');
  }
  checkPath(path);
  return path;
}

export function pathToUrl(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** The directories above, from the top: `a/b/c` gives `a`, `a/b`. */
export function ancestorsOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** True for the directory itself and all below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
