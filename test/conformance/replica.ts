import { createHash } from 'node:crypto';

import { hashOf, sizeOf, sliceOf } from '../../src/sync/content';
import type { Content } from '../../src/sync/content';
import type { Entry } from '../../src/sync/entry';
import type {
  Known,
  Operation,
  Outcome,
  ReadResult,
  Replica,
  Scan,
  ScanOptions
} from '../../src/sync/replica';

/** A replica and a way to its tree that does not go through it. Paths are relative to the project's root. */
export interface ReplicaUnderTest {
  readonly replica: Replica;
  readonly outside: {
    write(path: string, content: string | Uint8Array): Promise<void> | void;
    /** Removes a file, or a directory with all it holds. */
    remove(path: string): Promise<void> | void;
    mkdir(path: string): Promise<void> | void;
    /** As a person protects a file or folder from being written; where the trait `protects` says so. */
    protect?(path: string): Promise<void> | void;
    files(): Promise<Map<string, Uint8Array>> | Map<string, Uint8Array>;
    /** Makes the root itself missing. */
    removeRoot(): Promise<void> | void;
    /**
     * Makes the replica sure of what it has seen: a time stamp as young as the look at it vouches for nothing.
     * Called after writes, before the scan that takes them in.
     */
    settle?(): Promise<void> | void;
  };
  /** How many files' contents scans have read or had hashed so far; where it can be counted. */
  readonly hashed?: () => number;
  dispose(): Promise<void> | void;
}

export interface ReplicaTraits {
  /** Names that this side holds, beside those that every side must. */
  readonly names?: readonly string[];
  /** A path that this side refuses, if there is one that is valid elsewhere. */
  readonly refused?: string;
  /** Whether files can be protected from being written. */
  readonly protects?: boolean;
}

const NAMES = [
  'with space.txt',
  '100% #1?.txt',
  'a&b+c=d;e,f.txt',
  `quotes ' and ".txt`,
  'emoji 🦉.txt',
  '漢字かな.txt',
  'trailing dot.',
  'no-extension',
  '~tilde [brackets] {braces}.txt',
  'percent%20encoded.txt',
  'é composed and é decomposed.txt',
  'broken.ipynb'
];

const NOTHING: Known = { entries: new Map(), cursor: null };

/**
 * What every Replica must do, whatever lies behind it. `make` gives a new one over an empty root each time.
 */
