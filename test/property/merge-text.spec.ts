import fc from 'fast-check';

import { mergeLines } from '../../src/sync/merge/lines';
import { mergeContents } from '../../src/sync/merge/merge';

const RUNS = { numRuns: Number(process.env['MERGE_RUNS'] ?? 1000) };

/** One step of a person's editing; positions are taken modulo what is there. */
interface Edit {
  readonly kind: 'insert' | 'delete' | 'replace' | 'move';
  readonly at: number;
  readonly size: number;
  /** Where it is given the new lines are this one, and both sides can happen to write it. */
  readonly common: string | undefined;
}

const KINDS = ['insert', 'delete', 'replace', 'move'] as const;

const editOf = (kinds: readonly Edit['kind'][]): fc.Arbitrary<Edit> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.nat(60),
    size: fc.integer({ min: 1, max: 3 }),
    common: fc.option(fc.constantFrom('', '}', 'x'), { nil: undefined, freq: 3 })
  });

/** `repeated` is what many lines of the base are; the others are all different. */
const scenarioOf = (repeated: readonly string[], kinds: readonly Edit['kind'][] = KINDS) =>
  fc
    .record({
      common: fc.array(fc.constantFrom(...repeated, null, null, null, null, null), {
        minLength: 15,
        maxLength: 50
      }),
      local: fc.array(editOf(kinds), { maxLength: 3 }),
      cloud: fc.array(editOf(kinds), { maxLength: 3 }),
      both: fc.array(editOf(kinds), { maxLength: 1 }),
      ends: fc.array(fc.constantFrom('\n', '\n', '\r\n'), { minLength: 1, maxLength: 3 }),
      finished: fc.boolean()
    })
    .map(({ common, local, cloud, both, ends, finished }) => {
      const base = common.map((line, index) => line ?? `base ${index}`);
      const ofLocal = edited(edited(base, both, 'both'), local, 'local');
      const ofCloud = edited(edited(base, both, 'both'), cloud, 'cloud');
      const text = (lines: readonly string[]) =>
        lines
          .map((line, index) => {
            const end = ends[line.length % ends.length] ?? '';
            return line + (finished || index < lines.length - 1 ? end : '');
          })
          .join('');
      return { base: text(base), local: text(ofLocal), cloud: text(ofCloud) };
    });

const REPEATED = ['', '}', 'x'];

const scenario = scenarioOf(REPEATED);

/** New lines carry the side's name and a number, so that none is twice on either side. */
function edited(lines: readonly string[], edits: readonly Edit[], side: string): string[] {
  const result = [...lines];
  edits.forEach(({ kind, at, size, common }, step) => {
    const added = Array.from({ length: size }, (_, index) => common ?? `${side} ${step}.${index}`);
    const position = at % (result.length + 1);
    if (kind === 'move') {
      const moved = result.splice(position, size);
      result.splice((at * 7) % (result.length + 1), 0, ...moved);
    } else {
      result.splice(position, kind === 'insert' ? 0 : size, ...(kind === 'delete' ? [] : added));
    }
  });
  return result;
}

const linesIn = (text: string): string[] => text.split('\n');

/** How often each line is in the text. */
function counted(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of linesIn(text)) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

interface Texts {
  readonly base: string;
  readonly local: string;
  readonly cloud: string;
}

/** How many of the scenarios merged cleanly and needed a merge, so that no property holds for want of examples. */
function checkClean(
  check: (texts: Texts, merged: string) => void,
  scenarios: fc.Arbitrary<Texts> = scenario
): void {
  let real = 0;
  fc.assert(
    fc.property(scenarios, texts => {
      const { base, local, cloud } = texts;
      const merged = mergeLines(base, local, cloud);
      if (merged !== null) {
        check(texts, merged);
        real += merged === local || merged === cloud ? 0 : 1;
      }
    }),
    RUNS
  );
  expect(real).toBeGreaterThan(RUNS.numRuns / 10);
}

