import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import type { ProjectSummary } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, openPanel, projectsTab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture, setWidth } from './support/looks';
import {
  changeSettings,
  fileItem,
  menuLabels,
  openContextMenu,
  openFileBrowser,
  openPalette,
  openTreeFolder,
  projectItem,
  statusOf,
  syncNow,
  treeRow,
  unfold
} from './support/person';

test.use({ scenario: 'panel' });
test.describe.configure({ mode: 'serial' });

const OURS = ['Turn into a project…', 'Sync now', 'Show in Projects'];

let page: Page;
let root: Folder;
let sample: string;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  root = new Folder(product.lab.root);
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
});

test.afterAll(async () => {
  await page?.context().close();
});

test('signed out, the panel and the status bar say so, and how to sign in', async () => {
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'Sign in to your projects' })).toBeVisible();
  await expect(panel.getByLabel('API key')).toBeVisible();
  await expect(panel.getByText('kept in this browser only')).toBeVisible();
  await expect(statusItem('Projects: signed out')).toBeVisible();
  await panel.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(panel.getByRole('alert')).toHaveText('Type your API key first.');
  await picture(page, 'signed-out');
});

test('without a project the panel says what a project is, and how to make one', async ({
  product
}) => {
  const { url, keys } = product.cloud;
  sample = (await RawProject.all(url, keys.alice))[0] ?? '';
  await new RawProject(url, keys.alice, sample).removeRoot();
  await signIn(page, keys.alice);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Hide these steps' }).click();
  await expect(panel.getByRole('heading', { name: 'No projects yet' })).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Turn a folder into a project…' })).toHaveCount(2);
  await expect(statusItem('Projects: none here yet')).toBeVisible();
  await picture(page, 'empty');
});

test('while it starts, the panel says what it waits for', async ({ product }) => {
  const pattern = `${product.cloud.url}/capabilities`;
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route(pattern, async route => {
    await held;
    await route.fallback();
  });
  await openLab(page, product);
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'Starting…' })).toBeVisible();
  await expect(statusItem('Projects: starting…')).toBeVisible();
  await picture(page, 'loading');
  release();
  await expect(panel.getByRole('region', { name: 'First steps' })).toBeVisible();
  await page.unroute(pattern);
});

test('the context menu offers what applies, and nothing else', async () => {
  await root.write('plain/file.txt', 'text');
  await root.write('study/notes/file.txt', 'text');
  await root.write('outer/inner/file.txt', 'text');
  await openFileBrowser(page);
  expect(await offered('plain')).toEqual(['Turn into a project…']);

  await chooseFromMenu('study', 'Turn into a project…');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox')).toHaveValue('study');
  await picture(page, 'create-dialog');
  await dialog.getByRole('textbox').fill('A study');
  await dialog.getByRole('button', { name: 'Ok' }).click();
  await expect(page.getByText('“A study” is synced: 2 changes.')).toBeVisible();
  await execute(page, 'projects:create', { path: 'outer/inner' });

  await openFileBrowser(page);
  expect(await offered('study')).toEqual(['Sync now', 'Show in Projects']);
  expect(await offered('outer')).toEqual([]);
  expect(await offered('plain')).toEqual(['Turn into a project…']);
  await openFileBrowser(page, 'study/notes');
  expect(await offered('file.txt')).toEqual(['Sync now', 'Show in Projects']);
  await openFileBrowser(page, 'plain');
  expect(await offered('file.txt')).toEqual([]);
});

test('from the context menu a project is synced, and shown in the panel', async ({ product }) => {
  await root.write('study/notes/more.txt', 'more');
  await openFileBrowser(page);
  await chooseFromMenu('study', 'Sync now');
  await expect(page.getByText('“A study” is synced: 1 change.')).toBeVisible();
  expect(await (await inCloud(product, 'A study')).text('notes/more.txt')).toBe('more');
  await chooseFromMenu('study', 'Show in Projects');
  const item = await projectItem(page, 'A study');
  await expect(item.getByRole('button', { name: 'A study' })).toHaveAttribute(
    'aria-expanded',
    'true'
  );
  await openTreeFolder(item, 'notes');
  await expect(item.getByRole('treeitem')).toHaveCount(3);
  for (const name of ['file.txt, Synced', 'more.txt, Synced']) {
    await expect(item.getByRole('treeitem', { name })).toBeVisible();
  }
});

