import type { Hunk } from './hunks';
import { hunksBetween } from './hunks';

/**
 * Merges by line what two sides made of one text. Null when both changed the same lines, or lines that touch, in different ways,
 * or when it can't be told. Swapping the sides changes nothing.
 *
 * #### Notes
 * A line is what stands between two line feeds, so that a carriage return belongs to its line, and a last line
 * feed is followed by an empty line: joining the lines gives back every character.
 */
export function mergeLines(base: string, local: string, cloud: string): string | null {
  const lines: string[] = [];
  const numbers = new Map<string, number>();
  const numbered = (text: string): number[] =>
    text.split('\n').map(line => {
      const known = numbers.get(line);
      if (known !== undefined) {
        return known;
      }
      numbers.set(line, lines.length);
      return lines.push(line) - 1;
    });
  const merged = mergeSequences(numbered(base), numbered(local), numbered(cloud));
  return merged === null ? null : merged.map(number => lines[number]).join('\n');
}

/** As `mergeLines`, of any items that are told apart by number. */
export function mergeSequences(
  base: readonly number[],
  local: readonly number[],
  cloud: readonly number[]
): number[] | null {
  const ofLocal = hunksBetween(base, local);
  const ofCloud = ofLocal && hunksBetween(base, cloud);
  if (ofLocal === null || ofCloud === null) {
    return null;
  }
  const onlyLocal = without(ofLocal, ofCloud);
  const onlyCloud = without(ofCloud, ofLocal);
  if (touch(onlyLocal, onlyCloud)) {
    return null;
  }
  const pieces: (readonly number[])[] = [];
  let at = 0;
  for (const { start, end, items } of inOrder([...ofLocal, ...onlyCloud])) {
    pieces.push(base.slice(at, start), items);
    at = end;
  }
  pieces.push(base.slice(at));
  return pieces.flat();
}

/** The hunks that the other side did not make too. */
function without(hunks: readonly Hunk[], others: readonly Hunk[]): Hunk[] {
  const byStart = new Map(others.map(other => [other.start, other]));
  return hunks.filter(({ start, end, items }) => {
    const other = byStart.get(start);
    return (
      other?.end !== end ||
      other.items.length !== items.length ||
      other.items.some((item, index) => item !== items[index])
    );
  });
}

function inOrder(hunks: readonly Hunk[]): Hunk[] {
  return [...hunks].sort((a, b) => a.start - b.start);
}

function touch(local: readonly Hunk[], cloud: readonly Hunk[]): boolean {
  const all = [
    ...local.map(({ reach }) => ({ ...reach, side: 0 as const })),
    ...cloud.map(({ reach }) => ({ ...reach, side: 1 as const }))
  ].sort((a, b) => a.from - b.from);
  const furthest: [number, number] = [-1, -1];
  return all.some(({ from, to, side }) => {
    furthest[side] = Math.max(furthest[side], to);
    return from <= furthest[side === 0 ? 1 : 0];
  });
}
