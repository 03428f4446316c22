import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BrowserContext, Page } from '@playwright/test';

import type { ProjectSummary, SyncReport } from '../../src/tokens';
import type { CloudServer } from '../support/cloud-server';
import { runServerCommand, startCloud } from '../support/cloud-server';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, openPanel, signIn, test } from './fixtures';
import type { LabServer } from './support/lab-server';
import { startLab } from './support/lab-server';
import { bytes } from './support/mixed-files';
import { changeSettings, projectItem, statusOf, syncNow, unfold } from './support/person';
import { smallDisk } from './support/small-disk';

test.describe.configure({ mode: 'serial' });

const QUOTA = '3MB';
const MB = 1024 * 1024;

let dataDir: string;
let expiredKey: string;
let spareKey: string;
let cloud: CloudServer;
let second: LabServer;
let context: BrowserContext;
let page: Page;
let root: Folder;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  dataDir = await mkdtemp(join(tmpdir(), 'projects-bad-input-'));
  const key = async (...args: string[]): Promise<string> =>
    (await runServerCommand('key', 'add', 'alice', '--data', dataDir, ...args)).trim();
  await runServerCommand('demo', '--data', dataDir);
  expiredKey = await key('--expires', '2020-01-01T00:00:00Z');
  spareKey = await key();
  cloud = await startCloud({ dataDir, args: ['--quota', QUOTA] });
  second = await startLab({ cloudUrl: cloud.url });
  await changeSettings(second, { autoSync: false });
  root = new Folder(second.lab.root);
  context = await browser.newContext();
  page = await context.newPage();
  await openLab(page, second);
});

test.afterAll(async () => {
  await context?.close();
  await second?.stop();
  await cloud?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('an expired key is refused with words, and is not kept', async () => {
  const panel = await openPanel(page);
  await panel.getByLabel('API key').fill(expiredKey);
  await panel.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(panel.getByRole('alert')).toHaveText(/This API key has expired/);
  await page.screenshot({ path: test.info().outputPath('expired-key.png') });
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(expiredKey);
  await signIn(page, cloud.keys.alice);
  await expect(panel.getByRole('button', { name: 'Sample project' })).toBeVisible();
});

test('a folder that is a project, lies in one or holds one is refused with words', async () => {
  await root.write('outer/inner/project/file.txt', 'one');
  await root.write('outer/inner/project/below/file.txt', 'two');
  await execute(page, 'projects:create', { path: 'outer/inner/project', title: 'Taken' });
  const before = await RawProject.all(cloud.url, cloud.keys.alice);
  for (const [path, words] of [
    ['outer/inner/project', /“outer\/inner\/project” is the project “taken” already/],
    ['outer/inner/project/below', /lies in “outer\/inner\/project”, which is the project “taken”/],
    ['outer/inner', /holds “outer\/inner\/project”, which is the project “taken”/],
    ['Projects/_state', /holds the state of Projects itself/],
    ['outer/nowhere', /There is no folder “outer\/nowhere”/],
    ['outer/inner/project/file.txt', /lies in “outer\/inner\/project”|is a file/]
  ] as const) {
    await expect(execute(page, 'projects:create', { path })).rejects.toThrow(words);
    const asked = execute(page, 'projects:create', { path, title: 'Other', interactive: true });
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(words);
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await asked).toBeNull();
  }
  expect(await RawProject.all(cloud.url, cloud.keys.alice)).toEqual(before);
  await syncNow(page, 'Taken');
});

test('while the cloud is down it is said, nothing is lost, and later all is synced', async () => {
  await root.write('down/file.txt', 'first');
  const { projectId } = await create('down', 'Down');
  const port = Number(new URL(cloud.url).port);
  await cloud.stop();
  await root.write('down/file.txt', 'edited while the cloud was down');
  const item = await syncNow(page, 'Down', 'Offline');
  await expect(item.locator('.jp-Projects-message')).toContainText(/cloud at .* can.t be reached/);
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'The cloud does not answer' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Projects: offline' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('offline.png') });
  expect(await execute(page, 'projects:sync', { projectId })).toMatchObject({
    state: 'failed',
    stopReason: 'offline',
    actions: []
  });

  cloud = await startCloud({ dataDir, port, args: ['--quota', QUOTA] });
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByRole('heading', { name: 'The cloud does not answer' })).toHaveCount(0);
  await syncNow(page, 'Down');
  expect(await cloudProject(projectId).text('file.txt')).toBe('edited while the cloud was down');
});