test('a project in detail: its files, what a sync would do, and what was done', async () => {
  await root.write('study/notes/file.txt', 'changed');
  await root.write('study/made here.ipynb', '{}');
  await root.write('study/kept.tmp', 'ignored');
  const item = await unfold(page, 'A study');
  await item.getByRole('button', { name: 'Look again' }).first().click();
  await openTreeFolder(item, 'notes');
  await expect(item.getByRole('treeitem', { name: /^file.txt, Changed here/ })).toBeVisible();
  await expect(item.getByRole('treeitem', { name: /^made here.ipynb, Only here/ })).toBeVisible();
  await expect(item.getByRole('treeitem', { name: /^kept.tmp, Ignored/ })).toBeVisible();
  await item.getByText('What would a sync do?').click();
  await item.getByRole('button', { name: 'Look', exact: true }).click();
  await expect(item.locator('.jp-Projects-actions')).toContainText('Update in the cloud');
  await expect(item.getByText('A sync of “A study” would make 2 changes.')).toBeVisible();
  await item.locator('summary', { hasText: 'Activity' }).click();
  await expect(item.locator('.jp-Projects-activity')).toContainText('notes/more.txt');
  await picture(page, 'details');
  await syncNow(page, 'A study');
  await expect(item.locator('.jp-Projects-activity li').first()).toContainText(/just now/);
  await expect(statusItem('Projects: synced')).toBeVisible();
});

test('a conflict is settled by a click, each choice as it says', async ({ product }) => {
  const project = await inCloud(product, 'A study');
  const names = ['mine.txt', 'theirs.txt', 'both.txt'];
  for (const name of names) {
    await root.write(`study/${name}`, 'base');
  }
  await syncNow(page, 'A study');
  for (const name of names) {
    await root.write(`study/${name}`, `${name} from here`);
    await project.write(name, `${name} from the cloud`);
  }
  const item = await syncNow(page, 'A study', '3 conflicts to resolve');
  await unfold(page, 'A study');
  await expect(statusItem('Projects: 3 conflicts')).toBeVisible();
  const conflicts = item.locator('.jp-Projects-conflicts');
  await expect(conflicts.locator('li')).toHaveCount(3);
  await picture(page, 'conflicts');

  const choose = async (name: string, label: string, left: number) => {
    const choices = conflicts.getByRole('group', { name });
    await choices.getByRole('button', { name: label }).click();
    await expect(conflicts.locator('li')).toHaveCount(left);
  };
  await choose('mine.txt', 'Keep mine', 2);
  await choose('theirs.txt', 'Keep the cloud’s', 1);
  await choose('both.txt', 'Keep both', 0);
  await expect(statusOf(item)).toHaveText('Synced');

  const texts = await new Folder(join(root.path, 'study')).texts();
  expect(texts['mine.txt']).toBe('mine.txt from here');
  expect(texts['theirs.txt']).toBe('theirs.txt from the cloud');
  expect(texts['both.txt']).toBe('both.txt from the cloud');
  const copies = Object.entries(texts).filter(([path]) => path.includes('(conflict '));
  expect(copies.map(([, text]) => text)).toEqual(['both.txt from here']);
  const files = await project.files();
  for (const name of [...names, ...copies.map(([path]) => path)]) {
    expect(Buffer.from(files.get(name) ?? []).toString(), name).toBe(texts[name]);
  }
});

test('what can’t be synced is listed with its reason, and stops nothing else', async ({
  product
}) => {
  await symlink('..', join(root.path, 'study/notes/loop'));
  await root.write('study/notes/more.txt', 'still synced');
  const item = await syncNow(page, 'A study', /^1 problem$/);
  await unfold(page, 'A study');
  await expect(item.locator('.jp-Projects-problems li')).toContainText(['notes/loop']);
  await expect(item.locator('.jp-Projects-problems li .jp-Projects-quiet')).toHaveText(/\w{3}/);
  await expect(statusItem('Projects: 1 problem')).toBeVisible();
  expect(await (await inCloud(product, 'A study')).text('notes/more.txt')).toBe('still synced');
  await picture(page, 'problem');
  await root.remove('study/notes/loop');
  await syncNow(page, 'A study');
});

