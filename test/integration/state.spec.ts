import { execFile } from 'node:child_process';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ContentsStorage } from '../../src/local/contents-storage';
import { StateStore } from '../../src/state/store';
import { startJupyter } from '../support/jupyter-server';
import type { JupyterServer } from '../support/jupyter-server';
import { file, fullChange, ONE, project, TWO } from '../support/state-examples';

let jupyter: JupyterServer;
let folder: string;
let folders = 0;
let problems: string[];

beforeAll(async () => (jupyter = await startJupyter()));
afterAll(() => jupyter.stop());

beforeEach(() => {
  folders += 1;
  folder = `Projects/_state ${folders}`;
  problems = [];
});

const onDisk = (name = ''): string => join(jupyter.root, folder, name);

const openStore = (): Promise<StateStore> =>
  StateStore.open({
    storage: new ContentsStorage({
      contents: jupyter.contents,
      serverSettings: jupyter.settings,
      folder
    }),
    onProblem: problem => problems.push(problem)
  });

describe('the state, saved through a real Jupyter server', () => {
  it('is there again for the next page', async () => {
    const store = await openStore();
    await store.addProject(project());
    await store.journal(ONE).commit(fullChange);
    const next = await openStore();
    expect(next.projects()).toEqual(store.projects());
    expect(await next.journal(ONE).load()).toEqual(await store.journal(ONE).load());
    expect((await readdir(onDisk())).sort()).toEqual(['state-a.sqlite3', 'state-b.sqlite3']);
    expect(problems).toEqual([]);
  });

  it('survives a newer file that was cut short', async () => {
    const store = await openStore();
    await store.addProject(project());
    await store.updateProject(ONE, { name: 'two' });
    await truncate(onDisk('state-b.sqlite3'), 5000);
    expect((await openStore()).projects()).toMatchObject([{ name: 'thesis' }]);
    expect(problems).toEqual([expect.stringContaining('state-a.sqlite3 is used')]);
  });

  it('begins anew over two bad files, and keeps what was in them', async () => {
    const store = await openStore();
    await store.addProject(project());
    await store.updateProject(ONE, { name: 'two' });
    await writeFile(onDisk('state-a.sqlite3'), 'not a database');
    await writeFile(onDisk('state-b.sqlite3'), '');
    const next = await openStore();
    expect(next.projects()).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('A new one was begun')]);
    await next.addProject(project(TWO, 'other'));
    expect((await openStore()).projects()).toMatchObject([{ id: TWO }]);
    expect(await readFile(onDisk('state-a.damaged.sqlite3'), 'utf-8')).toBe('not a database');
  });

  it('is taken from what another page saved', async () => {
    const store = await openStore();
    await store.addProject(project());
    const other = await openStore();
    await other.addProject(project(TWO, 'other'));
    expect(await store.reload()).toBe(true);
    expect(store.projects()).toEqual(other.projects());
    expect(await store.reload()).toBe(false);
  });

  it('is a database that other programs can read', async () => {
    const store = await openStore();
    await store.addProject(project());
    const script =
      'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); ' +
      'print(db.execute("pragma integrity_check").fetchone()[0], db.execute("select name from local_projects").fetchone()[0])';
    const { stdout } = await promisify(execFile)('python3', [
      '-c',
      script,
      onDisk('state-a.sqlite3')
    ]);
    expect(stdout.trim()).toBe('ok thesis');
  });

  it('holds 5,000 files and stays exact', async () => {
    const store = await openStore();
    await store.addProject(project());
    const base = new Map(
      Array.from({ length: 5000 }, (_, index) => [`dir ${index % 9}/${index}`, file(`${index}`)])
    );
    await store.journal(ONE).commit({ base });
    expect((await (await openStore()).journal(ONE).load()).base).toEqual(base);
  });

  it('keeps nothing of a change when the server is gone, and rejects to load it', async () => {
    const store = await openStore();
    await store.addProject(project());
    await jupyter.kill();
    await expect(store.updateProject(ONE, { paused: true })).rejects.toMatchObject({
      code: 'not-saved'
    });
    expect(store.projects()).toMatchObject([{ paused: false }]);
    await expect(openStore()).rejects.toMatchObject({ code: 'unreadable' });
  });
});
