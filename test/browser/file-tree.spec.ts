import type { Locator, Page } from '@playwright/test';

import type { ProjectFiles } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, openPanel, reloadLab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture, setWidth } from './support/looks';
import {
  changeSettings,
  openFileBrowser,
  openTreeFolder,
  projectItem,
  statusOf,
  syncNow,
  treeRow,
  unfold
} from './support/person';

test.use({ scenario: 'file-tree' });
test.describe.configure({ mode: 'serial' });

const TITLE = 'Survey';

let page: Page;
let root: Folder;
let project: RawProject;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  root = new Folder(product.lab.root);
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  for (const name of [
    'notes.md',
    'data/2024/a.csv',
    'data/2024/b.csv',
    'data/2025/c.csv',
    'data/2025/d.csv'
  ]) {
    await root.write(`survey/${name}`, `${name} as it was`);
  }
  const { projectId } = await execute<{ projectId: string }>(page, 'projects:create', {
    path: 'survey',
    title: TITLE
  });
  project = new RawProject(product.cloud.url, product.cloud.keys.alice, projectId);
});

test.afterAll(async () => {
  await page?.context().close();
});

test('a file is opened by a double click, and by Enter', async () => {
  const item = await unfold(page, TITLE);
  await treeRow(item, 'notes.md').dblclick();
  await expect(mainTab('notes.md')).toBeVisible();
  await openTreeFolder(item, 'data');
  await openTreeFolder(item, 'data/2025');
  const tree = item.getByRole('tree', { name: `Files of ${TITLE}` });
  await tree.focus();
  await page.keyboard.type('c.csv');
  await expect(treeRow(item, 'data/2025/c.csv')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(mainTab('c.csv')).toBeVisible();
});

test('each status is told by letter, icon and words, and rolls up to its folders', async () => {
  await root.write('survey/data/2024/a.csv', 'changed here');
  await root.write('survey/data/2024/new.csv', 'new here');
  await root.remove('survey/data/2025/d.csv');
  await project.write('cloud only.txt', 'new there');
  await project.write('notes.md', 'changed there');
  const item = await unfold(page, TITLE);
  await item.getByRole('button', { name: 'Look again' }).first().click();
  await openTreeFolder(item, 'data/2024');
  await expectRow(item, 'data/2024/a.csv', 'U', 'Changed here: goes up');
  await expectRow(item, 'data/2024/new.csv', 'U', 'Only here: goes up');
  await expectRow(item, 'data/2025/d.csv', 'U', 'Deleted here: is deleted in the cloud');
  await expectRow(item, 'cloud only.txt', 'D', 'Only in the cloud: comes down');
  await expectRow(item, 'notes.md', 'D', 'Changed in the cloud: comes down');
  await expect(treeRow(item, 'data')).toHaveAttribute('aria-label', 'data, 3 go up');
  await expect(treeRow(item, 'data').locator('.jp-Projects-rowCount')).toHaveText('3');
  await inEachTheme(page, async theme => {
    for (const width of [320, 520]) {
      await setWidth(page, width);
      await picture(page, `tree-${theme}-${width}`);
    }
    await expectAccessible(page);
  });
});

test('the groups at the top show what goes up or comes down alone', async () => {
  const item = await unfold(page, TITLE);
  await item.getByRole('button', { name: 'Comes down 2' }).click();
  await expect(item.getByRole('treeitem')).toHaveCount(2);
  await expect(item.getByRole('status').filter({ hasText: 'Shown: 2 of' })).toBeVisible();
  await item.getByRole('button', { name: 'Goes up 3' }).click();
  await expect(treeRow(item, 'data/2024/new.csv')).toBeVisible();
  await expect(treeRow(item, 'notes.md')).toHaveCount(0);
  await item.getByRole('button', { name: 'Goes up 3' }).click();
  await syncNow(page, TITLE);
  await expect(item.getByRole('group', { name: 'Show only' })).toHaveCount(0);
  await expectRow(item, 'cloud only.txt', 'S', 'Synced');
  await expect(treeRow(item, 'data/2025/d.csv')).toHaveCount(0);
});

test('by keyboard alone: through the tree, its menu, and back', async () => {
  const item = await unfold(page, TITLE);
  const tree = item.getByRole('tree', { name: `Files of ${TITLE}` });
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await expect(treeRow(item, 'data')).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowRight');
  await expect(treeRow(item, 'data')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('End');
  await expect(treeRow(item, 'notes.md')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+F10');
  const menu = page.locator('.lm-Menu');
  await expect(menu.getByText('Show in the File Browser')).toBeVisible();
  await picture(page, 'menu');
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(tree).toBeFocused();
  await treeRow(item, 'notes.md').click({ button: 'right' });
  await menu.getByText('Show in the File Browser').click();
  await expect(page.locator('#filebrowser .jp-DirListing-item.jp-mod-selected')).toContainText(
    'notes.md'
  );
});

test('what was open is open after a reload', async () => {
  const item = await unfold(page, TITLE);
  await openTreeFolder(item, 'data');
  await openTreeFolder(item, 'data/2024');
  // It is written down a moment later, with the layout of JupyterLab.
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const { workspaces } = window.jupyterapp.serviceManager;
        const ids = (await workspaces.list()).ids;
        const found = await Promise.all(ids.map(id => workspaces.fetch(id)));
        return JSON.stringify(found);
      })
    )
    .toContain('data/2024');
  await reloadLab(page);
  const again = await projectItem(page, TITLE);
  await expect(treeRow(again, 'data/2024/a.csv')).toBeVisible();
});

