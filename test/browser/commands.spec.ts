import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { Activity, ProjectFiles, ProjectSummary, SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, test } from './fixtures';
import { changeSettings, openPalette } from './support/person';

test.use({ scenario: 'shared' });
test.describe.configure({ mode: 'serial' });

/** Those that are promised, each with the arguments it takes. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'projects:sign-in': ['apiKey'],
  'projects:sign-out': [],
  'projects:list': ['refresh'],
  'projects:create': ['path', 'title'],
  'projects:open': ['projectId', 'path'],
  'projects:link': ['projectId', 'path'],
  'projects:unlink': ['projectId'],
  'projects:sync': ['projectId', 'path'],
  'projects:preview': ['projectId', 'path'],
  'projects:status': ['projectId', 'path'],
  'projects:pause': ['projectId'],
  'projects:resume': ['projectId'],
  'projects:resolve-conflict': ['projectId', 'path', 'choice'],
  'projects:show-activity': ['projectId']
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let page: Page;
let root: Folder;
let cloud: { url: string; key: string };
let id: string;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  root = new Folder(product.lab.root);
  cloud = { url: product.cloud.url, key: product.cloud.keys.alice };
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
});

test.afterAll(async () => {
  await page?.context().close();
});

test('all have a label and describe their arguments', async () => {
  const described = await page.evaluate(async ids => {
    const { commands } = window.jupyterapp;
    return Promise.all(
      ids.map(async each => ({
        id: each,
        label: commands.label(each),
        caption: commands.caption(each),
        schema: (await commands.describedBy(each)).args as {
          type: string;
          properties: Record<string, { type: string; description: string }>;
        } | null
      }))
    );
  }, Object.keys(COMMANDS));
  for (const { id: command, label, caption, schema } of described) {
    expect(label, command).not.toBe('');
    expect(caption, command).not.toBe('');
    expect(schema?.type, command).toBe('object');
    const names = Object.keys(schema?.properties ?? {}).filter(name => name !== 'interactive');
    expect(names.sort(), command).toEqual([...(COMMANDS[command] ?? [])].sort());
    for (const [name, { type, description }] of Object.entries(schema?.properties ?? {})) {
      expect(type, `${command} ${name}`).toMatch(/^(string|boolean)$/);
      expect(description, `${command} ${name}`).not.toBe('');
    }
  }
});

test('before signing in, what needs the cloud says so by its code', async () => {
  await root.write('early/file.txt', 'text');
  expect(await execute(page, 'projects:list')).toEqual([]);
  await expect(execute(page, 'projects:create', { path: 'early' })).rejects.toMatchObject({
    code: 'signed-out'
  });
  await expect(
    execute(page, 'projects:sync', { projectId: '7b2c1a9e-0000-4000-8000-000000000000' })
  ).rejects.toMatchObject({ code: 'not-linked' });
});

test('wrong arguments are refused by name', async () => {
  for (const [command, args] of [
    ['projects:sync', { projectid: 'x' }],
    ['projects:sync', { projectId: 7 }],
    ['projects:create', { path: 'early', title: false }],
    ['projects:resolve-conflict', { projectId: 'x', path: 'y', choice: 'keep-none' }]
  ] as const) {
    await expect(execute(page, command, args), command).rejects.toMatchObject({
      code: 'invalid-arguments'
    });
  }
});

test('sign-in answers the account, list the projects', async () => {
  await expect(execute(page, 'projects:sign-in', { apiKey: 'wrong' })).rejects.toMatchObject({
    code: 'signed-out'
  });
  expect(await execute(page, 'projects:sign-in', { apiKey: cloud.key })).toEqual({
    account: { id: expect.stringMatching(ID), name: 'alice' }
  });
  const projects = await execute<ProjectSummary[]>(page, 'projects:list', { refresh: true });
  expect(projects).toEqual([
    {
      id: expect.stringMatching(ID),
      name: 'sample-project',
      title: 'Sample project',
      owner: 'alice',
      role: 'owner',
      localPath: null,
      status: 'not-linked',
      message: '',
      conflicts: 0,
      problems: 0,
      paused: false,
      lastSync: null
    }
  ]);
});

test('create answers the report of the first sync', async () => {
  await root.write('made/a.txt', 'alpha');
  await root.write('made/deep/b.txt', 'beta!');
  const report = await execute<SyncReport>(page, 'projects:create', {
    path: 'made',
    title: 'Made'
  });
  id = report.projectId;
  expect(report).toEqual({
    projectId: expect.stringMatching(ID),
    dryRun: false,
    state: 'synced',
    stopReason: null,
    actions: expect.any(Array),
    conflicts: [],
    problems: [],
    bytesUp: 10,
    bytesDown: 0,
    requests: { jupyter: expect.any(Number), cloud: expect.any(Number) },
    durationMs: expect.any(Number)
  });
  const action = { side: 'cloud', reason: expect.stringMatching(/./) };
  expect([...report.actions].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { ...action, path: 'a.txt', kind: 'create', bytes: 5 },
    { ...action, path: 'deep', kind: 'mkdir', bytes: 0 },
    { ...action, path: 'deep/b.txt', kind: 'create', bytes: 5 }
  ]);
  await expect(execute(page, 'projects:create', { path: 'made' })).rejects.toMatchObject({
    code: 'already-linked'
  });
});

test('preview tells what a sync would do, and changes nothing', async () => {
  await root.write('made/a.txt', 'alpha 2');
  await root.remove('made/deep/b.txt');
  await root.write('made/c.txt', 'gamma');
  const preview = await execute<SyncReport>(page, 'projects:preview', { projectId: id });
  expect(preview).toMatchObject({
    projectId: id,
    dryRun: true,
    state: 'synced',
    bytesUp: 0,
    bytesDown: 0
  });
  expect(kinds(preview)).toEqual([
    'cloud create c.txt',
    'cloud delete deep/b.txt',
    'cloud update a.txt'
  ]);
  expect(kinds(await execute<SyncReport>(page, 'projects:preview', { path: 'made/deep' }))).toEqual(
    kinds(preview)
  );
  expect((await new RawProject(cloud.url, cloud.key, id).files()).size).toBe(2);
  const all = await execute<SyncReport[]>(page, 'projects:preview');
  expect(all.map(({ projectId }) => projectId)).toEqual([id]);
});

test('status tells of each file what it is', async () => {
  const found = await execute<ProjectFiles>(page, 'projects:status', { path: 'made/a.txt' });
  expect(found.project).toMatchObject({ id, name: 'made', title: 'Made', localPath: 'made' });
  expect(found.files).toEqual([
    { path: 'a.txt', status: 'local-change', reason: expect.stringMatching(/./) },
    { path: 'c.txt', status: 'local-change', reason: expect.stringMatching(/./) },
    { path: 'deep/b.txt', status: 'local-change', reason: expect.stringMatching(/./) }
  ]);
});

test('sync does what the preview told, by id, by path and for all', async () => {
  const report = await execute<SyncReport>(page, 'projects:sync', { path: 'made/deep' });
  expect(report).toMatchObject({ projectId: id, dryRun: false, state: 'synced' });
  expect(kinds(report)).toEqual([
    'cloud create c.txt',
    'cloud delete deep/b.txt',
    'cloud update a.txt'
  ]);
  expect(await execute(page, 'projects:sync', { projectId: id })).toMatchObject({
    state: 'synced',
    actions: []
  });
  expect(await execute(page, 'projects:sync')).toMatchObject([{ projectId: id, actions: [] }]);
  await expect(execute(page, 'projects:sync', { path: 'early' })).rejects.toMatchObject({
    code: 'not-linked'
  });
});

test('pause and resume answer nothing, and a paused project still syncs when told to', async () => {
  expect(await execute(page, 'projects:pause', { projectId: id })).toEqual({});
  expect(await summary()).toMatchObject({ paused: true, status: 'paused' });
  expect(await execute(page, 'projects:sync', { projectId: id })).toMatchObject({
    state: 'synced'
  });
  expect(await execute(page, 'projects:resume')).toEqual({});
  expect(await summary()).toMatchObject({ paused: false, status: 'synced' });
});

test('resolve-conflict does each of its choices', async () => {
  const project = new RawProject(cloud.url, cloud.key, id);
  const folder = new Folder(join(root.path, 'made'));
  for (const [choice, expected] of [
    ['keep-local', ['mine']],
    ['keep-cloud', ['theirs']],
    ['keep-both', ['mine', 'theirs']]
  ] as const) {
    await root.write('made/a.txt', 'mine');
    await project.write('a.txt', 'theirs');
    const report = await execute<SyncReport>(page, 'projects:sync', { projectId: id });
    expect(report).toMatchObject({
      state: 'conflicts',
      conflicts: [
        { path: 'a.txt', copy: expect.stringMatching(/^a \(conflict [0-9a-f]{8}\)\.txt$/) }
      ]
    });
    await expect(
      execute(page, 'projects:resolve-conflict', { projectId: id, path: 'c.txt', choice })
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(
      await execute(page, 'projects:resolve-conflict', { projectId: id, path: 'a.txt', choice })
    ).toMatchObject({ projectId: id, state: 'synced', conflicts: [] });
    const texts = await folder.texts();
    const kept = Object.entries(texts).filter(([path]) => path.startsWith('a'));
    expect(kept.map(([, text]) => text).sort()).toEqual(expected);
    expect(await project.text('a.txt')).toBe(texts['a.txt']);
    // The next choice begins with other contents than this one left.
    await root.write('made/a.txt', `after ${choice}`);
    await execute(page, 'projects:sync', { projectId: id });
  }
});

test('unlink forgets and deletes nothing; link adopts; open brings a project to its folder', async () => {
  const before = await new Folder(join(root.path, 'made')).texts();
  expect(await execute(page, 'projects:unlink', { projectId: id })).toEqual({});
  expect(await summary()).toMatchObject({ localPath: null, status: 'not-linked' });
  expect(await new Folder(join(root.path, 'made')).texts()).toEqual(before);
  await expect(execute(page, 'projects:unlink', { projectId: id })).rejects.toMatchObject({
    code: 'not-linked'
  });

  expect(await execute(page, 'projects:link', { projectId: id, path: 'made' })).toMatchObject({
    projectId: id,
    state: 'synced',
    actions: []
  });
  await execute(page, 'projects:unlink', { projectId: id });

  const opened = await execute<SyncReport>(page, 'projects:open', { projectId: id });
  expect(opened).toMatchObject({ projectId: id, state: 'synced', bytesUp: 0 });
  expect(await summary()).toMatchObject({ localPath: 'Projects/made', status: 'synced' });
  expect(await new Folder(join(root.path, 'Projects/made')).texts()).toEqual(before);
  await execute(page, 'projects:unlink', { projectId: id });
  await execute(page, 'projects:open', { projectId: id, path: 'elsewhere/else' });
  expect(await new Folder(join(root.path, 'elsewhere/else')).texts()).toEqual(before);
  await expect(
    execute(page, 'projects:open', { projectId: '7b2c1a9e-0000-4000-8000-000000000000' })
  ).rejects.toMatchObject({ code: 'not-found' });
});

test('show-activity answers the log, newest first, and shows it', async () => {
  const log = await execute<Activity[]>(page, 'projects:show-activity', { projectId: id });
  expect(log.length).toBeGreaterThan(5);
  for (const line of log) {
    expect(line).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      projectId: id,
      projectTitle: 'Made',
      kind: expect.stringMatching(/^(action|conflict|problem|run|link)$/),
      path: line.path === null ? null : expect.any(String),
      text: expect.stringMatching(/./),
      ...(line.kind === 'action' && {
        side: expect.stringMatching(/^(local|cloud)$/),
        change: expect.stringMatching(/^(create|update|delete|move|mkdir)$/)
      })
    });
  }
  const times = log.map(({ at }) => at);
  expect(times).toEqual([...times].sort().reverse());
  const panel = page.getByRole('region', { name: 'Projects', exact: true });
  await expect(panel.locator('.jp-Projects-footer .jp-Projects-activity li').first()).toBeVisible();
});

test('those that can be run now are in the palette', async () => {
  const labels = await page.evaluate(ids => {
    const { commands } = window.jupyterapp;
    return ids.filter(each => commands.isEnabled(each)).map(each => commands.label(each));
  }, Object.keys(COMMANDS));
  // Nothing is paused, and there is no conflict.
  expect(labels).toHaveLength(Object.keys(COMMANDS).length - 2);
  await openPalette(page);
  await page.keyboard.type('projects');
  for (const label of labels) {
    await expect(
      page.locator('.lm-CommandPalette-itemLabel:visible', { hasText: label }).first()
    ).toBeVisible();
  }
  await page.keyboard.press('Escape');
});

test('results are plain JSON, and sign-out answers nothing', async () => {
  const same = await page.evaluate(async projectId => {
    const { commands } = window.jupyterapp;
    const results = await Promise.all([
      commands.execute('projects:list'),
      commands.execute('projects:sync', { projectId }),
      commands.execute('projects:status', { projectId }),
      commands.execute('projects:show-activity')
    ] as Promise<unknown>[]);
    return results.every(each => {
      const plain = (value: unknown): boolean =>
        value === null ||
        ['string', 'number', 'boolean'].includes(typeof value) ||
        (Array.isArray(value)
          ? value.every(plain)
          : typeof value === 'object' &&
            Object.getPrototypeOf(value) === Object.prototype &&
            Object.values(value).every(plain));
      return plain(each);
    });
  }, id);
  expect(same).toBe(true);
  expect(await execute(page, 'projects:sign-out')).toEqual({});
  expect(await execute(page, 'projects:sync', { projectId: id })).toMatchObject({
    state: 'failed',
    stopReason: 'signed-out'
  });
});

async function summary(): Promise<ProjectSummary | undefined> {
  return (await execute<ProjectSummary[]>(page, 'projects:list')).find(each => each.id === id);
}

/** What a report did or would do, in an order of its own. */
function kinds({ actions }: SyncReport): string[] {
  return actions.map(({ side, kind, path }) => `${side} ${kind} ${path}`).sort();
}
