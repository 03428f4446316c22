import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { execute, expect, openLab, openPanel, reloadLab, signIn, test } from './fixtures';
import { changeSettings, openFileBrowser, projectItem, syncNow, unfold } from './support/person';

test.use({ scenario: 'shared' });

test('the API key is in the browser’s storage and in no other place, and signing out removes it', async ({
  browser,
  product
}) => {
  const { lab, cloud, data } = product;
  const key = cloud.keys.bob;
  const said: string[] = [];
  const bodies: string[] = [];
  await changeSettings(product, { autoSync: false });
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('request', request => {
    said.push(`request ${request.url()} ${request.headers()['referer'] ?? ''}`);
    // The key goes to the cloud's API in a header; what goes to its storage is signed in another way.
    if (!isOfApi(request.url(), cloud.url)) {
      bodies.push(JSON.stringify(request.headers()) + (request.postData() ?? ''));
    }
  });
  page.on('console', message => said.push(`console ${message.text()}`));
  page.on('pageerror', error => said.push(`error ${error.stack ?? error.message}`));
  page.on('websocket', socket => {
    said.push(`websocket ${socket.url()}`);
    socket.on('framesent', ({ payload }) => bodies.push(payload.toString()));
  });
  try {
    await openLab(page, product);
    await signIn(page, key);
    await new Folder(lab.root).write('private/file.txt', 'content');
    const reports: unknown[] = [
      await execute<SyncReport>(page, 'projects:create', { path: 'private', title: 'Private' })
    ];
    await new Folder(lab.root).write('private/file.txt', 'changed');
    await syncNow(page, 'Private');
    await page.route(`${cloud.url}/**`, route => route.abort());
    await syncNow(page, 'Private', 'Offline');
    await page.unroute(`${cloud.url}/**`);
    for (const command of ['projects:sync', 'projects:list', 'projects:show-activity']) {
      reports.push(await execute(page, command));
    }
    await unfold(page, 'Private');
    await reloadLab(page);
    const item = await projectItem(page, 'Private');
    await expect(item.getByRole('button', { name: 'Sync now' })).toBeEnabled();
    await openFileBrowser(page);
    await execute(page, 'docmanager:save-all').catch(() => undefined);

    expect(said.some(each => each.includes('/api/storage/'))).toBe(true);
    expect(bodies.length).toBeGreaterThan(0);
    expect(said.filter(each => each.startsWith(`request ${cloud.url}`)).length).toBeGreaterThan(5);
    for (const text of [...said, ...bodies, JSON.stringify(reports)]) {
      expect(text).not.toContain(key);
    }
    expect(await page.content()).not.toContain(key);
    const settings = await fetch(`${lab.url}lab/api/settings/jupyterlab-projects:plugin`, {
      headers: { Authorization: `token ${lab.token}` }
    });
    expect(await settings.text()).not.toContain(key);
    // The demo keeps the keys of its users beside the cloud's data, to print them again.
    const files = [...(await filesBelow(lab.root)), ...(await filesBelow(data))].filter(
      path => path !== join(data, 'cloud/demo-keys.json')
    );
    expect(files).toContain(join(lab.root, 'Projects/_state/state-a.sqlite3'));
    for (const path of files) {
      const content = await readFile(path);
      expect(content.includes(key), path).toBe(false);
      expect(content.includes(Buffer.from(key).toString('base64')), path).toBe(false);
    }

    const kept = await page.evaluate(() => ({ ...localStorage }) as Record<string, string>);
    const names = Object.keys(kept).filter(name => kept[name]?.includes(key));
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^jupyterlab-projects:api-key:/);
    expect(names[0]).not.toContain(key);
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(key);
    expect(await context.cookies()).not.toContainEqual(
      expect.objectContaining({ value: expect.stringContaining(key) })
    );

    const panel = await openPanel(page);
    await panel.getByRole('button', { name: 'Sign out' }).click();
    await expect(panel.getByLabel('API key')).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(key);
    await reloadLab(page);
    await expect((await openPanel(page)).getByLabel('API key')).toHaveValue('');
  } finally {
    await context.close();
  }
});

function isOfApi(url: string, api: string): boolean {
  return url.startsWith(api) || url === new URL('/api/account', api).href;
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true, recursive: true });
  return found.filter(each => each.isFile()).map(each => join(each.parentPath, each.name));
}
