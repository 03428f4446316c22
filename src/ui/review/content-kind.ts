/** Larger texts are not shown side by side; bytes. */
const LARGEST_TEXT = 4 * 1024 * 1024;

const IMAGES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  avif: 'image/avif',
  svg: 'image/svg+xml'
};

/** How contents can be shown beside each other. */
export type Comparison =
  | { readonly kind: 'text'; readonly texts: readonly string[] }
  | { readonly kind: 'notebook'; readonly texts: readonly string[] }
  | { readonly kind: 'image'; readonly mimeType: string }
  /** Only facts about them can be told. */
  | { readonly kind: 'facts'; readonly why: 'missing' | 'large' | 'binary' };

/** The MIME type of an image that a browser shows, told by the name; null for anything else. */
export function imageType(path: string): string | null {
  return IMAGES[extensionOf(path)] ?? null;
}

/** @param contents - null for one that is not there, or too large to have been read */
export function comparisonOf(
  path: string,
  contents: readonly (Uint8Array<ArrayBuffer> | null)[]
): Comparison {
  const present = contents.filter(content => content !== null);
  if (present.length < contents.length) {
    return { kind: 'facts', why: 'missing' };
  }
  const mimeType = imageType(path);
  if (mimeType !== null) {
    return { kind: 'image', mimeType };
  }
  const texts = present.map(textOf).filter(text => text !== null);
  if (texts.length < present.length) {
    return { kind: 'facts', why: 'binary' };
  }
  if (extensionOf(path) === 'ipynb') {
    return { kind: 'notebook', texts };
  }
  return present.some(({ byteLength }) => byteLength > LARGEST_TEXT)
    ? { kind: 'facts', why: 'large' }
    : { kind: 'text', texts };
}

/** null for what is not UTF-8, or holds a NUL, as no text does. */
export function textOf(content: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function extensionOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}
