import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { execute, expect, openLab, openPanel, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { changeSettings, projectItem, unfold } from './support/person';

test.use({ scenario: 'accessible' });
test.describe.configure({ mode: 'serial' });

let page: Page;
let folder: Folder;
let id: string;

test.beforeAll(async ({ browser, product }) => {
  await changeSettings(product, { autoSync: false });
  folder = new Folder(join(product.lab.root, 'study'));
  await folder.write('a.txt', 'a');
  await folder.write('notes/b.txt', 'b');
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  id = (await execute<SyncReport>(page, 'projects:create', { path: 'study' })).projectId;
});

test.afterAll(async () => {
  await page?.context().close();
});

const lookAtPanel = () => inEachTheme(page, () => expectAccessible(page));

test('axe finds nothing in a project with a problem, a preview and its activity', async () => {
  await symlink('..', join(folder.path, 'notes/loop'));
  await folder.write('new.txt', 'new');
  await execute(page, 'projects:sync', { projectId: id });
  await folder.write('a.txt', 'changed');
  const item = await unfold(page, 'study');
  await expect(item.locator('.jp-Projects-problems li')).toHaveCount(1);
  await item.getByText('What would a sync do?').click();
  await item.getByRole('button', { name: 'Look', exact: true }).click();
  await expect(item.getByText(/A sync of “study” would/)).toBeVisible();
  await item.locator('summary', { hasText: 'Activity' }).click();
  await expect(item.locator('.jp-Projects-activity li').first()).toBeVisible();
  await lookAtPanel();
});

test('axe finds nothing in a paused project', async () => {
  await execute(page, 'projects:pause', { projectId: id });
  await expect(
    (await projectItem(page, 'study')).getByRole('button', { name: 'Resume' })
  ).toBeVisible();
  await lookAtPanel();
  await execute(page, 'projects:resume', { projectId: id });
});

test('axe finds nothing while the cloud does not answer, or answers what it may not', async ({
  product
}) => {
  const panel = await openPanel(page);
  await page.route(`${product.cloud.url}/**`, route => route.abort());
  await execute(page, 'projects:list', { refresh: true }).catch(() => undefined);
  await expect(panel.getByRole('heading', { name: 'The cloud does not answer' })).toBeVisible();
  await lookAtPanel();
  await page.unroute(`${product.cloud.url}/**`);

  await page.route(`${product.cloud.url}/capabilities`, route =>
    route.fulfill({ status: 200, body: '<html>not it</html>' })
  );
  await openLab(page, product);
  await expect((await openPanel(page)).getByRole('alert')).toBeVisible();
  await lookAtPanel();
  await page.unroute(`${product.cloud.url}/capabilities`);
});

test('axe finds nothing where no cloud is set', async ({ product }) => {
  await changeSettings(product, { autoSync: false, cloudUrl: '' });
  await openLab(page, product);
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'No cloud is set' })).toBeVisible();
  await lookAtPanel();
  await changeSettings(product, { autoSync: false });
});
