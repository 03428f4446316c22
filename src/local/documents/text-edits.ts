import { hunksBetween } from '../../sync/merge/hunks';

/** What stands from `start` up to, not including, `end` becomes `text`. Offsets are in UTF-16 code units, as editors count. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The edits that make `before` into `after`, the last first, so that each can be made where it says. As little as possible is
 * replaced, so that cursors and selections stay where they were: only lines that differ, and of those only what differs.
 */
export function editsBetween(before: string, after: string): TextEdit[] {
  if (before === after) {
    return [];
  }
  const [lines, others] = [linesOf(before), linesOf(after)];
  const numbers = new Map<string, number>();
  const numbered = (texts: readonly string[]) =>
    texts.map(text => {
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    });
  const hunks = hunksBetween(numbered(lines), numbered(others));
  if (hunks === null) {
    return [trimmed(before, { start: 0, end: before.length, text: after })];
  }
  const texts = [...numbers.keys()];
  const offsets = offsetsOf(lines);
  return hunks
    .map(({ start, end, items }) =>
      trimmed(before, {
        start: offsets[start] ?? before.length,
        end: offsets[end] ?? before.length,
        text: items.map(item => texts[item]).join('')
      })
    )
    .reverse();
}

/** Each with its line feed. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Where each line begins, and where the last one ends. */
function offsetsOf(lines: readonly string[]): number[] {
  let at = 0;
  return [0, ...lines.map(line => (at += line.length))];
}

/** Without what it would replace by the same; a pair of surrogates is not parted. */
function trimmed(before: string, { start, end, text }: TextEdit): TextEdit {
  const shorter = Math.min(end - start, text.length);
  let head = 0;
  while (head < shorter && before[start + head] === text[head]) {
    head++;
  }
  if (head > 0 && isHighSurrogate(text.charCodeAt(head - 1))) {
    head--;
  }
  let tail = 0;
  while (tail < shorter - head && before[end - 1 - tail] === text.at(-1 - tail)) {
    tail++;
  }
  if (tail > 0 && isLowSurrogate(text.charCodeAt(text.length - tail))) {
    tail--;
  }
  return { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) };
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