describe('a clean merge of texts', () => {
  it('should hold every line that a side added, in that side’s order', () => {
    checkClean(({ base, local, cloud }, merged) => {
      const ofBase = counted(base);
      const inMerged = new Set(linesIn(merged));
      for (const side of [local, cloud]) {
        const added = linesIn(side).filter(line => !ofBase.has(line));
        expect(added.filter(line => !inMerged.has(line))).toEqual([]);
        const once = new Set(
          [...counted(side)].flatMap(([line, count]) =>
            count === 1 && !ofBase.has(line) && counted(merged).get(line) === 1 ? [line] : []
          )
        );
        expect(linesIn(merged).filter(line => once.has(line))).toEqual(
          linesIn(side).filter(line => once.has(line))
        );
      }
    });
  });

  it('should hold a line of the base exactly if both sides kept it', () => {
    checkClean(({ base, local, cloud }, merged) => {
      const [ofBase, ofLocal, ofCloud] = [counted(base), counted(local), counted(cloud)];
      const moved = [movedIn(base, local), movedIn(base, cloud)];
      for (const [line, count] of ofBase) {
        const isSingle =
          count === 1 && (ofLocal.get(line) ?? 0) <= 1 && (ofCloud.get(line) ?? 0) <= 1;
        if (isSingle && !moved.some(lines => lines.has(line))) {
          expect([line, counted(merged).get(line) ?? 0]).toEqual([
            line,
            ofLocal.has(line) && ofCloud.has(line) ? 1 : 0
          ]);
        }
      }
    }, scenarioOf([]));
  });

  it('should hold a repeated line as often as the changes of both sides say', () => {
    const each =
      (check: (base: number, local: number, cloud: number, merged: number) => void) =>
      ({ base, local, cloud }: Texts, merged: string) => {
        const counts = [base, local, cloud, merged].map(counted);
        for (const line of new Set([
          ...linesIn(base),
          ...linesIn(local),
          ...linesIn(cloud),
          ...linesIn(merged)
        ])) {
          const [ofBase = 0, ofLocal = 0, ofCloud = 0, ofMerged = 0] = counts.map(
            each => each.get(line) ?? 0
          );
          check(ofBase, ofLocal, ofCloud, ofMerged);
        }
      };
    const plain = (kind: Edit['kind']) =>
      scenarioOf(REPEATED, [kind]).map(({ base, local, cloud }) => ({
        base: base.replaceAll('\r', ''),
        local: local.replaceAll('\r', ''),
        cloud: cloud.replaceAll('\r', '')
      }));
    checkClean(
      each((base, local, cloud, merged) => {
        expect(merged).toBeGreaterThanOrEqual(Math.max(local, cloud));
        expect(merged).toBeLessThanOrEqual(local + cloud - base);
      }),
      plain('insert')
    );
    checkClean(
      each((base, local, cloud, merged) => {
        expect(merged).toBeLessThanOrEqual(Math.min(local, cloud));
        expect(merged).toBeGreaterThanOrEqual(local + cloud - base);
      }),
      plain('delete')
    );
  });

  it('should never make lines that neither side has', () => {
    checkClean(({ local, cloud }, merged) => {
      const known = new Set([...linesIn(local), ...linesIn(cloud)]);
      expect(linesIn(merged).filter(line => !known.has(line))).toEqual([]);
    });
  });

  it('should be the same when it is merged once more with either side', () => {
    checkClean(({ base, local, cloud }, merged) => {
      for (const side of [local, cloud]) {
        expect([merged, null]).toContain(mergeLines(base, merged, side));
        expect(mergeLines(side, merged, side)).toBe(merged);
        expect(mergeLines(side, side, merged)).toBe(merged);
      }
    });
  });
});

/** The lines of the base that a side moved or may have moved: not the same single lines stand before them. */
function movedIn(base: string, side: string): ReadonlySet<string> {
  const [ofBase, ofSide] = [counted(base), counted(side)];
  const single = (text: string) =>
    linesIn(text).filter(line => ofBase.get(line) === 1 && ofSide.get(line) === 1);
  const [before, after] = [single(base), single(side)];
  const preceding = (lines: readonly string[], line: string) =>
    lines.slice(0, lines.indexOf(line)).sort().join('\n');
  return new Set(before.filter(line => preceding(before, line) !== preceding(after, line)));
}

describe('mergeLines()', () => {
  it('should give the same whichever side is local', () => {
    fc.assert(
      fc.property(scenario, ({ base, local, cloud }) => {
        expect(mergeLines(base, cloud, local)).toBe(mergeLines(base, local, cloud));
      }),
      RUNS
    );
  });

  it('should give the side that changed, or what both made alike', () => {
    fc.assert(
      fc.property(scenario, ({ base, local }) => {
        expect(mergeLines(base, local, base)).toBe(local);
        expect(mergeLines(base, base, local)).toBe(local);
        expect(mergeLines(base, local, local)).toBe(local);
      }),
      RUNS
    );
  });

  it('should merge all that is at least one line apart', () => {
    const part = fc.record({
      by: fc.constantFrom('local', 'cloud', 'both', 'none'),
      before: fc.nat(2),
      after: fc.nat(2)
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), parts => {
        const text = (side: string) =>
          parts
            .flatMap(({ by, before, after }, index) => {
              const isEdited = by === side || by === 'both' || side === 'merged';
              const lines = (count: number, mark: string) =>
                Array.from({ length: count }, (_, line) => `${index} ${mark} ${line}`);
              return [
                ...(isEdited && by !== 'none' ? lines(after, `new ${by}`) : lines(before, 'old')),
                `${index} fixed`
              ];
            })
            .join('\n');
        expect(mergeLines(text('base'), text('local'), text('cloud'))).toBe(text('merged'));
      }),
      RUNS
    );
  });
});

describe('mergeContents()', () => {
  it('should never throw, and be the same both ways round, on any bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .array(fc.constantFrom(10, 13, 65, 66, 0xc3, 0xa9, 0xef, 0xbb, 0xbf), { maxLength: 40 })
        .map(list => Uint8Array.from(list))
    );
    fc.assert(
      fc.property(
        fc.constantFrom('a.txt', 'a.ipynb', 'a'),
        bytes,
        bytes,
        bytes,
        (path, base, local, cloud) => {
          const merged = mergeContents(path, { base, local, cloud });
          expect(mergeContents(path, { base, local: cloud, cloud: local })).toEqual(merged);
          expect(mergeContents(path, { base, local, cloud: base })).toEqual(local);
          expect(mergeContents(path, { base, local: base, cloud })).toEqual(cloud);
          expect(mergeContents(path, { base, local, cloud: local })).toEqual(local);
        }
      ),
      RUNS
    );
  });
});
