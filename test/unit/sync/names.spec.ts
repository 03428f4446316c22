import { jest } from '@jest/globals';

import { ReplicaError } from '../../../src/sync/problem';
import type { SyncReport } from '../../../src/sync/report';
import { Engine } from '../../support/engine';
import { MemoryJournal } from '../../support/memory-journal';
import { MemoryReplica } from '../../support/memory-replica';

const APFS = { case: true, unicode: true };
const HFS = { case: true, unicode: true, decomposes: true };
const NFC = '\u00e9.txt';
const NFD = 'e\u0301.txt';

let engine: Engine;

function on(disk?: MemoryReplica.Disk): void {
  engine = new Engine(new MemoryReplica({ side: 'local', ...(disk && { disk }) }));
}

const clashes = (report: SyncReport) =>
  report.problems.map(({ path, code }) => `${path}: ${code}`).sort();

/** It says the same again, and does nothing. */
async function rests(state: SyncReport['state'], problems: string[] = []): Promise<void> {
  for (let times = 0; times < 2; times++) {
    const report = await engine.sync();
    expect(report.actions).toEqual([]);
    expect(clashes(report)).toEqual(problems);
    expect(report.state).toBe(state);
  }
}

describe('names on a disk that holds them apart', () => {
  beforeEach(() => on());

  it('should all be held, in one run', async () => {
    engine.cloud.write('a.txt', '1');
    engine.cloud.write('A.txt', '2');
    engine.cloud.write('A.TXT', '3');
    engine.cloud.write(`d/${NFC}`, '4');
    engine.cloud.write(`d/${NFD}`, '5');
    engine.cloud.write('D/x', '6');
    engine.local.write('a.TXT', '7');
    expect(await engine.sync()).toMatchObject({ state: 'synced', problems: [] });
    expect(Object.keys(engine.texts())).toHaveLength(7);
    await rests('synced');
  });

  it('should be renamed in case alone, either way', async () => {
    engine.local.write('a.txt', '1');
    engine.local.write('b.txt', '2');
    await engine.sync();
    engine.local.rename('a.txt', 'A.txt');
    engine.cloud.rename('b.txt', 'B.txt');
    const { actions } = await engine.sync();
    expect(actions.map(({ kind }) => kind)).toEqual(['move', 'move']);
    expect(engine.texts()).toEqual({ 'A.txt': '1', 'B.txt': '2' });
  });

  it('should hold what Windows does not', async () => {
    engine.local.write('d/x', '0');
    for (const path of ['C:x', 'a\\b', 'dot.', 'CON']) {
      engine.cloud.write(path, path);
    }
    expect(await engine.sync()).toMatchObject({ state: 'synced' });
    expect(Object.keys(engine.texts())).toHaveLength(5);
  });
});

