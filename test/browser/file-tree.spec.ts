import type { Locator, Page } from '@playwright/test';

import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, reloadLab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture, setWidth } from './support/looks';
import {
  changeSettings,
  openTreeFolder,
  projectItem,
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