export function describeReplica(
  name: string,
  make: () => Promise<ReplicaUnderTest> | ReplicaUnderTest,
  traits: ReplicaTraits = {}
): void {
  describe(`${name} as a Replica`, () => {
    let made: ReplicaUnderTest;
    let replica: Replica;
    let outside: ReplicaUnderTest['outside'];

    beforeEach(async () => {
      made = await make();
      ({ replica, outside } = made);
    });

    afterEach(async () => {
      await made.dispose();
    });

    const scan = (known: Known = NOTHING, options: Partial<ScanOptions> = {}): Promise<Scan> =>
      replica.scan(known, {
        signal: new AbortController().signal,
        ignores: () => false,
        ...options
      });
    const apply = (...operations: Operation[]): Promise<Outcome[]> =>
      replica.apply(operations, { signal: new AbortController().signal });
    const read = (path: string, entry: Entry): Promise<ReadResult[]> =>
      replica.read([{ path, entry }], { signal: new AbortController().signal });
    const entryAt = async (path: string): Promise<Entry> => {
      const entry = (await scan()).entries.get(path);
      if (!entry) {
        throw new Error(`the scan does not show ${path}`);
      }
      return entry;
    };
    const contentAt = async (path: string): Promise<Uint8Array | undefined> =>
      (await outside.files()).get(path);
    const textAt = async (path: string): Promise<string | null> => {
      const bytes = await contentAt(path);
      return bytes ? new TextDecoder().decode(bytes) : null;
    };

    describe('#scan()', () => {
      it('should find an empty root present', async () => {
        const result = await scan();
        expect(result.root).toBe('present');
        expect([...result.entries]).toEqual([]);
        expect(result.unknown).toEqual([]);
        expect(result.problems).toEqual([]);
      });

      it('should list files and directories with kind, size and hash', async () => {
        await outside.write('top.txt', 'top');
        await outside.write('a/b/deep.txt', 'deep');
        await outside.write('a/empty.txt', '');
        await outside.mkdir('hollow/inner');
        const result = await scan();
        expect(shape(result)).toEqual({
          a: 'directory',
          'a/b': 'directory',
          'a/b/deep.txt': `4 ${sha('deep')}`,
          'a/empty.txt': `0 ${sha('')}`,
          hollow: 'directory',
          'hollow/inner': 'directory',
          'top.txt': `3 ${sha('top')}`
        });
        expect(result.unknown).toEqual([]);
      });

      it('should keep the very entries of files that did not change, and read none', async () => {
        await outside.write('a/one.txt', 'one');
        await outside.write('two.txt', 'two');
        await outside.settle?.();
        const first = await scan();
        const hashed = made.hashed?.();
        const second = await scan(first);
        for (const path of ['a/one.txt', 'two.txt']) {
          expect(second.entries.get(path)).toBe(first.entries.get(path));
        }
        expect(made.hashed?.()).toBe(hashed);
        expect(shape(second)).toEqual(shape(first));
      });

      it('should see an edit, a creation and a removal since the known state', async () => {
        await outside.write('edited.txt', 'old');
        await outside.write('removed.txt', 'gone soon');
        await outside.write('kept.txt', 'kept');
        const first = await scan();
        await outside.write('edited.txt', 'new');
        await outside.write('created.txt', 'created');
        await outside.remove('removed.txt');
        const second = await scan(first);
        expect(shape(second)).toEqual({
          'created.txt': `7 ${sha('created')}`,
          'edited.txt': `3 ${sha('new')}`,
          'kept.txt': `4 ${sha('kept')}`
        });
        expect(second.entries.get('edited.txt')?.version).not.toBe(
          first.entries.get('edited.txt')?.version
        );
      });

      it('should see that a file became a directory, and a directory a file', async () => {
        await outside.write('x', 'file');
        await outside.write('y/inside.txt', 'inside');
        const first = await scan();
        await outside.remove('x');
        await outside.remove('y');
        await outside.write('x/inside.txt', 'inside');
        await outside.write('y', 'file');
        expect(shape(await scan(first))).toEqual({
          x: 'directory',
          'x/inside.txt': `6 ${sha('inside')}`,
          y: `4 ${sha('file')}`
        });
      });

      it('should hash everything again when asked to verify', async () => {
        await outside.write('a.txt', 'a');
        await outside.settle?.();
        const first = await scan();
        const wrong = new Map(first.entries);
        const known = wrong.get('a.txt');
        wrong.set('a.txt', { ...known!, sha256: sha('something else') });
        const verified = await scan({ ...first, entries: wrong }, { verify: true });
        expect(shape(verified)).toEqual({ 'a.txt': `1 ${sha('a')}` });
      });

      it('should neither list nor descend into what is ignored', async () => {
        await outside.write('kept/file.txt', 'kept');
        await outside.write('kept/noise.log', 'noise');
        await outside.write('skipped/deep/file.txt', 'skipped');
        const asked: string[] = [];
        const result = await scan(NOTHING, {
          ignores: (path, kind) => {
            asked.push(path);
            return (kind === 'directory' && path === 'skipped') || path.endsWith('.log');
          }
        });
        expect(shape(result)).toEqual({ kept: 'directory', 'kept/file.txt': `4 ${sha('kept')}` });
        expect(asked.filter(path => path.startsWith('skipped/'))).toEqual([]);
      });

      it('should tell that the root is missing', async () => {
        await outside.write('a.txt', 'a');
        await outside.removeRoot();
        const result = await scan();
        expect(result.root).toBe('missing');
        expect(result.entries.size).toBe(0);
      });

      it('should stop with the reason of an aborted signal', async () => {
        const reason = new Error('enough');
        await expect(scan(NOTHING, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      });
    });

    describe('#read()', () => {
      it('should give the bytes with their hash, in order', async () => {
        const binary = noise(300_000);
        await outside.write('a.bin', binary);
        await outside.write('b.txt', 'bee');
        await outside.write('empty', '');
        const { entries } = await scan();
        const wanted = ['b.txt', 'empty', 'a.bin'].map(path => ({
          path,
          entry: entries.get(path)!
        }));
        let moved = 0;
        const results = await replica.read(wanted, {
          signal: new AbortController().signal,
          onBytes: bytes => {
            moved += bytes;
          }
        });
        const contents: string[] = [];
        for (const result of results) {
          if (result.status !== 'read') {
            throw new Error(`a read gave ${result.status}`);
          }
          expect(await hashOf(result.content)).toBe(result.entry.sha256);
          expect(sizeOf(result.content)).toBe(result.entry.size);
          contents.push(result.entry.sha256 ?? '');
        }
        expect(contents).toEqual([sha('bee'), sha(''), sha(binary)]);
        expect(moved).toBe(300_003);
      });

      it('should say "changed" for a file that is gone', async () => {
        await outside.write('a.txt', 'a');
        const entry = await entryAt('a.txt');
        await outside.remove('a.txt');
        expect(await read('a.txt', entry)).toEqual([{ status: 'changed' }]);
      });

      it('should say "changed" for a file that was replaced', async () => {
        await outside.write('a.txt', 'one');
        await outside.write('b.txt', 'fine');
        const { entries } = await scan();
        await outside.write('a.txt', 'two');
        const results = await replica.read(
          ['a.txt', 'b.txt'].map(path => ({ path, entry: entries.get(path)! })),
          { signal: new AbortController().signal }
        );
        expect(results.map(result => result.status)).toEqual(['changed', 'read']);
      });

      it('should say "changed" where a directory took the place', async () => {
        await outside.write('a', 'file');
        const entry = await entryAt('a');
        await outside.remove('a');
        await outside.mkdir('a');
        expect(await read('a', entry)).toEqual([{ status: 'changed' }]);
      });

      it('should stop with the reason of an aborted signal', async () => {
        await outside.write('a.txt', 'a');
        const entry = await entryAt('a.txt');
        const reason = new Error('enough');
        await expect(
          replica.read([{ path: 'a.txt', entry }], { signal: AbortSignal.abort(reason) })
        ).rejects.toBe(reason);
      });
    });

    describe('#apply() of a put', () => {
      it('should create a file where nothing is, and tell what it made', async () => {
        const [outcome] = await apply(await put('new.txt', 'new', null));
        expect(await textAt('new.txt')).toBe('new');
        const entry = appliedEntry(outcome);
        expect(entry).toMatchObject({ kind: 'file', size: 3, sha256: sha('new') });
        expect((await entryAt('new.txt')).version).toBe(entry.version);
      });

      it('should make missing parents', async () => {
        const [outcome] = await apply(await put('p/q/new.txt', 'new', null));
        expect(outcome?.status).toBe('applied');
        expect(await textAt('p/q/new.txt')).toBe('new');
      });

      it('should refuse to create over other content', async () => {
        await outside.write('a.txt', 'theirs');
        expect(await apply(await put('a.txt', 'mine', null))).toEqual([{ status: 'changed' }]);
        expect(await textAt('a.txt')).toBe('theirs');
      });

      it('should refuse to create over a directory', async () => {
        await outside.write('a/inside.txt', 'inside');
        const [outcome] = await apply(await put('a', 'mine', null));
        expect(outcome?.status).toBe('changed');
        expect(await textAt('a/inside.txt')).toBe('inside');
      });

      it('should overwrite what is still as expected', async () => {
        await outside.write('a.txt', 'old');
        const [outcome] = await apply(await put('a.txt', 'newer', await entryAt('a.txt')));
        expect(appliedEntry(outcome)).toMatchObject({ size: 5, sha256: sha('newer') });
        expect(await textAt('a.txt')).toBe('newer');
      });

      it('should refuse to overwrite what was edited since, even to the same size', async () => {
        await outside.write('a.txt', 'old');
        const expected = await entryAt('a.txt');
        await outside.write('a.txt', 'EDT');
        expect(await apply(await put('a.txt', 'new', expected))).toEqual([{ status: 'changed' }]);
        expect(await textAt('a.txt')).toBe('EDT');
      });

      it('should refuse to overwrite what is gone', async () => {
        await outside.write('a.txt', 'old');
        const expected = await entryAt('a.txt');
        await outside.remove('a.txt');
        expect(await apply(await put('a.txt', 'new', expected))).toEqual([{ status: 'changed' }]);
        expect(await contentAt('a.txt')).toBeUndefined();
      });

      it('should leave content that is there already as it is', async () => {
        await outside.write('a.txt', 'same');
        const [outcome] = await apply(await put('a.txt', 'same', null));
        expect(['applied', 'changed']).toContain(outcome?.status);
        expect(await textAt('a.txt')).toBe('same');
      });

      it('should fail below a file', async () => {
        await outside.write('a', 'file');
        const [outcome] = await apply(await put('a/b.txt', 'b', null));
        expect(['failed', 'changed']).toContain(outcome?.status);
        expect(await textAt('a')).toBe('file');
      });

      it('should hold an empty file, and one made empty', async () => {
        await outside.write('full.txt', 'full');
        const outcomes = await apply(
          await put('empty.txt', '', null),
          await put('full.txt', '', await entryAt('full.txt'))
        );
        expect(outcomes.map(outcome => appliedEntry(outcome).size)).toEqual([0, 0]);
        expect((await contentAt('empty.txt'))?.byteLength).toBe(0);
        expect((await contentAt('full.txt'))?.byteLength).toBe(0);
      });

      it('should carry 5 MB of binary both ways unchanged', async () => {
        const bytes = noise(5_000_000);
        const [outcome] = await apply(await put('big.bin', bytes, null));
        const entry = appliedEntry(outcome);
        expect(sha((await contentAt('big.bin')) ?? '')).toBe(sha(bytes));
        const [result] = await read('big.bin', entry);
        if (result?.status !== 'read') {
          throw new Error(`the read gave ${result?.status}`);
        }
        expect(sha(await sliceOf(result.content))).toBe(sha(bytes));
      });

      it('should take a Blob', async () => {
        const content = new Blob(['in ', 'pieces']);
        const [outcome] = await apply(await put('blob.txt', content, null));
        expect(appliedEntry(outcome).sha256).toBe(sha('in pieces'));
        expect(await textAt('blob.txt')).toBe('in pieces');
      });

      it('should keep every byte of names and of notebooks', async () => {
        const names = [...NAMES, ...(traits.names ?? [])];
        const puts: Operation[] = [];
        for (const each of names) {
          puts.push(await put(`dir of ${each}/${each}`, `{"in": ${each}`, null));
        }
        const outcomes = await apply(...puts);
        expect(outcomes.map(outcome => outcome.status)).toEqual(names.map(() => 'applied'));
        const { entries } = await scan();
        for (const each of names) {
          const path = `dir of ${each}/${each}`;
          expect(await textAt(path)).toBe(`{"in": ${each}`);
          const entry = entries.get(path);
          expect(entry?.sha256).toBe(sha(`{"in": ${each}`));
          expect((await read(path, entry!))[0]?.status).toBe('read');
        }
      });
    });

    describe('#apply() of a deletion', () => {
      it('should remove a file', async () => {
        await outside.write('a.txt', 'a');
        const outcomes = await apply({
          op: 'delete',
          path: 'a.txt',
          expect: await entryAt('a.txt')
        });
        expect(outcomes).toEqual([{ status: 'applied', entry: null }]);
        expect(await contentAt('a.txt')).toBeUndefined();
      });

      it('should refuse when the file was edited since', async () => {
        await outside.write('a.txt', 'old');
        const expected = await entryAt('a.txt');
        await outside.write('a.txt', 'EDT');
        expect(await apply({ op: 'delete', path: 'a.txt', expect: expected })).toEqual([
          { status: 'changed' }
        ]);
        expect(await textAt('a.txt')).toBe('EDT');
      });

      it('should be content when the file is gone already', async () => {
        await outside.write('a.txt', 'a');
        const expected = await entryAt('a.txt');
        await outside.remove('a.txt');
        expect(await apply({ op: 'delete', path: 'a.txt', expect: expected })).toEqual([
          { status: 'applied', entry: null }
        ]);
      });

      it('should remove an empty directory', async () => {
        await outside.mkdir('d');
        const [outcome] = await apply({ op: 'delete', path: 'd', expect: await entryAt('d') });
        expect(outcome).toEqual({ status: 'applied', entry: null });
        expect(shape(await scan())).toEqual({});
      });

      it('should leave a directory that holds something', async () => {
        await outside.write('d/a.txt', 'a');
        const [outcome] = await apply({ op: 'delete', path: 'd', expect: await entryAt('d') });
        expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'not-empty' } });
        expect(await textAt('d/a.txt')).toBe('a');
      });

      it('should refuse when a directory took the place of the file', async () => {
        await outside.write('a', 'file');
        const expected = await entryAt('a');
        await outside.remove('a');
        await outside.mkdir('a');
        const [outcome] = await apply({ op: 'delete', path: 'a', expect: expected });
        expect(outcome).toEqual({ status: 'changed' });
        expect(shape(await scan())).toEqual({ a: 'directory' });
      });
    });

    describe('#apply() of a move', () => {
      it('should move a file into another directory', async () => {
        await outside.write('a.txt', 'moving');
        await outside.mkdir('d');
        const [outcome] = await apply({
          op: 'move',
          from: 'a.txt',
          path: 'd/b.txt',
          expect: await entryAt('a.txt')
        });
        const entry = appliedEntry(outcome);
        expect(entry).toMatchObject({ kind: 'file', size: 6, sha256: sha('moving') });
        expect((await entryAt('d/b.txt')).version).toBe(entry.version);
        expect(await contentAt('a.txt')).toBeUndefined();
      });

      it('should move a directory with all it holds', async () => {
        await outside.write('d/a.txt', 'a');
        await outside.write('d/e/b.txt', 'b');
        const [outcome] = await apply({
          op: 'move',
          from: 'd',
          path: 'f',
          expect: await entryAt('d')
        });
        expect(appliedEntry(outcome).kind).toBe('directory');
        expect(Object.keys(shape(await scan()))).toEqual(['f', 'f/a.txt', 'f/e', 'f/e/b.txt']);
      });

      it('should make the parents of the new name', async () => {
        await outside.write('a.txt', 'a');
        const [outcome] = await apply({
          op: 'move',
          from: 'a.txt',
          path: 'new/deep/a.txt',
          expect: await entryAt('a.txt')
        });
        expect(outcome?.status).toBe('applied');
        expect(await textAt('new/deep/a.txt')).toBe('a');
      });

      it('should refuse a taken name, and touch neither file', async () => {
        await outside.write('a.txt', 'a');
        await outside.write('b.txt', 'b');
        const [outcome] = await apply({
          op: 'move',
          from: 'a.txt',
          path: 'b.txt',
          expect: await entryAt('a.txt')
        });
        expect(outcome).toEqual({ status: 'changed' });
        expect([await textAt('a.txt'), await textAt('b.txt')]).toEqual(['a', 'b']);
      });

      it('should refuse when the file was edited since', async () => {
        await outside.write('a.txt', 'old');
        const expected = await entryAt('a.txt');
        await outside.write('a.txt', 'EDT');
        const [outcome] = await apply({
          op: 'move',
          from: 'a.txt',
          path: 'b.txt',
          expect: expected
        });
        expect(outcome).toEqual({ status: 'changed' });
        expect(await textAt('a.txt')).toBe('EDT');
      });

      it('should refuse when what was to be moved is gone', async () => {
        await outside.write('a.txt', 'a');
        const expected = await entryAt('a.txt');
        await outside.remove('a.txt');
        const [outcome] = await apply({
          op: 'move',
          from: 'a.txt',
          path: 'b.txt',
          expect: expected
        });
        expect(outcome).toEqual({ status: 'changed' });
      });
    });

    describe('#apply() of a mkdir', () => {
      it('should make a directory and its parents', async () => {
        const [outcome] = await apply({ op: 'mkdir', path: 'a/b/c' });
        expect(appliedEntry(outcome)).toMatchObject({ kind: 'directory', size: 0, sha256: null });
        expect(shape(await scan())).toEqual({
          a: 'directory',
          'a/b': 'directory',
          'a/b/c': 'directory'
        });
      });

      it('should be content with a directory that is there', async () => {
        await outside.write('a/inside.txt', 'inside');
        const [outcome] = await apply({ op: 'mkdir', path: 'a' });
        expect(appliedEntry(outcome).kind).toBe('directory');
        expect(await textAt('a/inside.txt')).toBe('inside');
      });

      it('should fail over a file, and leave it', async () => {
        await outside.write('a', 'file');
        const outcomes = await apply({ op: 'mkdir', path: 'a' });
        expect(outcomes.map(outcome => outcome.status)).toEqual(['failed']);
        const below = await apply({ op: 'mkdir', path: 'a/b' });
        expect(below.map(outcome => outcome.status)).toEqual(['failed']);
        expect(await textAt('a')).toBe('file');
      });
    });

    describe('#apply()', () => {
      it('should tell the outcomes in order, and let no path spoil another', async () => {
        await outside.write('edited.txt', 'old');
        await outside.write('full/a.txt', 'a');
        const { entries } = await scan();
        await outside.write('edited.txt', 'EDT');
        const outcomes = await apply(
          await put('one.txt', '1', null),
          { op: 'delete', path: 'full', expect: entries.get('full')! },
          await put('edited.txt', 'mine', entries.get('edited.txt')!),
          { op: 'mkdir', path: 'made' },
          await put('../outside.txt', 'never', null),
          await put('two.txt', '2', null)
        );
        expect(outcomes.map(outcome => outcome.status)).toEqual([
          'applied',
          'failed',
          'changed',
          'applied',
          'failed',
          'applied'
        ]);
        expect(await textAt('two.txt')).toBe('2');
      });

      it('should make many files at once', async () => {
        const puts: Operation[] = [];
        for (let index = 0; index < 40; index += 1) {
          puts.push(await put(`dir ${index % 4}/file ${index}.txt`, `content ${index}`, null));
        }
        const outcomes = await apply(...puts);
        expect(outcomes.map(outcome => appliedEntry(outcome).sha256)).toEqual(
          puts.map((_, index) => sha(`content ${index}`))
        );
        expect((await outside.files()).size).toBe(40);
      });

      it('should stop with the reason of an aborted signal, and write nothing', async () => {
        const reason = new Error('enough');
        await expect(
          replica.apply([await put('a.txt', 'a', null)], { signal: AbortSignal.abort(reason) })
        ).rejects.toBe(reason);
        expect((await outside.files()).size).toBe(0);
      });
    });

    if (traits.protects) {
      describe('#apply() to what is protected', () => {
        it('should neither overwrite nor delete it, and say why', async () => {
          const paths = ['put.txt', 'gone.txt', 'd'];
          await outside.write('put.txt', 'kept');
          await outside.write('gone.txt', 'kept too');
          await outside.mkdir('d');
          const [first, second, directory] = await Promise.all(paths.map(entryAt));
          for (const path of paths) {
            await outside.protect?.(path);
          }
          const outcomes = await apply(
            await put('put.txt', 'new', first!),
            { op: 'delete', path: 'gone.txt', expect: second! },
            { op: 'delete', path: 'd', expect: directory! }
          );
          const problems = outcomes.map(outcome =>
            outcome.status === 'failed' ? outcome.problem : null
          );
          expect(problems.map(problem => [problem?.path, problem?.code])).toEqual(
            paths.map(path => [path, 'forbidden'])
          );
          expect(await textAt('put.txt')).toBe('kept');
          expect(await textAt('gone.txt')).toBe('kept too');
          expect(shape(await scan())).toHaveProperty('d');
          expect((await outside.files()).size).toBe(2);
        });

        it('should move it', async () => {
          await outside.write('a.txt', 'a');
          const expected = await entryAt('a.txt');
          await outside.protect?.('a.txt');
          const [outcome] = await apply({
            op: 'move',
            from: 'a.txt',
            path: 'b.txt',
            expect: expected
          });
          expect(outcome?.status).toBe('applied');
          expect(await textAt('b.txt')).toBe('a');
        });
      });
    }

    describe('#refuses()', () => {
      it('should take every ordinary name', () => {
        for (const each of [...NAMES, ...(traits.names ?? [])]) {
          expect(replica.refuses(`dir/${each}`, 'file')).toBeNull();
        }
      });

      it('should refuse what lies outside the root or is no name', () => {
        const long = 'x'.repeat(256);
        for (const each of ['', '../a', '/a', 'a/../../b', 'a//b', './a', 'tab\there', long]) {
          expect(replica.refuses(each, 'file')?.code).toBe('invalid-name');
        }
      });

      it('should refuse to apply what it refuses to hold', async () => {
        const paths = ['../a.txt', ...(traits.refused === undefined ? [] : [traits.refused])];
        for (const each of paths) {
          const [outcome] = await apply(await put(each, 'never', null));
          expect(outcome).toMatchObject({ status: 'failed', problem: { path: each } });
        }
        expect((await outside.files()).size).toBe(0);
      });
    });
  });
}

/** A put of the content with its true hash. */
async function put(
  path: string,
  content: string | Content,
  expected: Entry | null
): Promise<Operation> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { op: 'put', path, content: bytes, sha256: await hashOf(bytes), expect: expected };
}

function appliedEntry(outcome: Outcome | undefined): Entry {
  if (outcome?.status !== 'applied' || !outcome.entry) {
    throw new Error(`not applied: ${JSON.stringify(outcome)}`);
  }
  return outcome.entry;
}

/** The tree as a value to compare, sorted by path. */
function shape({ entries }: Scan): Record<string, string> {
  return Object.fromEntries(
    [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { kind, size, sha256 }]) => [path, kind === 'file' ? `${size} ${sha256}` : kind])
  );
}

function sha(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Bytes that look random and are the same each time. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = 0x2545f491;
  for (let index = 0; index < size; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return bytes;
}