test('a cloud that fails is said to, with the way on; and when none is set too', async ({
  product
}) => {
  const pattern = `${product.cloud.url}/capabilities`;
  await page.route(pattern, route => route.fulfill({ status: 200, body: '<html>not it</html>' }));
  await openLab(page, product);
  const panel = await openPanel(page);
  await expect(panel.getByRole('alert')).toContainText('does not fit the Projects API');
  await expect(panel.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Open the settings' })).toBeVisible();
  await expect(statusItem('Projects: needs attention')).toBeVisible();
  await picture(page, 'error');
  await page.unroute(pattern);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByRole('alert')).toHaveCount(0);
  await expect(statusOf(await projectItem(page, 'A study'))).toHaveText(
    'Waiting for its first look'
  );

  await changeSettings(product, { autoSync: false, cloudUrl: '' });
  await openLab(page, product);
  await expect(
    (await openPanel(page)).getByRole('heading', { name: 'No cloud is set' })
  ).toBeVisible();
  await expect(statusItem('Projects: no cloud is set')).toBeVisible();
  await page.getByRole('button', { name: 'Open the settings' }).click();
  await expect(page.getByRole('heading', { name: 'Cloud address' })).toBeVisible();
  await picture(page, 'no-cloud');
  await changeSettings(product, { autoSync: false });
});

test('a paused project says so; the status bar leads to the panel', async ({ product }) => {
  await openLab(page, product);
  await syncNow(page, 'A study');
  const item = await projectItem(page, 'A study');
  await item.getByRole('button', { name: 'Pause' }).click();
  await expect(statusOf(item)).toHaveText('Paused');
  await picture(page, 'paused');
  await item.getByRole('button', { name: 'Resume' }).click();
  await expect(statusOf(item)).toHaveText('Synced');

  await openFileBrowser(page);
  const panel = page.getByRole('region', { name: 'Projects', exact: true });
  await expect(panel).toBeHidden();
  await statusItem(/^Projects: /).click();
  await expect(panel).toBeVisible();
});

