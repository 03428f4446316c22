import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { openDocument } from './support/documents';
import { picture } from './support/looks';
import {
  changeSettings,
  fileItem,
  menuLabels,
  openContextMenu,
  openFileBrowser,
  openPalette
} from './support/person';

test.use({ scenario: 'places' });
test.describe.configure({ mode: 'serial' });

let page: Page;
let root: Folder;
let id: string;
let raw: RawProject;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  root = new Folder(product.lab.root);
  await root.write('whales/calm.txt', 'calm');
  await root.write('whales/data/deep/old.csv', 'old');
  await root.write('plain/readme.txt', 'plain');
  await root.write('top.txt', 'top');
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  const report = await execute<SyncReport>(page, 'projects:create', {
    path: 'whales',
    title: 'Whales'
  });
  id = report.projectId;
  raw = new RawProject(product.cloud.url, product.cloud.keys.alice, id);
});

test.afterAll(async () => {
  await page?.context().close();
});

test.describe('badges in the file browser', () => {
  test('mark the folder of a project, and nothing outside of projects', async () => {
    await openFileBrowser(page);
    await expect(
      fileItem(page, 'whales').getByRole('img', { name: 'Project “Whales”: Synced' })
    ).toBeVisible();
    await expect(fileItem(page, 'plain').getByRole('img')).toHaveCount(0);
    await expect(fileItem(page, 'top.txt').getByRole('img')).toHaveCount(0);
  });

  test('tell of each file its status, and of folders that of what is in them', async () => {
    await root.write('whales/data/deep/new.csv', 'new');
    await root.write('whales/clash.txt', 'mine');
    await raw.write('clash.txt', 'theirs');
    await raw.write('data/from-cloud.csv', 'far');
    await execute(page, 'projects:status', { projectId: id });
    await openFileBrowser(page, 'whales');
    await expect(fileItem(page, 'calm.txt').getByRole('img', { name: 'Synced' })).toBeVisible();
    const data = fileItem(page, 'data').getByRole('img');
    await expect(data).toHaveAccessibleName('In this folder: 1 goes up, 1 comes down');
    await expect(data).toHaveText('U');
    await openFileBrowser(page, 'whales/data/deep');
    await expect(
      fileItem(page, 'new.csv').getByRole('img', { name: /^Only here: goes up/ })
    ).toHaveText('U');
  });

  test('change when a sync ends, without a look at the folder', async () => {
    await openFileBrowser(page, 'whales/data/deep');
    await execute(page, 'projects:sync', { projectId: id });
    await expect(fileItem(page, 'new.csv').getByRole('img', { name: 'Synced' })).toBeVisible();
    await openFileBrowser(page, 'whales');
    await expect(fileItem(page, 'clash.txt').getByRole('img', { name: /^Conflict\. / })).toHaveText(
      'C'
    );
    await expect(fileItem(page, 'data').getByRole('img')).toHaveAccessibleName(
      'In this folder: All synced'
    );
    await openFileBrowser(page);
    await expect(fileItem(page, 'whales').getByRole('img')).toHaveAccessibleName(
      'Project “Whales”: 1 conflict to resolve'
    );
  });

  test('are seen in both themes and pass axe', async () => {
    await openFileBrowser(page, 'whales');
    await inEachTheme(page, async theme => {
      await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
      await picture(page, `badges-${theme}`);
      for (const badge of await page.locator('.jp-Projects-badge').all()) {
        await expect(badge).toBeVisible();
      }
      await expectAccessible(page, '#filebrowser .jp-Projects-badge');
    });
  });

  test('ask nothing of any server', async () => {
    await openFileBrowser(page, 'whales');
    const asked: string[] = [];
    const note = (request: { url(): string }) => asked.push(request.url());
    page.on('request', note);
    await page.locator('#filebrowser .jp-DirListing-item').first().hover();
    await page.evaluate(() => window.dispatchEvent(new Event('resize')));
    await page.evaluate(
      () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    );
    page.off('request', note);
    expect(asked.filter(url => /file|projects/.test(new URL(url).pathname))).toEqual([]);
  });

  test('describe the name that the keyboard is on', async () => {
    await openFileBrowser(page, 'whales');
    await fileItem(page, 'clash.txt').click();
    await expect(
      fileItem(page, 'clash.txt').locator('.jp-DirListing-itemText')
    ).toHaveAccessibleDescription(/^Conflict\. /);
  });

  test('go and come back with their setting, at once', async () => {
    await openFileBrowser(page, 'whales');
    const badge = fileItem(page, 'calm.txt').getByRole('img');
    await expect(badge).toBeVisible();
    await execute(page, 'settingeditor:open', { query: 'Projects' });
    const setting = page.getByRole('checkbox', {
      name: 'Show the sync status in the file browser'
    });
    await setting.uncheck();
    await expect(badge).toHaveCount(0);
    await setting.check();
    await expect(badge).toBeVisible();
  });
});