describe('names on a disk that takes some for one', () => {
  beforeEach(() => on(APFS));

  it('should not be waited for by a conflict copy that is there in another spelling', async () => {
    engine.local.write(NFD, 'here');
    engine.cloud.write(NFD, 'there');
    const { conflicts } = await engine.sync();
    const copy = conflicts[0]?.copy ?? '';
    expect(engine.texts()).toEqual({ [NFD]: 'there', [copy]: 'here' });
    // Another device gave the file the other spelling, and this one lost track of it all.
    engine.local.write(NFD, 'here');
    engine.cloud.rename(NFD, NFC);
    engine.journal = new MemoryJournal();
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'conflicts', problems: [] });
    expect(Object.values(engine.local.texts()).sort()).toEqual(['here', 'there']);
    await rests('conflicts');
  });

  it('should not make an original wait whose copy is there, and got a name in the cloud that can not be held', async () => {
    engine.local.write('d/x', '1');
    engine.local.write('a.txt', 'here');
    engine.cloud.write('a.txt', 'there');
    const { conflicts } = await engine.sync();
    const copy = conflicts[0]?.copy ?? '';
    engine.local.write('a.txt', 'here');
    engine.cloud.write('a.txt', 'there, later');
    engine.cloud.rename(copy, 'D');
    expect(clashes(await engine.sync())).toEqual(['D: name-clash']);
    expect(engine.local.texts()).toEqual({ 'd/x': '1', 'a.txt': 'there, later', [copy]: 'here' });
    expect(engine.cloud.texts()).toEqual({ 'd/x': '1', 'a.txt': 'there, later', D: 'here' });
    await rests('partial', ['D: name-clash']);
    engine.cloud.rename('D', 'free');
    await engine.sync();
    expect(engine.texts()).toEqual({ 'd/x': '1', 'a.txt': 'there, later', free: 'here' });
  });

  it('should be completed where a write that was cut short met another name', async () => {
    engine.cloud.write('a.txt', 'the new content');
    engine.local.before = call => {
      if (call.call === 'apply' && call.operation.op === 'put') {
        // A person wrote A.txt, and the server opened that for a.txt; then it was killed.
        engine.local.write('A.txt', 'the n');
        throw new ReplicaError('offline', 'away');
      }
    };
    await engine.sync();
    engine.local.before = null;
    await engine.sync();
    await engine.sync();
    const contents = [engine.local, engine.cloud].flatMap(side => Object.values(side.texts()));
    expect(new Set(contents)).toEqual(new Set(['the new content']));
  });

  it('should rest where both sides have the new form, and the move was not remembered', async () => {
    engine.local.write(NFC, '1');
    await engine.sync();
    engine.cloud.rename(NFC, NFD);
    engine.local.rename(NFC, NFD);
    expect(await engine.sync()).toMatchObject({ state: 'synced', actions: [] });
    expect(engine.texts()).toEqual({ [NFD]: '1' });
    await rests('synced');
  });

  it('should be held by the one that is there, and the other be listed', async () => {
    engine.local.write('a.txt', 'here');
    await engine.sync();
    engine.cloud.write('A.txt', 'there');
    engine.cloud.write('other.txt', 'goes on');
    const report = await engine.sync();
    expect(clashes(report)).toEqual(['A.txt: name-clash']);
    expect(report.problems[0]?.message).toContain('Rename one of them');
    expect(engine.local.texts()).toEqual({ 'a.txt': 'here', 'other.txt': 'goes on' });
    expect(engine.cloud.texts()).toMatchObject({ 'a.txt': 'here', 'A.txt': 'there' });
    expect(engine.journal.memory.base.has('A.txt')).toBe(false);
    await rests('partial', ['A.txt: name-clash']);
    engine.local.write('a.txt', 'edited');
    engine.cloud.rename('A.txt', 'free.txt');
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.texts()).toEqual({
      'a.txt': 'edited',
      'free.txt': 'there',
      'other.txt': 'goes on'
    });
  });

  it('should be held by the first of those that are new, one of each', async () => {
    engine.cloud.write('a.txt', '1');
    engine.cloud.write('A.txt', '2');
    engine.cloud.write(NFC, '3');
    engine.cloud.write(NFD, '4');
    const report = await engine.sync();
    expect(clashes(report)).toEqual(['a.txt: name-clash', `${NFC}: name-clash`]);
    expect(engine.local.texts()).toEqual({ 'A.txt': '2', [NFD]: '4' });
    await rests('partial', ['a.txt: name-clash', `${NFC}: name-clash`]);
    expect(Object.keys(engine.cloud.texts())).toHaveLength(4);
  });

  it('should send what is here beside what is there under the other name', async () => {
    engine.local.write('A.txt', 'here');
    engine.cloud.write('a.txt', 'there');
    const report = await engine.sync();
    expect(clashes(report)).toEqual(['a.txt: name-clash']);
    expect(engine.local.texts()).toEqual({ 'A.txt': 'here' });
    expect(engine.cloud.texts()).toEqual({ 'A.txt': 'here', 'a.txt': 'there' });
  });

  it('should list a folder once, with all that is in it', async () => {
    engine.local.write('Data/x', '1');
    await engine.sync();
    engine.cloud.write('data/x', '2');
    engine.cloud.write('data/sub/y', '3');
    expect(clashes(await engine.sync())).toEqual(['data: name-clash']);
    expect(engine.local.texts()).toEqual({ 'Data/x': '1' });
    await rests('partial', ['data: name-clash']);
    expect(engine.cloud.texts()).toMatchObject({ 'data/x': '2', 'data/sub/y': '3' });
  });

  it('should keep what is moved onto a name that is not free where it is', async () => {
    engine.local.write('a.txt', '1');
    engine.local.write('x.txt', '2');
    await engine.sync();
    engine.cloud.rename('x.txt', 'A.txt');
    expect(clashes(await engine.sync())).toEqual(['A.txt: name-clash']);
    expect(engine.local.texts()).toEqual({ 'a.txt': '1', 'x.txt': '2' });
    await rests('partial', ['A.txt: name-clash']);
    expect(engine.cloud.texts()).toEqual({ 'a.txt': '1', 'A.txt': '2' });
  });

  it('should take no name for gone that was agreed on where both could be held', async () => {
    on();
    engine.cloud.write('a.txt', '1');
    engine.cloud.write('A.txt', '2');
    await engine.sync();
    const { journal, cloud } = engine;
    engine = new Engine(new MemoryReplica({ side: 'local', disk: APFS }), cloud);
    engine.journal = journal;
    engine.local.write('a.txt', '1');
    expect(clashes(await engine.sync())).toEqual(['A.txt: name-clash']);
    expect(engine.cloud.texts()).toEqual({ 'a.txt': '1', 'A.txt': '2' });
    await rests('partial', ['A.txt: name-clash']);
  });

  it.each([
    ['here', 'local', 'cloud'],
    ['in the cloud', 'cloud', 'local']
  ] as const)('should be renamed in case alone: %s', async (_, side, other) => {
    engine.local.write('a.txt', '1');
    engine.local.write('twin.txt', '1');
    engine.local.write('Data/one', '2');
    engine.local.write('Data/two', '3');
    engine.local.mkdir('Empty');
    await engine.sync();
    engine[side].rename('a.txt', 'A.txt');
    engine[side].rename('Data', 'data');
    engine[side].rename('Empty', 'EMPTY');
    engine[side].write('data/two', 'edited');
    engine[other].write('Data/new', '4');
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'synced', problems: [] });
    expect(report.actions.filter(({ kind }) => kind === 'delete')).toEqual([]);
    expect(report.actions.filter(({ kind }) => kind === 'move')).toHaveLength(3);
    expect(engine.texts()).toEqual({
      'A.txt': '1',
      'twin.txt': '1',
      'data/one': '2',
      'data/two': 'edited',
      'data/new': '4'
    });
    expect(engine.local.directories()).toEqual(['EMPTY', 'data']);
    await rests('synced');
  });

  it('should make room before the other name is taken', async () => {
    engine.local.write('a', 'file');
    await engine.sync();
    engine.cloud.remove('a');
    engine.cloud.write('A/in.txt', 'folder');
    await engine.sync();
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.texts()).toEqual({ 'A/in.txt': 'folder' });
  });

  it('should be asked for nothing where no names meet', async () => {
    const naming = jest.spyOn(engine.local, 'naming');
    engine.local.write('a.txt', '1');
    engine.cloud.write(`d/${NFC}`, '2');
    await engine.sync();
    await engine.sync();
    expect(naming).not.toHaveBeenCalled();
  });
});

