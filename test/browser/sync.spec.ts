import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page, Request } from '@playwright/test';

import type { ProjectSummary, SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { execute, expect, openLab, openPanel, reloadLab, signIn, test } from './fixtures';
import type { LabServer } from './support/lab-server';
import { startLab } from './support/lab-server';
import { writeMixedFiles } from './support/mixed-files';
import {
  changeSettings,
  fileItem,
  openContextMenu,
  openFileBrowser,
  projectItem,
  statusOf,
  syncNow,
  unfold
} from './support/person';

test.use({ scenario: 'sync' });
test.describe.configure({ mode: 'serial' });

const TITLE = 'Field work';
const FIRST = 'field work';
const SECOND = 'Projects/field-work';

let second: LabServer;
let here: Page;
let there: Page;
let hereFolder: Folder;
let thereFolder: Folder;
let folders = 0;

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(180_000);
  second = await startLab({ cloudUrl: product.cloud.url });
  // What a test sees is the work of the sync it asked for.
  // And by the contents API: its requests are counted.
  await changeSettings(product, { autoSync: false, helperKernel: 'off' });
  await changeSettings(second, { autoSync: false, helperKernel: 'off' });
  hereFolder = new Folder(join(product.lab.root, FIRST));
  thereFolder = new Folder(join(second.lab.root, SECOND));
  here = await (await browser.newContext()).newPage();
  there = await (await browser.newContext()).newPage();
  await openLab(here, product);
  await openLab(there, second);
  await signIn(here, product.cloud.keys.alice);
  await signIn(there, product.cloud.keys.alice);
});

test.afterAll(async () => {
  await Promise.all([here?.context().close(), there?.context().close()]);
  await second?.stop();
});

test('a folder of 200 mixed files becomes a project by its context menu', async () => {
  const written = await writeMixedFiles(hereFolder);
  expect(written.files).toBe(200);
  folders = written.folders;

  await openFileBrowser(here);
  const menu = await openContextMenu(here, FIRST);
  await menu.getByText('Turn into a project…').click();
  const dialog = here.getByRole('dialog');
  await dialog.getByRole('textbox').fill(TITLE);
  await dialog.getByRole('textbox').press('Enter');

  const item = await projectItem(here, TITLE);
  await expect(item.getByRole('progressbar')).toBeVisible();
  await expect(item.locator('.jp-Projects-progress')).toContainText(
    /of 2\d\d files, .* of 2\d.* MB/
  );
  await here.screenshot({ path: test.info().outputPath('first-sync.png') });
  await expect(statusOf(item)).toHaveText('Synced', { timeout: 90_000 });
  await expect(here.getByText(`“${TITLE}” is synced`)).toBeVisible();
  await here.screenshot({ path: test.info().outputPath('first-sync-done.png') });
});

test('a second Jupyter opens it, and holds the same bytes', async () => {
  const panel = await openPanel(there);
  await panel.getByRole('button', { name: 'Ask the cloud again' }).click();
  const item = await projectItem(there, TITLE);
  await item.getByRole('button', { name: 'Open here' }).click();
  await expect(statusOf(item)).toHaveText('Synced', { timeout: 90_000 });
  await there.screenshot({ path: test.info().outputPath('opened.png') });
  const files = await contentsOf(thereFolder);
  expect(files.size).toBe(200);
  expectSameBytes(files, await contentsOf(hereFolder));
});

test('edits, creations and deletions on either side arrive on the other', async () => {
  // One edit as a person makes it: in JupyterLab's editor.
  await openFileBrowser(here, `${FIRST}/notes`);
  await fileItem(here, 'text-1.txt').dblclick();
  const editor = here.locator('.jp-FileEditor .cm-content');
  await editor.click();
  await editor.press('ControlOrMeta+End');
  await here.keyboard.type('typed in the editor');
  await here.keyboard.press('ControlOrMeta+s');
  await expect
    .poll(() => readFile(join(hereFolder.path, 'notes/text-1.txt'), 'utf8'))
    .toContain('typed in the editor');
  await hereFolder.write('new 🆕/on the first.txt', 'made here');
  await hereFolder.remove('odd/upper.txt');

  await thereFolder.write('odd/number #1.md', 'edited there\n');
  await thereFolder.mkdir('empty folder');
  await thereFolder.write('a b/on the second %.ipynb', '{}');
  await thereFolder.remove('empty.bin');

  await syncNow(here, TITLE);
  await syncNow(there, TITLE);
  await syncNow(here, TITLE);

  const files = await contentsOf(hereFolder);
  expectSameBytes(files, await contentsOf(thereFolder));
  expect(files.get('odd/number #1.md')?.toString()).toBe('edited there\n');
  expect(files.get('new 🆕/on the first.txt')?.toString()).toBe('made here');
  expect(files.has('a b/on the second %.ipynb')).toBe(true);
  expect(files.has('odd/upper.txt')).toBe(false);
  expect(files.has('odd/UPPER.txt')).toBe(true);
  expect(files.has('empty.bin')).toBe(false);
  expect((await stat(join(hereFolder.path, 'empty folder'))).isDirectory()).toBe(true);
});

test('a file that both edited is there twice, on both sides', async () => {
  await hereFolder.write('notes/text-1.txt', 'as the first wrote it');
  await thereFolder.write('notes/text-1.txt', 'as the second wrote it');
  await syncNow(here, TITLE);
  const item = await syncNow(there, TITLE, '1 conflict to resolve');
  await unfold(there, TITLE);
  await expect(item.getByRole('heading', { name: '1 conflict' })).toBeVisible();
  await there.screenshot({ path: test.info().outputPath('conflict.png') });
  await syncNow(here, TITLE);

  const files = await contentsOf(hereFolder);
  expectSameBytes(files, await contentsOf(thereFolder));
  const kept = [...files].filter(([path]) => /^notes\/text-1[ .]/.test(path));
  expect(kept.map(([, content]) => content.toString()).sort()).toEqual([
    'as the first wrote it',
    'as the second wrote it'
  ]);
});

