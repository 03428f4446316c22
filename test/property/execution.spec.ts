import fc from 'fast-check';

import type { Side } from '../../src/sync/entry';
import { ReplicaError } from '../../src/sync/problem';
import { Engine } from '../support/engine';
import type { MemoryReplica } from '../support/memory-replica';
import { hashOfText, nodeOfText, trees } from './support/trees';
import type { Texts, Trees } from './support/trees';

const RUNS = Math.min(Number(process.env.PROPERTY_RUNS ?? 400), 20_000);
const SIDES = ['local', 'cloud'] as const;
const EDIT = 'typed meanwhile';

/** What goes wrong, or is done by a person, at one of a run's operations. */
interface Event {
  /** Which operation of the run, of both sides. */
  readonly at: number;
  readonly what: 'refused' | 'lost request' | 'lost answer';
}

/** A person edits one file while the run is on. */
interface Edit {
  readonly at: number;
  readonly side: Side;
  readonly which: number;
}

const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({
    at: fc.nat({ max: 12 }),
    what: fc.constantFrom('refused' as const, 'lost request' as const, 'lost answer' as const)
  }),
  { maxLength: 3 }
);
const edits: fc.Arbitrary<Edit | null> = fc.option(
  fc.record({
    at: fc.nat({ max: 12 }),
    side: fc.constantFrom<Side>(...SIDES),
    which: fc.nat({ max: 1000 })
  })
);

/** A project between two sides, and all texts that its cloud ever held. */
class Project {
  constructor(given: Trees) {
    const { cloud, journal } = this.engine;
    const write = cloud.write.bind(cloud);
    cloud.write = (path, content) => {
      this.kept.add(typeof content === 'string' ? content : new TextDecoder().decode(content));
      write(path, content);
    };
    const base = new Map([...given.base].map(([path, text]) => [path, nodeOfText(text)] as const));
    journal.memory = { ...journal.memory, base };
    for (const side of SIDES) {
      fill(this.engine[side], given[side]);
    }
  }

  readonly engine = new Engine();
  /** Texts that are a version in the cloud. */
  readonly kept = new Set<string>();
  /** What the person typed over; null: nothing was there to edit. */
  typedOver: string | null = null;

  /** The next run meets these. */
  disturb(happening: readonly Event[], edit: Edit | null): void {
    let count = 0;
    for (const side of SIDES) {
      const replica = this.engine[side];
      replica.before = call => {
        if (call.call !== 'apply') {
          return undefined;
        }
        const event = happening.find(({ at }) => at === count);
        if (edit && edit.at === count) {
          this.#edit(edit);
        }
        count += 1;
        if (event?.what === 'lost request') {
          throw new ReplicaError('offline', 'The request was lost.');
        }
        return event?.what === 'refused'
          ? { path: call.operation.path, code: 'failed', message: 'No.' }
          : undefined;
      };
      replica.after = () => {
        if (happening.some(({ at, what }) => at === count - 1 && what === 'lost answer')) {
          throw new ReplicaError('offline', 'The answer was lost.');
        }
      };
    }
  }

  calm(): void {
    for (const side of SIDES) {
      this.engine[side].before = null;
      this.engine[side].after = null;
    }
  }

  /** Content that is somewhere: here, in the cloud, or a version there. */
  has(text: string): boolean {
    return this.kept.has(text) || Object.values(this.engine.local.texts()).includes(text);
  }

  #edit({ side, which }: Edit): void {
    const replica = this.engine[side];
    const files = Object.entries(replica.texts());
    const file = files[which % Math.max(1, files.length)];
    if (file) {
      [, this.typedOver] = file;
      replica.write(file[0], EDIT);
    }
  }
}

function fill(replica: MemoryReplica, tree: Texts): void {
  for (const [path, text] of tree) {
    if (text === null) {
      replica.mkdir(path);
    } else {
      replica.write(path, text);
    }
  }
}

/** Texts that the local side has made; what was moved was agreed on, so the cloud has it as a version. */
function ownTexts({ base, local }: Trees): string[] {
  const moved = new Set([...base].flatMap(([path, text]) => (local.has(path) ? [] : [text])));
  return [...local].flatMap(([path, text]) =>
    text !== null && base.get(path) !== text && !moved.has(text) ? [text] : []
  );
}

function holds(check: (given: Trees, happening: readonly Event[], edit: Edit | null) => unknown) {
  return fc.assert(
    fc.asyncProperty(trees, events, edits, async (given, happening, edit) => {
      await check(given, happening, edit);
    }),
    { numRuns: RUNS }
  );
}

describe('runs in which requests fail and people edit', () => {
  it('should lose no content', async () => {
    await holds(async (given, happening, edit) => {
      const project = new Project(given);
      project.disturb(happening, edit);
      for (let run = 1; run <= 4; run += 1) {
        await project.engine.sync();
        project.calm();
        for (const text of ownTexts(given)) {
          // What a person types over is gone by their own hand.
          expect(project.has(text) || text === project.typedOver).toBe(true);
        }
        expect(project.has(EDIT)).toBe(project.typedOver !== null);
      }
    });
  });

  it('should agree on nothing that a side does not hold', async () => {
    await holds(async (given, happening, edit) => {
      const project = new Project(given);
      project.disturb(happening, edit);
      await project.engine.sync();
      const { base } = project.engine.journal.memory;
      for (const [path, node] of base) {
        const before = given.base.get(path);
        const isNew = before === undefined || nodeOfText(before).sha256 !== node.sha256;
        for (const side of SIDES) {
          const now = project.engine[side].entry(path);
          if (isNew && now?.sha256 !== hashOfText(EDIT)) {
            expect([path, side, now?.kind, now?.sha256]).toEqual([
              path,
              side,
              node.kind,
              node.sha256
            ]);
          }
        }
      }
    });
  });

  it('should converge once it is quiet, in at most three runs, and then do, read and save nothing', async () => {
    let converged = 0;
    await holds(async (given, happening, edit) => {
      const project = new Project(given);
      const { engine } = project;
      project.disturb(happening, edit);
      await engine.sync();
      project.calm();
      for (let run = 1; run <= 3; run += 1) {
        const { state } = await engine.sync();
        if (state === 'stopped') {
          return;
        }
      }
      engine.texts();
      const { base } = engine.journal.memory;
      const held = [...Object.keys(engine.local.texts()), ...engine.local.directories()];
      expect([...base.keys()].sort()).toEqual(held.sort());
      const counts = () => [engine.local, engine.cloud].map(({ counts }) => ({ ...counts }));
      const before = counts();
      const { commits } = engine.journal;
      const last = await engine.sync();
      expect(last).toMatchObject({ actions: [], problems: [] });
      expect(counts().map(({ reads, hashed, applies }) => [reads, hashed, applies])).toEqual(
        before.map(({ reads, hashed, applies }) => [reads, hashed, applies])
      );
      expect(engine.journal.commits).toBe(commits);
      converged += 1;
    });
    expect(converged).toBeGreaterThan(RUNS / 3);
  });
});