describe('names on a disk that lists them in another form than it was given', () => {
  beforeEach(() => on(HFS));

  it('should stay what they are in the cloud', async () => {
    engine.cloud.write(NFC, '1');
    engine.cloud.write(`d\u00e9/${NFC}`, '2');
    await engine.sync();
    expect(Object.keys(engine.local.texts())).toContain(NFD);
    await engine.sync();
    await rests('synced');
    engine.local.write(NFD, 'edited');
    engine.local.write(`d\u00e9/new`, '3');
    expect((await engine.sync()).state).toBe('synced');
    expect(engine.cloud.texts()).toEqual({
      [NFC]: 'edited',
      [`d\u00e9/${NFC}`]: '2',
      'd\u00e9/new': '3'
    });
    engine.local.remove(NFD);
    await engine.sync();
    expect(Object.keys(engine.cloud.texts())).toHaveLength(2);
    await rests('synced');
  });

  it('should be adopted at the first sync', async () => {
    engine.local.write(NFC, '1');
    engine.cloud.write(NFC, '1');
    const report = await engine.sync();
    expect(report).toMatchObject({ state: 'synced', actions: [] });
    expect(engine.journal.memory.base.has(NFC)).toBe(true);
  });
});

describe('names that Windows does not hold', () => {
  beforeEach(() => on({ case: true, unicode: false, windows: true }));

  it('should be listed, and never written, moved or taken for gone', async () => {
    engine.local.write('d/x', '0');
    await engine.sync();
    for (const path of ['C:x', 'a\\b', 'dot.', 'CON.txt', 'd/what?']) {
      engine.cloud.write(path, path);
    }
    const problems = ['C:x', 'CON.txt', 'a\\b', 'd/what?', 'dot.'].map(
      path => `${path}: invalid-name`
    );
    const report = await engine.sync();
    expect(clashes(report)).toEqual(problems);
    expect(report.problems[0]?.message).toContain('Windows');
    expect(engine.local.texts()).toEqual({ 'd/x': '0' });
    await rests('partial', problems);
    expect(Object.keys(engine.cloud.texts())).toHaveLength(6);
  });
});