test.describe('the context menu', () => {
  test('offers on a project’s own folder what is about the project', async () => {
    await openFileBrowser(page);
    const labels = await menuLabels(await openContextMenu(page, 'whales'));
    await picture(page, 'context-menu');
    expect(labels).toEqual(
      expect.arrayContaining(['Sync now', 'Show in Projects', 'Share…', 'Unlink from its project…'])
    );
    expect(labels).not.toContain('Turn into a project…');
    await closeMenu();
  });

  test('offers in a project what is about its files, and nothing of the project itself', async () => {
    await openFileBrowser(page, 'whales');
    const labels = await menuLabels(await openContextMenu(page, 'calm.txt'));
    expect(labels).toEqual(expect.arrayContaining(['Sync now', 'Show in Projects']));
    expect(labels).not.toContain('Share…');
    expect(labels).not.toContain('Unlink from its project…');
    await closeMenu();
  });

  test('offers for several files of one project to sync it', async () => {
    await openFileBrowser(page, 'whales');
    await fileItem(page, 'calm.txt').click();
    await fileItem(page, 'clash.txt').click({ modifiers: ['ControlOrMeta'] });
    const labels = await menuLabels(await openContextMenu(page, 'clash.txt'));
    expect(labels).toContain('Sync now');
    await closeMenu();
  });

  test('offers nothing of projects for several that are not in one, and on a plain file', async () => {
    await openFileBrowser(page);
    const plain = await menuLabels(await openContextMenu(page, 'plain'));
    expect(plain).toContain('Turn into a project…');
    expect(plain).not.toContain('Sync now');
    await closeMenu();
    const top = await menuLabels(await openContextMenu(page, 'top.txt'));
    expect(top.filter(label => /project/i.test(label))).toEqual([]);
    await closeMenu();
    await fileItem(page, 'plain').click();
    await fileItem(page, 'whales').click({ modifiers: ['ControlOrMeta'] });
    const several = await menuLabels(await openContextMenu(page, 'whales'));
    expect(several.filter(label => /project|Sync now/i.test(label))).toEqual([]);
    await closeMenu();
  });
});

test.describe('toolbars', () => {
  test('the file browser’s syncs the project that is shown, by the keyboard too', async () => {
    await openFileBrowser(page, 'whales');
    await root.write('whales/by-button.txt', 'new');
    const button = page
      .locator('#filebrowser')
      .getByRole('button', { name: /^Sync project “Whales” now: / });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await raw.files()).has('by-button.txt')).toBe(true);
    await openFileBrowser(page);
    await expect(page.locator('#filebrowser .jp-Projects-syncButton')).toHaveCount(0);
  });

  test('a document’s has it where the document is in a project', async () => {
    await root.write(
      'whales/book.ipynb',
      JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 })
    );
    const text = await openDocument(page, 'whales/calm.txt');
    await expect(text.getByRole('button', { name: /^Sync project “Whales” now/ })).toBeVisible();
    await picture(page, 'toolbar-text');
    const notebook = await openDocument(page, 'whales/book.ipynb');
    await expect(
      notebook.getByRole('button', { name: /^Sync project “Whales” now/ })
    ).toBeVisible();
    await page.locator('.jp-Dialog').getByRole('button', { name: 'No Kernel' }).click();
    await picture(page, 'toolbar-notebook');
    const outside = await openDocument(page, 'top.txt');
    await expect(outside.locator('.jp-Projects-syncButton')).toHaveCount(0);
    await picture(page, 'toolbar-outside');
  });
});