test('while a sync goes on, the tree shows its files, and the status bar how far it is', async ({
  product
}) => {
  const pattern = `${product.cloud.url}/*/commits`;
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => (release = resolve));
  await root.write('survey/data/2025/c.csv', 'in work');
  await page.route(pattern, async route => {
    await held;
    await route.fallback();
  });
  const item = await unfold(page, TITLE);
  await item.getByRole('button', { name: 'Sync now' }).click();
  await expect(statusOf(item)).toHaveText('Syncing 0 of 1');
  await openTreeFolder(item, 'data');
  await openTreeFolder(item, 'data/2025');
  await expectRow(item, 'data/2025/c.csv', 'W', 'Syncing');
  const { files } = await execute<ProjectFiles>(page, 'projects:status', { path: 'survey' });
  expect(files.filter(({ status }) => status === 'syncing').map(({ path }) => path)).toEqual([
    'data/2025/c.csv'
  ]);
  const status = page.locator('.jp-Projects-statusItem');
  await expect(status).toContainText('Projects: syncing 0 of 1');
  await expect(status.getByRole('button', { name: 'Cancel the sync' })).toBeVisible();
  await expectAccessible(page);
  await openFileBrowser(page);
  await openPanel(page);
  await expect(item.getByRole('progressbar')).toBeVisible();
  await picture(page, 'syncing');
  release();
  await expect(statusOf(item)).toHaveText('Synced');
  await expectRow(item, 'data/2025/c.csv', 'S', 'Synced');
  await page.unroute(pattern);
});

test('what a sync did is found in the activity, and undone', async () => {
  const item = await unfold(page, TITLE);
  await item.locator('summary', { hasText: 'Activity' }).click();
  await item.getByRole('searchbox', { name: 'Only files with' }).fill('c.csv');
  await item.getByRole('combobox', { name: 'Only' }).selectOption('What went up');
  const lines = item.locator('.jp-Projects-activity li');
  await expect(lines.first()).toContainText('Updated in the cloud');
  await expect(lines.filter({ hasNotText: 'c.csv' })).toHaveCount(0);
  await lines.first().getByRole('button', { name: 'Undo…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('What it holds now stays an earlier version.');
  await dialog.getByRole('button', { name: 'Bring back' }).click();
  await expect(page.getByText('“data/2025/c.csv” is as it was before.')).toBeVisible();
  expect((await root.texts())['survey/data/2025/c.csv']).toBe('data/2025/c.csv as it was');
  await picture(page, 'activity');
});

test('a stopped deletion shows every file, and what each answer does', async () => {
  const item = await unfold(page, TITLE);
  for (let index = 0; index < 150; index += 1) {
    await root.write(`survey/bulk/${index}.txt`, `${index}`);
  }
  await syncNow(page, TITLE);
  await root.remove('survey/bulk');
  await syncNow(page, TITLE, /^Stopped: it would have deleted most of the files/);
  const stopped = item.getByRole('region', { name: 'Stopped for safety' });
  await stopped.locator('summary', { hasText: /delete or overwrite: 15\d paths/ }).click();
  await expect(stopped.getByRole('listitem').first()).toContainText('Delete in the cloud');
  expect(await stopped.getByRole('listitem').count()).toBeLessThan(100);
  await expect(stopped.getByRole('button', { name: 'Approve' })).toBeVisible();
  await inEachTheme(page, async theme => {
    await picture(page, `stopped-${theme}`);
    await expectAccessible(page);
  });
  await stopped.getByRole('button', { name: 'Restore' }).click();
  await expect(statusOf(item)).toHaveText('Synced', { timeout: 60_000 });
  expect(Object.keys(await root.texts())).toContain('survey/bulk/149.txt');
});

test('10,000 files scroll, with a few dozen rows at a time', async () => {
  test.slow();
  const files = Array.from({ length: 10_000 }, (_, index) => index);
  for (let from = 0; from < files.length; from += 500) {
    await Promise.all(
      files
        .slice(from, from + 500)
        .map(index => root.write(`survey/many/file ${index}.txt`, `${index}`))
    );
  }
  const item = await unfold(page, TITLE);
  await item.getByRole('button', { name: 'Look again' }).first().click();
  await expect(item.getByRole('button', { name: 'Goes up 10001' })).toBeVisible({
    timeout: 90_000
  });
  await openTreeFolder(item, 'many');
  const tree = item.getByRole('tree', { name: `Files of ${TITLE}` });
  await expect(treeRow(item, 'many/file 0.txt')).toHaveAttribute('aria-setsize', '10000');
  await tree.evaluate(node => {
    node.scrollTop = node.scrollHeight / 2;
  });
  await expect(treeRow(item, 'many/file 0.txt')).toHaveCount(0);
  expect(await item.getByRole('treeitem').count()).toBeLessThan(80);
  await tree.focus();
  await page.keyboard.type('file 9999');
  await expect(treeRow(item, 'many/file 9999.txt')).toBeVisible();
  await picture(page, 'many');
  await root.remove('survey/many');
});

function mainTab(name: string): Locator {
  return page.locator('#jp-main-dock-panel').getByRole('tab', { name });
}

async function expectRow(
  item: Locator,
  path: string,
  letter: string,
  words: string
): Promise<void> {
  const row = treeRow(item, path);
  await expect(row).toHaveAttribute('aria-label', new RegExp(`, ${words}`));
  await expect(row.locator('.jp-Projects-rowLetter')).toHaveText(letter);
  await expect(row.locator('.jp-Projects-status svg')).toBeVisible();
}
