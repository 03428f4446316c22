import type { Page } from '@playwright/test';

import type { ProjectSummary } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, openPanel, reloadLab, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture, setWidth } from './support/looks';
import { changeSettings, projectItem, statusOf, treeRow } from './support/person';

test.use({ scenario: 'first-run' });
test.describe.configure({ mode: 'serial' });

let page: Page;
let root: Folder;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  root = new Folder(product.lab.root);
  await root.write('thesis/chapter.md', 'a chapter');
  await root.write('thesis/data/numbers.csv', '1,2,3');
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
});

test.afterAll(async () => {
  await page?.context().close();
});

test('three steps lead from signed out to a synced project, each saying what happens to files', async ({
  product
}) => {
  const panel = await openPanel(page);
  const steps = panel.getByRole('region', { name: 'First steps' });
  const current = steps.locator('[aria-current="step"]');
  await expect(current).toHaveText('1Sign in');
  await expect(steps.getByText('No file is read or sent')).toBeVisible();
  await look('sign-in');
  await steps.getByLabel('API key').fill(product.cloud.keys.alice);
  await steps.getByRole('button', { name: 'Sign in', exact: true }).click();

  await expect(current).toHaveText('2Choose a project');
  await expect(steps.getByText('Nothing happens to any file in this step')).toBeVisible();
  await look('choose');
  await steps.getByRole('button', { name: 'Choose a folder…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.jp-DirListing-item', { hasText: 'thesis' }).click();
  await dialog.getByRole('button', { name: 'Select' }).click();

  await expect(current).toHaveText('3First sync');
  await expect(steps.getByText('The folder “thesis” becomes the project “thesis”')).toBeVisible();
  await expect(steps.locator('summary', { hasText: 'Goes up: 3 changes, 14 byte' })).toBeVisible();
  await expect(steps.getByRole('listitem').filter({ hasText: 'chapter.md' })).toContainText(
    'Upload'
  );
  await look('start');
  expect(await titles()).toEqual(['Sample project']);

  await reloadLab(page);
  await expect((await openPanel(page)).locator('[aria-current="step"]')).toHaveText('3First sync');
  await steps.getByRole('button', { name: 'Start the first sync' }).click();
  const item = await projectItem(page, 'thesis');
  await expect(statusOf(item)).toHaveText('Synced');
  await expect(steps).toHaveCount(0);
  await expect(treeRow(item, 'chapter.md')).toBeVisible();
  const id = (await execute<ProjectSummary[]>(page, 'projects:list')).find(
    ({ title }) => title === 'thesis'
  )?.id;
  const { url, keys } = product.cloud;
  expect(await new RawProject(url, keys.alice, id ?? '').text('chapter.md')).toBe('a chapter');
});

test('a project of the cloud comes to the folder that was told, by keyboard alone', async () => {
  for (const { id, localPath } of await execute<ProjectSummary[]>(page, 'projects:list')) {
    if (localPath !== null) {
      await execute(page, 'projects:unlink', { projectId: id });
    }
  }
  const panel = await openPanel(page);
  const steps = panel.getByRole('region', { name: 'First steps' });
  await steps.getByRole('combobox').focus();
  await page.keyboard.type('Sample');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(steps.getByText('comes to the folder “Projects/sample-project”')).toBeVisible();
  await expect(steps.locator('summary', { hasText: /^Comes down: \d+ changes, / })).toBeVisible();
  const start = steps.getByRole('button', { name: 'Start the first sync' });
  await expect(start).toBeEnabled();
  await start.focus();
  await page.keyboard.press('Enter');
  const item = await projectItem(page, 'Sample project');
  await expect(statusOf(item)).toHaveText('Synced');
  await expect(item.getByRole('button', { name: 'Sample project', exact: true })).toBeFocused();
  expect(await new Folder(`${root.path}/Projects/sample-project`).paths()).not.toEqual([]);
});

/** Takes pictures in each theme, narrow and wide, and asks axe. */
async function look(step: string): Promise<void> {
  await inEachTheme(page, async theme => {
    await setWidth(page, 320);
    await picture(page, `${step}-${theme}-320`);
    await expectAccessible(page);
  });
}

async function titles(): Promise<string[]> {
  return (await execute<ProjectSummary[]>(page, 'projects:list')).map(({ title }) => title);
}
