import { join } from 'node:path';

import type { BrowserContext, Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { execute, expect, openLab, signIn, test } from './fixtures';
import { changeSettings, projectItem, statusOf } from './support/person';
import type { Product } from './support/product';

test.use({ scenario: 'one-writer' });
test.describe.configure({ mode: 'serial' });

const TITLE = 'Large data';

let folder: Folder;
let firefox: BrowserContext;
let chrome: BrowserContext;
/** Two tabs of one browser, and one of another. */
let first: Page;
let second: Page;
let other: Page;
let cloudUrl: string;
let id: string;
let round = 0;

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(180_000);
  await changeSettings(product, { autoSync: false });
  cloudUrl = product.cloud.url;
  folder = new Folder(join(product.lab.root, 'large'));
  await folder.write('first.txt', 'small');
  [firefox, chrome] = [await browser.newContext(), await browser.newContext()];
  first = await firefox.newPage();
  await openLab(first, product);
  await signIn(first, product.cloud.keys.alice);
  const args = { path: 'large', title: TITLE };
  id = (await execute<SyncReport>(first, 'projects:create', args)).projectId;
  second = await openTab(firefox, product);
  other = await openTab(chrome, product);
  await signIn(other, product.cloud.keys.alice);
});

test.afterAll(async () => {
  await Promise.all([firefox?.close(), chrome?.close()]);
});

test('a tab shows the sync of another as it goes on, and has its own command carried out by it', async () => {
  const files = await writeFiles();
  const commits = countCommits(second);
  const upload = await holdCommits(first);
  const syncing = sync(first);
  await upload.reached;

  const item = await projectItem(second, TITLE);
  await expect(item.getByRole('progressbar')).toBeVisible();
  await expect(statusOf(item)).toHaveText(/^Syncing \d+ of \d+$/);
  await expect(item.locator('.jp-Projects-progress')).toContainText(`of ${files} files`);
  const accepted = isAccepted(second);
  const asked = sync(second);
  await accepted;
  await second.screenshot({ path: test.info().outputPath('another-tab.png') });
  await upload.release();

  expect((await syncing).actions).toHaveLength(files);
  expect(await asked).toMatchObject({ projectId: id, state: 'synced', actions: [], problems: [] });
  expect(commits()).toBe(0);
  await expect(item.getByRole('progressbar')).toHaveCount(0);
  await expect(statusOf(item)).toHaveText('Synced');
});

test('what one tab cancels, the other stops', async () => {
  await writeFiles();
  const upload = await holdCommits(first);
  const syncing = sync(first);
  await upload.reached;
  const item = await projectItem(second, TITLE);
  await expect(item.getByRole('progressbar')).toBeVisible();
  await item.getByRole('button', { name: 'Cancel' }).click();
  expect((await syncing).problems).toMatchObject([{ code: 'cancelled' }]);
  await upload.release();
  await expect(item.getByRole('progressbar')).toHaveCount(0);
});

test('a tab that is closed in the middle leaves its work to the one that waits', async ({
  product
}) => {
  await writeFiles();
  const upload = await holdCommits(first);
  const gone = sync(first).catch(() => null);
  await upload.reached;
  const accepted = isAccepted(second);
  const asked = sync(second);
  await accepted;
  await first.close();
  const report = await asked;
  expect(report).toMatchObject({ state: 'synced', problems: [] });
  expect(report.actions.length).toBeGreaterThan(0);
  await gone;
  await expect(statusOf(await projectItem(second, TITLE))).toHaveText('Synced');
  first = await openTab(firefox, product);
});

test('another browser shows the sync, waits for it, and finds nothing left to do', async () => {
  const files = await writeFiles();
  const commits = countCommits(other);
  const upload = await holdCommits(first);
  const syncing = sync(first);
  await upload.reached;
  const waiting = sync(other);
  const item = await projectItem(other, TITLE);
  await expect(item.locator('.jp-Projects-progress')).toContainText(
    /^Syncing in another browser: \d+ of \d+ files/
  );
  await other.screenshot({ path: test.info().outputPath('another-browser.png') });
  await upload.release();

  expect((await syncing).actions).toHaveLength(files);
  expect(await waiting).toMatchObject({
    state: 'synced',
    actions: [],
    problems: [],
    conflicts: []
  });
  expect(commits()).toBe(0);
  await expect(statusOf(item)).toHaveText('Synced');
});

test('of three pages that sync at once one does it, and each has a report', async () => {
  const files = await writeFiles();
  const reports = await Promise.all([sync(first), sync(other), sync(second)]);
  expect(reports.map(({ state }) => state)).toEqual(['synced', 'synced', 'synced']);
  expect(reports.map(({ actions }) => actions.length).sort((a, b) => a - b)).toEqual([0, 0, files]);
  for (const page of [first, second, other]) {
    await expect(statusOf(await projectItem(page, TITLE))).toHaveText('Synced');
  }
});

async function openTab(context: BrowserContext, product: Product): Promise<Page> {
  const page = await context.newPage();
  await openLab(page, product);
  return page;
}

function sync(page: Page): Promise<SyncReport> {
  return execute<SyncReport>(page, 'projects:sync', { projectId: id });
}

/** @returns how many there are */
async function writeFiles(): Promise<number> {
  round += 1;
  const files = 24;
  for (let i = 0; i < files; i++) {
    const bytes = new Uint8Array(1024 * 1024).fill(i + 100 * round);
    bytes[0] = i;
    bytes[1] = round;
    await folder.write(`round ${round} ${i}.bin`, bytes);
  }
  return files;
}

/** Lets no commit of the page through until it is released. */
async function holdCommits(page: Page) {
  const pattern = `${cloudUrl}/*/commits`;
  let release = (): void => undefined;
  let reach = (): void => undefined;
  const released = new Promise<void>(resolve => (release = resolve));
  const reached = new Promise<void>(resolve => (reach = resolve));
  await page.route(pattern, async route => {
    reach();
    await released;
    // Its page may have cancelled it, or be gone.
    await route.fallback().catch(() => undefined);
  });
  return {
    reached,
    release: async () => {
      release();
      await page.unroute(pattern);
    }
  };
}

function countCommits(page: Page): () => number {
  let count = 0;
  page.on('request', request => {
    count += request.method() === 'POST' && request.url().endsWith('/commits') ? 1 : 0;
  });
  return () => count;
}

/** Resolves when the page that has the turn has told this one that it carries its command out. */
async function isAccepted(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const name = `jupyterlab-projects:${new URL('/', location.href).href}`;
        const channel = new BroadcastChannel(name);
        channel.onmessage = ({ data }: MessageEvent<{ kind: string }>) => {
          if (data.kind === 'accepted') {
            channel.close();
            resolve();
          }
        };
      })
  );
}