test('a page that opens while the cloud is down shows what is here, and finds the cloud later', async () => {
  await page.route(`${cloud.url}/**`, route => route.abort('connectionrefused'));
  await openLab(page, second);
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'The cloud does not answer' })).toBeVisible();
  const item = await projectItem(page, 'down');
  await expect(statusOf(item)).toHaveText('Offline');
  await page.screenshot({ path: test.info().outputPath('opened-offline.png') });
  await page.unroute(`${cloud.url}/**`);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await syncNow(page, 'Down');
});

test('a cloud that answers nonsense is named, nothing is touched, and later all is synced', async () => {
  await root.write('nonsense/file.txt', 'first');
  const { projectId } = await create('nonsense', 'Nonsense');
  await root.write('nonsense/file.txt', 'second');
  const answers = [
    { contentType: 'text/html', body: '<!doctype html><h1>Welcome to the hotel network</h1>' },
    { contentType: 'application/json', body: '{"items": "none", "revision": -1}' },
    { contentType: 'application/json', body: '{"items": [], ' },
    { contentType: 'application/json', body: '' }
  ];
  for (const answer of answers) {
    const pattern = /\/api\/projects\/[^/]+\/changes/;
    await page.route(pattern, route =>
      route.fulfill({
        ...answer,
        headers: { 'Access-Control-Allow-Origin': '*', 'Content-Type': answer.contentType }
      })
    );
    const item = await syncNow(page, 'Nonsense', 'Sync failed');
    await expect(item.locator('.jp-Projects-message')).toContainText(
      'The cloud gave an answer that does not fit the Projects API. GET /{id}/changes'
    );
    await page.unroute(pattern);
  }
  await page.screenshot({ path: test.info().outputPath('nonsense.png') });
  expect(await readFile(join(second.lab.root, 'nonsense/file.txt'), 'utf8')).toBe('second');
  await syncNow(page, 'Nonsense');
  expect(await cloudProject(projectId).text('file.txt')).toBe('second');
  const panel = await openPanel(page);
  await expect(panel.getByRole('alert')).toHaveCount(0);
});

test('a reader gets what others change; their own edits stay here and are told, until they may write', async ({
  browser
}) => {
  const project = await RawProject.create(cloud.url, cloud.keys.alice, 'read-only');
  await project.write('file.txt', 'from alice');
  const bob = await accountOf(cloud.keys.bob);
  await project.share(bob, 'reader');
  const own = await browser.newContext();
  const bobs = await own.newPage();
  try {
    await openLab(bobs, second);
    await signIn(bobs, cloud.keys.bob);
    const item = await projectItem(bobs, 'Read only');
    await expect(item).toContainText('you can only read');
    await item.getByRole('button', { name: 'Open here' }).click();
    await expect(statusOf(item)).toHaveText('Synced');
    await root.write('Projects/read-only/file.txt', 'edited by bob');
    await root.write('Projects/read-only/new.txt', 'made by bob');
    await project.write('other.txt', 'also from alice');
    await syncNow(bobs, 'Read only', /problem|failed/i);
    await unfold(bobs, 'Read only');
    await expect(item).toContainText(/You may not change this project in the cloud. Ask its owner/);
    await bobs.screenshot({ path: test.info().outputPath('reader.png') });
    const files = await new Folder(join(root.path, 'Projects/read-only')).texts();
    expect(files).toEqual({
      'file.txt': 'edited by bob',
      'new.txt': 'made by bob',
      'other.txt': 'also from alice'
    });
    expect(await project.text('file.txt')).toBe('from alice');

    await project.share(bob, 'writer');
    await syncNow(bobs, 'Read only');
    expect(await project.text('file.txt')).toBe('edited by bob');
    expect(await project.text('new.txt')).toBe('made by bob');
  } finally {
    await own.close();
  }
});

test('a full cloud is told for what does not fit, and later all is synced', async () => {
  await root.write('quota/small.txt', 'small');
  const { projectId } = await create('quota', 'Quota');
  await root.write('quota/large.bin', bytes(4 * MB, 1));
  await root.write('quota/small.txt', 'changed');
  const item = await syncNow(page, 'Quota', /1 problem/);
  await unfold(page, 'Quota');
  await expect(item.locator('.jp-Projects-problems')).toContainText('large.bin');
  await expect(item.locator('.jp-Projects-problems')).toContainText(/space|quota|full/i);
  await page.screenshot({ path: test.info().outputPath('quota.png') });
  expect(await cloudProject(projectId).text('small.txt')).toBe('changed');
  await root.write('quota/large.bin', bytes(2 * MB, 1));
  await syncNow(page, 'Quota');
});

