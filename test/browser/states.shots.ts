import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { codeCell, notebook, proseCell, stream, written } from '../support/notebook-examples';
import { RawProject } from '../support/raw-project';
import { execute, expect, openDocument, openLab, openPanel, test } from './fixtures';
import { inEachTheme } from './support/accessible';
import {
  changeSettings,
  openFileBrowser,
  openPalette,
  projectItem,
  unfold
} from './support/person';

test.use({ scenario: 'states', viewport: { width: 1200, height: 760 } });
test.describe.configure({ mode: 'serial' });

/** The pictures of every state, in both themes: `npm run screenshots`. */
const FOLDER = 'docs/images/states';

let page: Page;
let study: Folder;
let id: string;
let bob: RawProject;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  study = new Folder(join(product.lab.root, 'whales'));
  await study.write('README.md', '# Whales\n\nCounted in May.\n');
  await study.write('data/counts.csv', 'month,count\nMay,12\nJune,31\n');
  await study.write('data/raw/log.txt', 'one\ntwo\nthree\n');
  await study.write('counting.ipynb', counting('sum(counts)', '43'));
  page = await (await browser.newContext({ viewport: { width: 1200, height: 760 } })).newPage();
  await openLab(page, product);
});

test.afterAll(async () => {
  await page?.context().close();
});

async function shoot(name: string): Promise<void> {
  await inEachTheme(page, async theme => {
    await page.mouse.move(1190, 400);
    await page.screenshot({ path: `${FOLDER}/${name}-${theme}.png`, animations: 'disabled' });
  });
}

const sync = () => execute<SyncReport>(page, 'projects:sync', { projectId: id });

test('the three first steps', async ({ product }) => {
  const panel = await openPanel(page);
  const steps = panel.getByRole('region', { name: 'First steps' });
  await expect(steps.getByLabel('API key')).toBeVisible();
  await shoot('first-run-1-sign-in');
  await steps.getByLabel('API key').fill(product.cloud.keys.alice);
  await steps.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(steps.locator('[aria-current="step"]')).toHaveText('2Choose a project');
  await shoot('first-run-2-choose');
  await steps.getByRole('button', { name: 'Choose a folder…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.jp-DirListing-item', { hasText: 'whales' }).click();
  await dialog.getByRole('button', { name: 'Select' }).click();
  await expect(steps.locator('summary', { hasText: 'Goes up' })).toBeVisible();
  await shoot('first-run-3-start');
  await steps.getByRole('button', { name: 'Start the first sync' }).click();
  await expect(await projectItem(page, 'whales')).toContainText('Synced');
});

test('a synced project, and one with everything', async ({ product }) => {
  const { url, keys } = product.cloud;
  const projects = await execute<{ id: string; title: string }[]>(page, 'projects:list');
  id = projects.find(({ title }) => title === 'whales')?.id ?? '';
  const { account } = await execute<{ account: { id: string } }>(page, 'projects:sign-in', {
    apiKey: keys.bob
  });
  await execute(page, 'projects:sign-in', { apiKey: keys.alice });
  await execute(page, 'projects:share', { projectId: id, subject: account.id, role: 'writer' });
  bob = new RawProject(url, keys.bob, id);
  const item = await unfold(page, 'whales');
  await expect(item.getByRole('treeitem').first()).toBeVisible();
  await openDocument(page, 'whales/counting.ipynb');
  await expect(page.locator('.jp-Notebook .jp-Cell')).toHaveCount(3);
  await expect(
    page
      .locator(
        '[title*="Kernel status: Idle"], .jp-Notebook-ExecutionIndicator[data-status="idle"]'
      )
      .first()
  ).toBeVisible();
  await shoot('synced');

  await bob.write('README.md', '# Whales\n\nCounted in May and June, by two of us.\n');
  await study.write('README.md', '# Whales\n\nCounted in May, twice.\n');
  await bob.write('counting.ipynb', counting('sum(counts) / len(counts)', '21.5'));
  await study.write('counting.ipynb', counting('max(counts)', '31'));
  await execute(page, 'docmanager:close-all-files').catch(() => undefined);
  await changeSettings(product, { autoSync: false, conflictPolicy: 'keep-both' });
  await sync();
  await bob.write('data/came.csv', 'month,count\nJuly,8\n');
  await study.write('data/counts.csv', 'month,count\nMay,12\nJune,31\nJuly,9\n');
  await study.write('new notebook.ipynb', counting('min(counts)', '12'));
  await study.write('notes.tmp', 'not synced');
  await item.getByRole('button', { name: 'Look again' }).first().click();
  await expect(item.getByRole('treeitem', { name: /new notebook/ })).toBeVisible();
  await shoot('conflicts-and-changes');
  await item.getByText('What would a sync do?').click();
  await item.getByRole('button', { name: 'Look', exact: true }).click();
  await expect(item.getByText(/A sync of “whales” would/)).toBeVisible();
  await item.locator('summary', { hasText: /^Comes down/ }).scrollIntoViewIfNeeded();
  await item.locator('.jp-Projects-actions').last().scrollIntoViewIfNeeded();
  await shoot('preview');
  await item.getByText('What would a sync do?').click();
});

test('conflicts side by side', async () => {
  for (const [path, name] of [
    ['README.md', 'conflict-text'],
    ['counting.ipynb', 'conflict-notebook']
  ] as const) {
    await execute(page, 'projects:show-conflict', { projectId: id, path });
    const view = page.locator('.jp-Projects-review:visible');
    await expect(view.getByRole('button', { name: 'Keep mine' })).toBeVisible();
    await shoot(name);
  }
});

test('while it goes on, paused, with a problem, and offline', async ({ product }) => {
  const item = await unfold(page, 'whales');
  const head = item.getByRole('heading').getByRole('button', { name: 'whales', exact: true });
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => (release = resolve));
  await study.write('data/large.bin', 'x'.repeat(3_000_000));
  await page.route('**/storage/**', async route => {
    await held;
    await route.fallback();
  });
  const running = sync();
  await expect(item.getByRole('progressbar')).toBeVisible();
  await head.scrollIntoViewIfNeeded();
  await shoot('syncing');
  release();
  await page.unroute('**/storage/**');
  await running;

  await execute(page, 'projects:pause', { projectId: id });
  await expect(item.getByText('Paused').first()).toBeVisible();
  await shoot('paused');
  await execute(page, 'projects:resume', { projectId: id });

  await symlink('..', join(study.path, 'data/loop'));
  await sync();
  await item.locator('.jp-Projects-problems').scrollIntoViewIfNeeded();
  await shoot('problem');
  await study.remove('data/loop');
  await sync();

  await page.route(`${product.cloud.url}/**`, route => route.abort());
  await execute(page, 'projects:list', { refresh: true }).catch(() => undefined);
  await expect(page.getByRole('heading', { name: 'The cloud does not answer' })).toBeVisible();
  await page.getByRole('heading', { name: 'The cloud does not answer' }).scrollIntoViewIfNeeded();
  await shoot('offline');
  await page.unroute(`${product.cloud.url}/**`);
  await execute(page, 'projects:list', { refresh: true });
  await expect(page.getByRole('heading', { name: 'The cloud does not answer' })).toHaveCount(0);
});