test('it syncs by itself a moment after a save, where the settings say so', async ({ product }) => {
  await changeSettings(product, { autoSync: true });
  await openLab(page, product);
  const item = await projectItem(page, 'A study');
  await expect(statusOf(item)).toHaveText('Synced');
  await openFileBrowser(page, 'study/notes');
  await fileItem(page, 'file.txt').dblclick();
  await page.locator('.jp-FileEditor .cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('saved and gone');
  await page.keyboard.press('ControlOrMeta+s');
  const project = await inCloud(product, 'A study');
  await expect.poll(() => project.text('notes/file.txt')).toBe('saved and gone');
  await changeSettings(product, { autoSync: false });
});

test('by keyboard alone: sign in, open a project, sync, settle a conflict', async ({
  browser,
  product
}) => {
  const { url, keys } = product.cloud;
  const project = await RawProject.create(url, keys.alice, 'by-keyboard');
  await project.write('file.txt', 'base');
  const own = await browser.newContext();
  const keyboard = await own.newPage();
  try {
    await openLab(keyboard, product);
    await fromPalette(keyboard, 'Show Projects Panel');
    await expect(keyboard.getByLabel('API key')).toBeFocused();
    await keyboard.keyboard.type(keys.alice);
    await keyboard.keyboard.press('Enter');
    const item = keyboard.locator('.jp-Projects-item', { hasText: 'By keyboard' });
    await expect(item).toBeVisible();

    await tabTo(keyboard, item.getByRole('button', { name: 'Open here' }));
    await keyboard.keyboard.press('Enter');
    await expect(statusOf(item)).toHaveText('Synced');
    await tabTo(keyboard, item.getByRole('button', { name: 'By keyboard', exact: true }));
    await keyboard.keyboard.press('Enter');
    await expect(treeRow(item, 'file.txt')).toBeVisible();

    await root.write('Projects/by-keyboard/file.txt', 'from here');
    await project.write('file.txt', 'from the cloud');
    await tabTo(keyboard, item.getByRole('button', { name: 'Sync now' }));
    await keyboard.keyboard.press('Enter');
    await expect(statusOf(item)).toHaveText('1 conflict to resolve');
    await tabTo(keyboard, item.getByRole('button', { name: 'Keep mine' }));
    await picture(keyboard, 'keyboard-conflict');
    await keyboard.keyboard.press('Space');
    await expect(statusOf(item)).toHaveText('Synced');
    expect(await project.text('file.txt')).toBe('from here');
    const panel = keyboard.getByRole('region', { name: 'Projects', exact: true });
    await expect(panel.locator(':focus')).toHaveCount(1);
  } finally {
    await own.close();
  }
});

test('it reads well at both widths, in light and in dark', async ({ product }) => {
  const project = await inCloud(product, 'A study');
  await root.write('study/a rather long folder name/and a file with a long name.ipynb', 'here');
  await project.write('a rather long folder name/and a file with a long name.ipynb', 'there');
  await openLab(page, product);
  await syncNow(page, 'A study', '1 conflict to resolve');
  const item = await unfold(page, 'A study');
  await expect(item.locator('.jp-Projects-conflicts li')).toHaveCount(1);
  await execute(page, 'projects:show-activity');
  const expectNoOverflow = async () => {
    const panel = await openPanel(page);
    const scroll = panel.locator('.jp-Projects-scroll');
    await expect.poll(() => scroll.evaluate(node => node.scrollWidth - node.clientWidth)).toBe(0);
  };
  await inEachTheme(page, async theme => {
    for (const width of [250, 320, 400]) {
      await setWidth(page, width);
      await expectNoOverflow();
      await picture(page, `${theme}-${width}`);
    }
    await expectAccessible(page);
  });
  await setWidth(page, 320);
  await page.evaluate(() => {
    // The other sizes follow from it.
    document.documentElement.style.setProperty('--jp-ui-font-size1', '26px');
  });
  await expectNoOverflow();
  await picture(page, 'large-text-320');
  await page.evaluate(() => document.documentElement.removeAttribute('style'));
  await expect(projectsTab(page)).toBeVisible();
});

function statusItem(text: string | RegExp): Locator {
  return page.locator('.jp-Projects-statusButton').filter({ hasText: text });
}

/** Those of our entries that the context menu of a file or folder shows. */
async function offered(name: string): Promise<string[]> {
  const menu = await openContextMenu(page, name);
  const labels = await menuLabels(menu);
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  return labels.filter(label => OURS.includes(label));
}

async function chooseFromMenu(name: string, label: string): Promise<void> {
  const menu = await openContextMenu(page, name);
  await menu.locator('.lm-Menu-item', { hasText: label }).click();
}

/** The project as the cloud has it, past the page. */
async function inCloud(
  { cloud }: { cloud: { url: string; keys: { alice: string } } },
  title: string
): Promise<RawProject> {
  const projects = await execute<ProjectSummary[]>(page, 'projects:list');
  const id = projects.find(project => project.title === title)?.id ?? '';
  return new RawProject(cloud.url, cloud.keys.alice, id);
}

/** A launcher that opens late takes the keyboard once more, which closes the palette: then it is opened again. */
async function fromPalette(on: Page, label: string): Promise<void> {
  await expect(async () => {
    await openPalette(on);
    await on.keyboard.press('ControlOrMeta+a');
    await on.keyboard.type(label);
    await expect(on.locator('.lm-CommandPalette-item.lm-mod-active')).toContainText(label, {
      timeout: 2000
    });
  }).toPass();
  await on.keyboard.press('Enter');
}

/** Presses Tab until the keyboard is there, as far as there are places to go. */
async function tabTo(on: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate(node => node === document.activeElement)) {
      return;
    }
    await on.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not get there.');
}
