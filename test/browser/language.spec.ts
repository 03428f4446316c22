import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { ProjectFiles } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, test } from './fixtures';
import { changeSettings, fileItem, openPalette } from './support/person';
import { speakPseudo, untranslated } from './support/untranslated';

test.use({ scenario: 'language' });
test.describe.configure({ mode: 'serial' });

const PANEL = '#jp-projects-panel';
const STATUS = '#jp-main-statusbar .jp-Projects-statusItem';

let page: Page;
let root: Folder;
let id = '';
/** What is nobody's to translate. */
const data = ['alice', 'Sample project', 'A study', 'a-study', 'plain'];

/** @returns what is not translated, but for the names of files */
async function left(selector: string): Promise<string[]> {
  const { files } = id
    ? await execute<ProjectFiles>(page, 'projects:status', { projectId: id })
    : { files: [] };
  const names = files.flatMap(({ path }) => [path, ...path.split('/')]);
  return untranslated(page, selector, [...data, ...names, 'gone.txt']);
}

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  root = new Folder(product.lab.root);
  page = await (await browser.newContext()).newPage();
  await speakPseudo(page);
  await openLab(page, product);
});

test.afterAll(async () => {
  await page?.context().close();
});

test('signed out, all is said in the language of the page', async () => {
  await page.locator(`.jp-SideBar [data-id="jp-projects-panel"]`).click();
  await expect(page.locator(`${PANEL} input`)).toBeVisible();
  expect(await page.locator(PANEL).innerText()).toContain('⟦');
  expect(await left(`${PANEL}, ${STATUS}`)).toEqual([]);
});

test('a project with all that can be said of it is told in the language of the page', async ({
  product
}) => {
  const { url, keys } = product.cloud;
  await page.locator(`${PANEL} input`).first().fill(keys.alice);
  await page.locator(`${PANEL} .jp-Projects-signIn button[type="submit"]`).click();
  await expect(page.locator(`${PANEL} .jp-Projects-signIn`)).toHaveCount(0);
  await expect(page.locator(`${PANEL} [aria-current="step"]`)).toContainText('2');
  expect(await left(`${PANEL}, ${STATUS}`)).toEqual([]);
  for (const name of ['edited.txt', 'notes/kept.txt', 'conflict.txt', 'gone.txt']) {
    await root.write(`a-study/${name}`, '0');
  }
  await root.write('a-study/book.ipynb', notebook('0'));
  const created = await execute<{ projectId: string }>(page, 'projects:create', {
    path: 'a-study',
    title: 'A study'
  });
  id = created.projectId;
  const project = new RawProject(url, keys.alice, id);
  await root.write('a-study/conflict.txt', '1');
  await root.write('a-study/book.ipynb', notebook('1'));
  await root.remove('a-study/gone.txt');
  await project.write('conflict.txt', '2');
  await project.write('book.ipynb', notebook('2'));
  await project.write('came.txt', '4');
  await symlink('..', join(root.path, 'a-study/notes/loop'));
  await execute(page, 'projects:sync', { projectId: id });
  await root.write('a-study/edited.txt', '3');
  await project.write('more.txt', '5');
  await root.write('a-study/kept.tmp', '6');
  await execute(page, 'projects:show', { projectId: id, section: 'activity' });
  await expect(page.locator(`${PANEL} [role="treeitem"]`).first()).toBeVisible();
  for (const fold of await page.locator(`${PANEL} summary`).all()) {
    if (!(await fold.evaluate(each => each.parentElement?.hasAttribute('open')))) {
      await fold.click();
    }
  }
  expect(await left(`${PANEL}, ${STATUS}`)).toEqual([]);
});

test('conflicts, versions and deleted files are told in the language of the page', async () => {
  for (const [command, path] of [
    ['projects:show-conflict', 'conflict.txt'],
    ['projects:show-conflict', 'book.ipynb'],
    ['projects:show-history', 'edited.txt'],
    ['projects:show-deleted', null]
  ] as const) {
    await execute(page, command, { projectId: id, ...(path !== null && { path }) });
    const view = page.locator('.jp-Projects-review:visible');
    await expect(view).toHaveCount(1);
    await expect(view.locator('button').first()).toBeVisible();
    expect(await left('.jp-Projects-review'), `${command} ${path}`).toEqual([]);
  }
});

test('menus, the palette and dialogs are told in the language of the page', async () => {
  await execute(page, 'filebrowser:go-to-path', { path: 'a-study', showBrowser: true });
  await fileItem(page, 'edited.txt').click({ button: 'right' });
  const ours = '.lm-Menu-item[data-command^="projects:"]:not(.lm-mod-hidden)';
  await expect(page.locator(ours).first()).toBeVisible();
  expect(await left(ours)).toEqual([]);
  await page.keyboard.press('Escape');
  // Badges, toolbars, notices at documents, and the launcher's cards.
  await page.evaluate(
    () =>
      void window.jupyterapp.commands.execute('docmanager:open', { path: 'a-study/conflict.txt' })
  );
  await expect(page.locator('.jp-FileEditor')).toBeVisible();
  await expect(page.locator('#filebrowser [class*="jp-Projects-"]').first()).toBeVisible();
  expect(await left('[class*="jp-Projects-"]')).toEqual([]);
  await page.evaluate(() => void window.jupyterapp.commands.execute('launcher:create'));
  const cards = '.jp-LauncherCard[title^="⟦"]';
  await expect(page.locator(cards).last()).toBeVisible();
  expect(await left(cards)).toEqual([]);
  await openPalette(page);
  await page.keyboard.type('⟦');
  const found = '.lm-CommandPalette-item[data-command^="projects:"]';
  expect(await page.locator(found).count()).toBeGreaterThan(15);
  expect(await left(found)).toEqual([]);
  await page.keyboard.press('Escape');
  await root.write('plain/0.txt', '0');
  for (const [command, args] of [
    ['projects:create', { path: 'plain' }],
    ['projects:unlink', { projectId: id }],
    ['projects:share', { projectId: id }],
    ['projects:delete', { projectId: id }]
  ] as const) {
    await page.evaluate(
      ([name, given]) =>
        void window.jupyterapp.commands.execute(name, { ...given, interactive: true }),
      [command, args] as const
    );
    await expect(page.locator('.jp-Dialog')).toBeVisible();
    // Its buttons are JupyterLab's, where they say what all dialogs say; so is the one that closes it.
    const parts = '.jp-Dialog-header > :not(button), .jp-Dialog-body';
    expect(await left(parts), command).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  }
});

function notebook(text: string): string {
  const cell = { cell_type: 'markdown', id: 'one', metadata: {}, source: text };
  return JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
}
