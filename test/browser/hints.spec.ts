import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { BrowserContext, Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, openPanel, reloadLab, signIn, test } from './fixtures';
import { HelperKernels, hide, recordRequests, refuseEvents } from './support/helper';
import { picture } from './support/looks';
import { changeSettings, projectItem, statusOf } from './support/person';
import type { Product } from './support/product';

test.use({ scenario: 'hints' });
test.describe.configure({ mode: 'serial' });

const TITLE = 'Field notes';
const AT_ONCE = 'Changes are seen at once, by the helper kernel.';
/** No test waits for luck: the last resort comes once an hour, but where a test says otherwise. */
const CALM = { syncInterval: 3600 };
/** Files that a checkout rewrites. */
const FILES = 300;
/** How long a page that nobody looks at has to be silent, in ms: twice the pause of JupyterLab's polls, four times ours. */
const HIDDEN = 20_000;

let folder: Folder;
let kernels: HelperKernels;
let context: BrowserContext;
let page: Page;
let cloud: RawProject;
let id: string;

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(180_000);
  await changeSettings(product, CALM);
  folder = new Folder(join(product.lab.root, 'notes'));
  await folder.write('kept.txt', 'kept');
  kernels = new HelperKernels(product);
  context = await browser.newContext();
  page = await context.newPage();
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  const args = { path: 'notes', title: TITLE };
  id = (await execute<SyncReport>(page, 'projects:create', args)).projectId;
  cloud = new RawProject(product.cloud.url, product.cloud.keys.alice, id);
});

test.afterAll(async () => {
  await context?.close();
});

test('the panel and the status bar say that changes are seen at once', async () => {
  await expectLine(page, AT_ONCE);
  await expect(page.locator('.jp-Projects-statusButton')).toHaveAttribute(
    'title',
    `Show the Projects panel\n${AT_ONCE}`
  );
  for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
    await execute(page, 'apputils:change-theme', { theme });
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `helper-${theme.split(' ')[1]?.toLowerCase() ?? ''}`);
  }
});

test('it is the kernel “Projects helper” among the running ones', async () => {
  await page.locator('.jp-SideBar [data-id="jp-running-sessions"]').click();
  const running = page.locator('#jp-running-sessions');
  await expect(running.getByText('Projects helper').first()).toBeVisible();
  await picture(page, 'running');
});

test('what a terminal writes arrives in the cloud', async () => {
  await folder.write('deep/typed.txt', 'typed in a terminal');
  await expectInCloud('deep/typed.txt', 'typed in a terminal');
});

test(`a checkout that rewrites ${FILES} files arrives whole, in few runs`, async () => {
  const contents = (round: string) =>
    new Map(Array.from({ length: FILES }, (_, i) => [`src/${i % 10}/${i}.txt`, `${round} ${i}`]));
  for (const [path, text] of contents('first')) {
    await folder.write(path, text);
  }
  await expectInCloud('src/9/299.txt', 'first 299');
  await expect.poll(() => inCloud('src/')).toEqual(contents('first'));
  const requests = recordRequests(page);
  for (const [path, text] of contents('second')) {
    // As git does it: the old file goes, and a new one comes.
    await rm(join(folder.path, path));
    await writeFile(join(folder.path, path), text);
  }
  await expectInCloud('src/9/299.txt', 'second 299');
  await expect.poll(() => inCloud('src/')).toEqual(contents('second'));
  expect(requests.filter(each => each.endsWith('/commits')).length).toBeLessThanOrEqual(20);
});

test('what another client commits arrives on the disk', async () => {
  await cloud.write('theirs.txt', 'from elsewhere');
  await expectOnDisk('theirs.txt', 'from elsewhere');
});

test('two pages have one helper kernel, and a page that is opened again finds it', async ({
  product
}) => {
  const [kernel] = await kernels.ids();
  const second = await openSecond(product);
  await expectLine(second, AT_ONCE);
  expect(await kernels.ids()).toEqual([kernel]);
  await second.close();
  await reloadLab(page);
  await expectLine(page, AT_ONCE);
  expect(await kernels.ids()).toEqual([kernel]);
  await folder.write('reloaded.txt', 'after a reload');
  await expectInCloud('reloaded.txt', 'after a reload');
});

test('a helper kernel that the person interrupts goes on', async () => {
  const [kernel = ''] = await kernels.ids();
  await kernels.interrupt(kernel);
  await folder.write('interrupted.txt', 'after an interrupt');
  await expectInCloud('interrupted.txt', 'after an interrupt');
  expect(await kernels.ids()).toEqual([kernel]);
  await expectLine(page, AT_ONCE);
});

