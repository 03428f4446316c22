/** Whether every line of the text ends as on Windows. */
function isWindows(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
}

/** Texts as an editor has them, and the way back to how the file ends its lines: all of them must end alike. */
export function withLineFeeds(texts: readonly string[]): {
  readonly texts: readonly string[];
  readonly back: (text: string) => string;
} {
  const lined = texts.filter(text => text.includes('\n'));
  if (lined.length === 0 || !lined.every(isWindows)) {
    return { texts, back: text => text };
  }
  return {
    texts: texts.map(text => text.replaceAll('\r\n', '\n')),
    back: text => text.replaceAll(/\r?\n/g, '\r\n')
  };
}