test('after a reload a sync does nothing: it lists the folders and asks for changes once', async () => {
  await closeDocuments(here);
  await hereFolder.age();
  await syncNow(here, TITLE);
  await reloadLab(here);
  const item = await projectItem(here, TITLE);
  await expect(item.getByRole('button', { name: 'Sync now' })).toBeEnabled();
  await expect(statusOf(item)).toHaveText('Waiting for its first look');

  const id = (await projectNamed(here, TITLE)).id;
  const requests = await watchRequests(here, async () => {
    const report = await execute<SyncReport>(here, 'projects:sync', { projectId: id });
    expect(report).toMatchObject({
      projectId: id,
      dryRun: false,
      state: 'synced',
      stopReason: null,
      actions: [],
      conflicts: [],
      problems: [],
      bytesUp: 0,
      bytesDown: 0
    });
    const listings = await foldersBelow(hereFolder.path);
    expect(listings).toBeGreaterThan(folders);
    expect(report.requests).toEqual({ jupyter: listings, cloud: 1 });
  });
  const cloud = requests.filter(({ url }) => url.includes('/api/projects'));
  expect(cloud.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
    `GET /api/projects/${id}/changes`
  ]);
  const jupyter = requests
    .filter(({ url }) => !url.includes('/api/projects'))
    .map(({ method, url }) => ({ method, url, path: decodeURIComponent(new URL(url).pathname) }))
    .filter(({ path }) => path.includes(FIRST) || path.includes('_state'));
  expect(jupyter).toHaveLength(await foldersBelow(hereFolder.path));
  for (const { method, url, path } of jupyter) {
    expect(method).toBe('GET');
    expect(path).toMatch(/^\/api\/contents\//);
    expect(url).not.toContain('hash=1');
    expect((await stat(join(hereFolder.path, '..', path.slice(14)))).isDirectory()).toBe(true);
  }
});

test('with its state deleted, linking again adopts everything and moves nothing', async ({
  product
}) => {
  const before = await contentsOf(hereFolder);
  const { id } = await projectNamed(here, TITLE);
  await here.goto('about:blank');
  await rm(join(product.lab.root, 'Projects/_state'), { recursive: true });
  await openLab(here, product);
  const item = await projectItem(here, TITLE);
  await expect(statusOf(item)).toHaveText('In the cloud only');
  await expect(execute(here, 'projects:sync', { projectId: id })).rejects.toMatchObject({
    code: 'not-linked'
  });

  const report = await execute<SyncReport>(here, 'projects:link', { projectId: id, path: FIRST });
  expect(report).toMatchObject({
    state: 'synced',
    actions: [],
    conflicts: [],
    problems: [],
    bytesUp: 0,
    bytesDown: 0
  });
  await expect(statusOf(item)).toHaveText('Synced');
  expectSameBytes(await contentsOf(hereFolder), before);
  await syncNow(there, TITLE, '1 conflict to resolve');
  expectSameBytes(await contentsOf(thereFolder), before);
});

test('two state files, written in turn, and the lease are all that the extension keeps', async ({
  product
}) => {
  expect((await readdir(join(product.lab.root, 'Projects/_state'))).sort()).toEqual(
    expect.arrayContaining(['state-a.sqlite3'])
  );
  for (const name of await readdir(join(product.lab.root, 'Projects/_state'))) {
    expect(name).toMatch(/^(state-[ab]\.sqlite3|lease\.json)$/);
  }
});

/** What a person has in the folder: without what Jupyter hides. */
async function contentsOf(folder: Folder): Promise<Map<string, Buffer>> {
  const files = [...(await folder.files())].filter(([path]) => !/(^|\/)\./.test(path)).sort();
  return new Map(files.map(([path, content]) => [path, Buffer.from(content)]));
}

function expectSameBytes(actual: Map<string, Buffer>, expected: Map<string, Buffer>): void {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  const different = [...actual].filter(([path, content]) => !expected.get(path)?.equals(content));
  expect(different.map(([path]) => path)).toEqual([]);
}

async function projectNamed(page: Page, title: string): Promise<ProjectSummary> {
  const projects = await execute<ProjectSummary[]>(page, 'projects:list');
  const found = projects.find(project => project.title === title);
  if (!found) {
    throw new Error(`There is no project "${title}".`);
  }
  return found;
}

/** Folders that Jupyter shows below a folder, it included. */
async function foldersBelow(path: string): Promise<number> {
  const found = await readdir(path, { withFileTypes: true, recursive: true });
  const inside = (parent: string, name: string) => join(parent, name).slice(path.length);
  return (
    1 +
    found.filter(each => each.isDirectory() && !inside(each.parentPath, each.name).includes('/.'))
      .length
  );
}

/** An open document, and the folder in the file browser, are asked for by JupyterLab itself. */
async function closeDocuments(page: Page): Promise<void> {
  await openFileBrowser(page);
  await execute(page, 'application:close-all');
  await expect(page.locator('.jp-FileEditor')).toHaveCount(0);
}

interface Seen {
  readonly method: string;
  readonly url: string;
}

/** The requests that the page sends while the work goes on. */
async function watchRequests(page: Page, work: () => Promise<void>): Promise<Seen[]> {
  const seen: Seen[] = [];
  const listen = (request: Request) => {
    seen.push({ method: request.method(), url: request.url() });
  };
  page.on('request', listen);
  try {
    await work();
  } finally {
    page.off('request', listen);
  }
  return seen;
}