test('a helper kernel that the person shuts down comes back with a later sync, and no change is lost', async () => {
  const [kernel = ''] = await kernels.ids();
  await kernels.shutDown(kernel);
  await folder.write('without.txt', 'after the shutdown');
  await expectInCloud('without.txt', 'after the shutdown');
  const afterSync = async () => {
    await execute(page, 'projects:sync', { projectId: id });
    return kernels.ids();
  };
  await expect.poll(afterSync, { intervals: [500] }).toHaveLength(1);
  expect(await kernels.ids()).not.toEqual([kernel]);
  await expectLine(page, AT_ONCE);
  await folder.write('with.txt', 'by the new one');
  await expectInCloud('with.txt', 'by the new one');
});

test('a page that nobody looks at sends no request while nothing changes', async ({ product }) => {
  await changeSettings(product, { syncInterval: 5 });
  await reloadLab(page);
  await expectLine(page, AT_ONCE);
  await hide(page);
  let last = Date.now();
  page.on('request', () => {
    last = Date.now();
  });
  // JupyterLab's polls tick once more before they rest, up to ten seconds later.
  const rested = () => Date.now() - last;
  await expect.poll(rested, { timeout: 3 * HIDDEN }).toBeGreaterThan(HIDDEN);
  await folder.write('unseen.txt', 'while nobody looked');
  await expectInCloud('unseen.txt', 'while nobody looked');
});

test('turned off, the kernel ends, and all goes on through Jupyter', async ({ product }) => {
  await changeSettings(product, CALM);
  await reloadLab(page);
  await expectLine(page, AT_ONCE);
  await execute(page, 'settingeditor:open', { query: 'Helper kernel' });
  await page.locator('select[id$="_helperKernel"]').selectOption({ label: 'Never' });
  await expect.poll(() => kernels.ids()).toEqual([]);
  await expectLine(page, /late: the helper kernel is turned off in the settings of Projects\.$/);
  await picture(page, 'helper-off');
  await page.evaluate(async () => {
    await window.jupyterapp.serviceManager.contents.save('notes/saved.txt', {
      type: 'file',
      format: 'text',
      content: 'saved by the page'
    });
  });
  await expectInCloud('saved.txt', 'saved by the page');
});

test('with all events refused the last resort carries changes, and no requests storm', async ({
  product
}) => {
  await changeSettings(product, { syncInterval: 5, helperKernel: 'off' });
  await page.close();
  page = await context.newPage();
  await refuseEvents(page);
  await openLab(page, product);
  const item = await projectItem(page, TITLE);
  await expect(statusOf(item)).toHaveText('Synced');
  const requests = recordRequests(page);
  await folder.write('refused/here.txt', 'told by nobody');
  await cloud.write('refused/there.txt', 'told by nobody either');
  await expectInCloud('refused/here.txt', 'told by nobody');
  await expectOnDisk('refused/there.txt', 'told by nobody either');
  const ours = requests.filter(each => /\/api\/(contents\/notes|projects)/.test(each));
  expect(ours.length).toBeLessThanOrEqual(80);
  const refused = await page.evaluate(() => window.refusedSockets.length);
  expect(refused).toBeGreaterThanOrEqual(2);
  expect(refused).toBeLessThanOrEqual(16);
});

test('with no folder linked any more the helper kernel ends', async ({ product }) => {
  await changeSettings(product, CALM);
  await reloadLab(page);
  await expectLine(page, AT_ONCE);
  expect(await kernels.ids()).toHaveLength(1);
  await execute(page, 'projects:unlink', { projectId: id });
  await expect.poll(() => kernels.ids()).toEqual([]);
  await expect((await openPanel(page)).locator('.jp-Projects-helper')).toHaveCount(0);
});

async function expectLine(where: Page, words: string | RegExp): Promise<void> {
  await expect((await openPanel(where)).locator('.jp-Projects-helper')).toHaveText(words);
}

async function openSecond(product: Product): Promise<Page> {
  const second = await context.newPage();
  await openLab(second, product, { reset: false });
  return second;
}

async function expectInCloud(path: string, text: string): Promise<void> {
  await expect.poll(() => cloud.text(path).catch(() => null)).toBe(text);
}

async function expectOnDisk(path: string, text: string): Promise<void> {
  const read = () => readFile(join(folder.path, path), 'utf8').catch(() => null);
  await expect.poll(read).toBe(text);
}

/** What the cloud's project holds below a path. */
async function inCloud(below: string): Promise<Map<string, string>> {
  const files = [...(await cloud.files())].filter(([path]) => path.startsWith(below));
  return new Map(files.map(([path, bytes]) => [path, new TextDecoder().decode(bytes)] as const));
}