test.describe('the palette', () => {
  test('has entries for the project itself, and syncs it', async () => {
    await root.write('whales/by-palette.txt', 'new');
    await openPalette(page);
    await page.keyboard.type('Sync “Whales” Now');
    const entry = page.locator('.lm-CommandPalette-itemLabel:visible', {
      hasText: 'Sync “Whales” Now'
    });
    await expect(entry.first()).toBeVisible();
    await picture(page, 'palette');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await raw.files()).has('by-palette.txt')).toBe(true);
  });
});

test.describe('the launcher', () => {
  test('has cards that show the panel, and make a project of its folder', async () => {
    await openFileBrowser(page, 'plain');
    await page.evaluate(async () => {
      await window.jupyterapp.commands.execute('launcher:create', { cwd: 'plain' });
    });
    const launcher = page.locator('.jp-Launcher:visible').last();
    await launcher.getByText('New Project…').scrollIntoViewIfNeeded();
    await picture(page, 'launcher');
    await launcher.getByText('New Project…').click();
    const dialog = page.locator('.jp-Dialog');
    await expect(dialog).toContainText('Turn “plain” into a project');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
    await launcher.locator('.jp-LauncherCard', { hasText: /^Projects$/ }).click();
    await expect(page.getByRole('region', { name: 'Projects', exact: true })).toBeVisible();
  });
});

test.describe('the keyboard', () => {
  test('shows the panel and syncs from anywhere', async () => {
    // A panel that was just shown holds on to the keyboard for a moment.
    await expect(async () => {
      await page.locator('.jp-SideBar.jp-mod-left [data-id="filebrowser"]').click();
      await expect(page.locator('#filebrowser')).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.keyboard.press('ControlOrMeta+Shift+Y');
    await expect(page.getByRole('region', { name: 'Projects', exact: true })).toBeVisible();
    await root.write('whales/by-keys.txt', 'new');
    await page.keyboard.press('Alt+Shift+Y');
    await expect.poll(async () => (await raw.files()).has('by-keys.txt')).toBe(true);
  });
});

test.describe('notifications', () => {
  test('tell once of a stopped sync, and lead to what can be done', async () => {
    await dismissAll();
    for (const name of ['1', '2', '3', '4', '5', '6']) {
      await root.write(`whales/many/${name}.txt`, name);
    }
    await execute(page, 'projects:sync', { projectId: id });
    const notices = page.locator('.Toastify__toast');
    await expect(notices).toHaveCount(0);
    const folder = new Folder(join(root.path, 'whales'));
    for (const path of Object.keys(await folder.texts())) {
      await folder.remove(path);
    }
    await execute(page, 'projects:sync', { projectId: id });
    await execute(page, 'projects:sync', { projectId: id });
    await expect(notices).toHaveCount(1);
    await expect(notices).toContainText('The sync of “Whales” was stopped');
    await picture(page, 'notice');
    await notices.getByRole('button', { name: 'Restore' }).click();
    await expect.poll(async () => Object.keys(await folder.texts())).toContain('many/6.txt');
    await expect(notices.getByText('was stopped')).toHaveCount(0);
  });
});

test('the settings are for people', async () => {
  await execute(page, 'settingeditor:open', { query: 'Projects' });
  const editor = page.locator('.jp-SettingsPanel:visible');
  await expect(editor.getByText('Cloud address')).toBeVisible();
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `settings-${theme}`);
  });
});

async function closeMenu(): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.locator('.lm-Menu')).toHaveCount(0);
}

/** Closes the notifications that are in sight, as a person does. */
async function dismissAll(): Promise<void> {
  const close = page.locator('.Toastify__toast').getByRole('button', { name: /close|hide/i });
  while ((await close.count()) > 0) {
    const before = await close.count();
    await close.first().click();
    await expect(close).toHaveCount(before - 1);
  }
}