test('a full disk is told, nothing is lost, and with room again all is synced', async ({
  browser
}) => {
  const disk = await smallDisk(8);
  const full = await startLab({ cloudUrl: cloud.url, root: disk.path, wrapper: disk.wrapper });
  const own = await browser.newContext();
  try {
    await changeSettings(full, { autoSync: false });
    const project = await RawProject.create(cloud.url, cloud.keys.alice, 'full-disk');
    await project.write('kept.bin', bytes(MB, 1));
    await project.write('small.txt', 'small');
    const other = await own.newPage();
    await openLab(other, full);
    await signIn(other, cloud.keys.alice);
    const first = await execute<SyncReport>(other, 'projects:open', { projectId: project.id });
    expect(first).toMatchObject({ state: 'synced', problems: [] });

    await disk.fill(full, other, MB);
    await project.write('kept.bin', bytes(1.8 * MB, 2));
    await project.write('small.txt', 'changed');
    const item = await syncNow(other, 'Full disk', /problem|failed/i);
    await unfold(other, 'Full disk');
    await expect(item).toContainText(/disk of the Jupyter server is full/);
    await other.screenshot({ path: test.info().outputPath('disk-full.png') });
    expect(await contentOf(project, 'kept.bin')).toEqual(Buffer.from(bytes(1.8 * MB, 2)));
    const kept = await disk.read(full, 'Projects/full-disk/kept.bin');
    expect([bytes(MB, 1), bytes(1.8 * MB, 2)].some(each => kept.equals(each))).toBe(true);

    await disk.empty(full, other);
    await syncNow(other, 'Full disk');
    expect(await disk.read(full, 'Projects/full-disk/kept.bin')).toEqual(
      Buffer.from(bytes(1.8 * MB, 2))
    );
    expect((await disk.read(full, 'Projects/full-disk/small.txt')).toString()).toBe('changed');
    expect(await contentOf(project, 'kept.bin')).toEqual(Buffer.from(bytes(1.8 * MB, 2)));
  } finally {
    await own.close();
    await full.stop();
    await disk.remove();
  }
});

test('a key that is revoked leads back to signing in; with another one all is synced', async () => {
  const port = Number(new URL(cloud.url).port);
  await cloud.stop();
  await runServerCommand('key', 'revoke', cloud.keys.alice, '--data', dataDir);
  cloud = await startCloud({ dataDir, port, args: ['--quota', QUOTA] });
  await root.write('down/file.txt', 'edited when the key was revoked');
  const item = await projectItem(page, 'Down');
  await item.getByRole('button', { name: 'Sync now' }).click();
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'Sign in to your projects' })).toBeVisible();
  await expect(panel.getByRole('alert')).toHaveText(/This API key was revoked/);
  await page.screenshot({ path: test.info().outputPath('revoked-key.png') });
  await signIn(page, spareKey);
  await syncNow(page, 'Down');
  const projects = await execute<ProjectSummary[]>(page, 'projects:list');
  const down = projects.find(({ title }) => title === 'Down');
  expect(await new RawProject(cloud.url, spareKey, down?.id ?? '').text('file.txt')).toBe(
    'edited when the key was revoked'
  );
});

/** A project of alice's from a folder that was written before. */
async function create(path: string, title: string): Promise<SyncReport> {
  const report = await execute<SyncReport>(page, 'projects:create', { path, title });
  expect(report).toMatchObject({ state: 'synced', problems: [], conflicts: [] });
  return report;
}

/** A project as the cloud has it, past the page. */
function cloudProject(id: string): RawProject {
  return new RawProject(cloud.url, cloud.keys.alice, id);
}

async function contentOf(project: RawProject, path: string): Promise<Buffer> {
  return Buffer.from((await project.files()).get(path) ?? []);
}

/** The id of the key's user. */
async function accountOf(key: string): Promise<string> {
  const answer = await fetch(new URL('/api/account', cloud.url), {
    headers: { Authorization: `Bearer ${key}` }
  });
  const { user } = (await answer.json()) as { user: { id: string } };
  return user.id;
}
