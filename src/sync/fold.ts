/** Which differences between names a file system does not see. */
export interface Folding {
  /** Upper and lower case. */
  readonly case: boolean;
  /** The two Unicode forms of one character: composed, and taken apart (NFC and NFD). */
  readonly unicode: boolean;
}

// eslint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * The same for all paths that a file system which folds so takes for one.
 *
 * #### Notes
 * File systems that see neither difference (APFS) fold case in full, where `ß` is `ss`; those that keep the forms of Unicode
 * apart (NTFS) go character by character.
 */
export function foldOf(path: string, folding: Folding): string {
  if (isAscii(path)) {
    return folding.case ? path.toLowerCase() : path;
  }
  if (!folding.unicode) {
    return folding.case ? path.toLowerCase() : path;
  }
  const apart = path.normalize('NFD');
  return folding.case ? foldFully(apart).normalize('NFD') : apart;
}

/** Through the upper case, where more characters meet; but `ı` is no `i`. */
function foldFully(text: string): string {
  return text.includes('ı')
    ? text.split('ı').map(foldFully).join('ı')
    : text.toUpperCase().toLowerCase();
}

/** As `foldOf`, for many paths that share their folders. */
export function createFold(folding: Folding): (path: string) => string {
  const folders = new Map<string, string>();
  const fold = (path: string): string => {
    if (isAscii(path)) {
      return foldOf(path, folding);
    }
    const slash = path.lastIndexOf('/');
    if (slash < 0) {
      return foldOf(path, folding);
    }
    const parent = path.slice(0, slash);
    const folded = folders.get(parent) ?? fold(parent);
    folders.set(parent, folded);
    return `${folded}/${foldOf(path.slice(slash + 1), folding)}`;
  };
  return fold;
}