test('history, and deleted files', async () => {
  await execute(page, 'projects:resolve-conflict', {
    projectId: id,
    path: 'README.md',
    choice: 'keep-local'
  });
  await execute(page, 'projects:show-history', { projectId: id, path: 'README.md' });
  await expect(page.locator('.jp-Projects-review:visible tbody tr').nth(1)).toBeVisible();
  await shoot('history');
  await study.remove('data/raw/log.txt');
  await sync();
  await execute(page, 'projects:show-deleted', { projectId: id });
  await expect(
    page.locator('.jp-Projects-review:visible').getByText('data/raw/log.txt')
  ).toBeVisible();
  await shoot('deleted-files');
});

test('the activity, a stopped sync, sharing, and the places in JupyterLab', async () => {
  await execute(page, 'projects:show-activity');
  const panel = await openPanel(page);
  await panel.locator('.jp-Projects-activity').last().scrollIntoViewIfNeeded();
  await shoot('activity');
  for (let at = 0; at < 60; at += 1) {
    await study.write(`data/parts/${at}.txt`, `part ${at}`);
  }
  await sync();
  await study.remove('data');
  await sync();
  const item = await unfold(page, 'whales');
  await item
    .getByRole('button', { name: /Approve|Delete/ })
    .first()
    .scrollIntoViewIfNeeded();
  await shoot('stopped');
  await execute(page, 'projects:restore', { projectId: id });
  await item.getByRole('button', { name: 'Share…' }).click();
  await expect(
    page.locator('.jp-Projects-sharingDialog').getByRole('combobox').first()
  ).toBeVisible();
  await shoot('sharing');
  await page.keyboard.press('Escape');
  await study.write('data/counts.csv', 'month,count\nMay,13\n');
  await execute(page, 'projects:status', { projectId: id });
  await openFileBrowser(page, 'whales');
  await shoot('file-browser');
  await page.locator('#filebrowser .jp-DirListing-item').last().click({ button: 'right' });
  await expect(page.locator('.lm-Menu').first()).toBeVisible();
  await page.screenshot({ path: `${FOLDER}/context-menu-light.png` });
  await page.keyboard.press('Escape');
  await execute(page, 'launcher:create').catch(() => undefined);
  await shoot('launcher');
  await openPalette(page);
  await page.keyboard.type('projects');
  await page.screenshot({ path: `${FOLDER}/palette-light.png` });
  await page.keyboard.press('Escape');
  await page.evaluate(
    () => void window.jupyterapp.commands.execute('settingeditor:open', { query: 'Projects' })
  );
  await expect(page.getByRole('heading', { name: 'Cloud address' })).toBeVisible();
  await shoot('settings');
});

function counting(source: string, output: string): string {
  const cells = [
    proseCell('title', '## Counting whales'),
    codeCell('read', 'counts = [12, 31]'),
    codeCell('count', source, { outputs: [stream(`${output}\n`)] })
  ];
  const kernelspec = { name: 'python3', display_name: 'Python 3', language: 'python' };
  return written({ ...notebook(cells), metadata: { kernelspec } });
}
