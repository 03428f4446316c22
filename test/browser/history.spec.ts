import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { codeCell, notebook, stream, written } from '../support/notebook-examples';
import { execute, expect, openLab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture } from './support/looks';
import { changeSettings, fileItem, openContextMenu, openFileBrowser } from './support/person';

test.use({ scenario: 'reviews' });

const FOLDER = 'letters';

let page: Page;
let folder: Folder;
let projectId: string;

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(180_000);
  await changeSettings(product, { autoSync: false, helperKernel: 'off' });
  folder = new Folder(join(product.lab.root, FOLDER));
  await folder.write('stays.txt', 'stays');
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  const args = { path: FOLDER, title: 'Letters' };
  projectId = (await execute<SyncReport>(page, 'projects:create', args)).projectId;
});

test.afterAll(async () => {
  await page?.context().close();
});

async function sync(): Promise<void> {
  const report = await execute<SyncReport>(page, 'projects:sync', { projectId });
  expect(report.state).toBe('synced');
}

/** The file with each of the contents in turn, synced. */
async function write(path: string, ...contents: string[]): Promise<void> {
  for (const content of contents) {
    await folder.write(path, content);
    await sync();
  }
}

async function text(path: string): Promise<string> {
  return readFile(join(folder.path, path), 'utf8');
}

/** The rows of the versions, newest first. */
function versions(view: Locator): Locator {
  return view.getByRole('table').locator('tbody tr');
}

test('any two versions are compared, and one is restored, from the file browser on', async () => {
  await write('n.txt', 'the first\nline\n', 'the second\nline\n', 'the third one\nline\n');
  await openFileBrowser(page, FOLDER);
  await fileItem(page, 'n.txt').click();
  const menu = await openContextMenu(page, 'n.txt');
  await menu.getByText('History…', { exact: true }).click();
  const view = page.getByRole('region', { name: 'History: n.txt' });
  await expect(versions(view)).toHaveCount(3);
  await expect(versions(view).first()).toContainText('just now');
  await expect(versions(view).first()).toContainText('alice');
  const differs = view.getByRole('region', { name: 'What differs' });
  await expect(differs).toContainText('the second');
  await expect(differs).toContainText('the third one');
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `history-${theme}`);
    await expectAccessible(page, '.jp-Projects-review');
  });

  await versions(view)
    .nth(2)
    .getByRole('radio', { name: /^Compare from/ })
    .check();
  await expect(differs).toContainText('the first');
  await expect(differs).not.toContainText('the second');
  await versions(view)
    .nth(2)
    .getByRole('radio', { name: /^Compare to/ })
    .check();
  await expect(view.getByText('Choose two different versions to compare.')).toBeVisible();

  await folder.write('n.txt', 'not synced yet\n');
  await versions(view).nth(2).getByRole('button', { name: 'Restore' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('What it holds now stays a version, unsynced edits too.');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(view.getByText('“n.txt” is restored, here and in the cloud.')).toBeVisible();
  expect(await text('n.txt')).toBe('the first\nline\n');
  await expect(versions(view).filter({ hasText: '15 bytes' })).toHaveCount(2);
});

test('versions of a notebook are compared cell by cell, with outputs', async () => {
  const version = (source: string, output: string) =>
    written(
      notebook([codeCell('a', 'load()'), codeCell('b', source, { outputs: [stream(output)] })])
    );
  await write('n.ipynb', version('fit(1)', 'one\n'), version('fit(2)', 'two\n'));
  await execute(page, 'projects:show-history', { projectId, path: 'n.ipynb' });
  const view = page.getByRole('region', { name: 'History: n.ipynb' });
  const cell = view.getByRole('region', { name: 'Cell 2' });
  await expect(cell).toContainText('fit(1)');
  await expect(cell).toContainText('two');
  await expect(view.getByText('1 cell is the same')).toBeVisible();
  await picture(page, 'history-notebook');
});

test('deleted files are listed, and come back', async () => {
  await write('gone.txt', 'what was in it');
  await folder.remove('gone.txt');
  await sync();
  await execute(page, 'application:close-all');
  await openFileBrowser(page);
  const menu = await openContextMenu(page, FOLDER);
  await menu.getByText('Deleted Files…', { exact: true }).click();
  const view = page.getByRole('region', { name: 'Deleted files: Letters' });
  const row = view.getByRole('row', { name: /^gone\.txt/ });
  await expect(row).toContainText('alice');
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `deleted-${theme}`);
    await expectAccessible(page, '.jp-Projects-review');
  });
  await view.getByRole('searchbox', { name: 'Search:' }).fill('nothing like it');
  await expect(row).toHaveCount(0);
  await view.getByRole('searchbox', { name: 'Search:' }).fill('GONE');
  await row.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(view.getByText('“gone.txt” is back, here and in the cloud.')).toBeVisible();
  expect(await text('gone.txt')).toBe('what was in it');
  await expect(row).toHaveCount(0);
});

test('views that are open are there again after a reload', async () => {
  await execute(page, 'application:close-all');
  await write('r.txt', 'one', 'two');
  const saved = page.waitForRequest(
    request =>
      request.url().includes('/api/workspaces/') &&
      request.method() === 'PUT' &&
      (request.postData() ?? '').includes('r.txt')
  );
  await execute(page, 'projects:show-history', { projectId, path: 'r.txt' });
  const view = page.getByRole('region', { name: 'History: r.txt' });
  await expect(versions(view)).toHaveCount(2);
  await (await saved).response();
  // Without the word that has JupyterLab forget the layout.
  await page.goto(page.url().replace(/[?&]reset.*$/, ''));
  await expect(versions(view)).toHaveCount(2, { timeout: 60_000 });
});

test('a new version is listed when a sync has made it', async () => {
  await write('live.txt', 'one');
  await execute(page, 'projects:show-history', { projectId, path: 'live.txt' });
  const view = page.getByRole('region', { name: 'History: live.txt' });
  await expect(versions(view)).toHaveCount(1);
  await write('live.txt', 'the second');
  await expect(versions(view)).toHaveCount(2);
});
