import type { Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, signIn, test } from './fixtures';
import { changeSettings, fileItem, openFileBrowser } from './support/person';

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
