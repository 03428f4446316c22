import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import type { ProjectSummary, SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { codeCell, notebook, proseCell, stream, written } from '../support/notebook-examples';
import { RawProject } from '../support/raw-project';
import { execute, expect, openDocument, openLab, signIn, test } from './fixtures';
import { expectAccessible, inEachTheme } from './support/accessible';
import { picture } from './support/looks';
import {
  changeSettings,
  fileItem,
  menuLabels,
  openContextMenu,
  openFileBrowser,
  unfold
} from './support/person';

test.use({ scenario: 'reviews' });

const FOLDER = 'papers';
const BASE = ['# A paper', '', 'one', 'two', 'three', '', 'end'].join('\n');

/** A picture of 2 × 1 pixels, and another of 3 × 1. */
const IMAGE = {
  mine: 'R0lGODlhAgABAIAAAP8AAP///yH5BAAAAAAALAAAAAACAAEAAAICBAoAOw==',
  theirs: 'R0lGODlhAwABAIAAAAAA/////yH5BAAAAAAALAAAAAADAAEAAAICBFEAOw=='
};

let page: Page;
let folder: Folder;
let projectId: string;
let bob: RawProject;

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(180_000);
  await changeSettings(product, { autoSync: false, helperKernel: 'off' });
  folder = new Folder(join(product.lab.root, FOLDER));
  await folder.write('stays.txt', 'the same on both sides');
  page = await (await browser.newContext()).newPage();
  await openLab(page, product);
  await signIn(page, product.cloud.keys.alice);
  const report = await execute<SyncReport>(page, 'projects:create', {
    path: FOLDER,
    title: 'Paper'
  });
  projectId = report.projectId;
  bob = new RawProject(product.cloud.url, product.cloud.keys.bob, projectId);
  await execute(page, 'projects:share', {
    projectId,
    subject: await idOf(product.cloud),
    role: 'writer'
  });
});

test.afterAll(async () => {
  await page?.context().close();
});

/** Both change a file that they had in common; then it is synced. */
async function conflict(
  path: string,
  contents: {
    readonly base: string | Uint8Array;
    readonly mine: string | Uint8Array;
    readonly theirs: string | Uint8Array;
  }
): Promise<void> {
  await folder.write(path, contents.base);
  await sync();
  await bob.write(path, contents.theirs);
  await folder.write(path, contents.mine);
  const { conflicts } = await sync();
  expect(conflicts.map(each => each.path)).toContain(path);
}

async function sync(): Promise<SyncReport> {
  return execute<SyncReport>(page, 'projects:sync', { projectId });
}

async function text(path: string): Promise<string> {
  return readFile(join(folder.path, path), 'utf8');
}

/** The names in the project's folder. */
async function names(): Promise<string[]> {
  return (await readdir(folder.path)).filter(name => !name.startsWith('.')).sort();
}

async function compare(path: string): Promise<Locator> {
  await execute(page, 'projects:show-conflict', { projectId, path });
  const view = page.getByRole('region', { name: `Conflict: ${path}` });
  await expect(view.getByRole('heading', { level: 2 })).toContainText(path);
  return view;
}

test('a text says whose change is whose, and keeps mine', async () => {
  await conflict('mine.md', {
    base: BASE,
    mine: BASE.replace('two', 'two, as I wrote it'),
    theirs: BASE.replace('two', 'two, as bob wrote it')
  });
  const view = await compare('mine.md');
  await expect(
    view.getByText(/^Yours: kept on this server as “mine \(conflict .*\).md”/)
  ).toBeVisible();
  await expect(view.getByText(/^Theirs: by bob, just now/)).toBeVisible();
  await expect(view.getByText(/^Both were made from this version: by you/)).toBeVisible();
  await expect(view.getByRole('textbox', { name: 'Yours' })).toContainText('as I wrote it');
  await expect(view.getByRole('textbox', { name: 'Theirs' })).toContainText('as bob wrote it');
  await view.getByRole('combobox', { name: 'Compare:' }).selectOption('What they changed');
  await expect(view.getByRole('textbox', { name: 'Before' })).toContainText('two');
  await view.getByRole('combobox', { name: 'Compare:' }).selectOption('Yours and theirs');
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `text-${theme}`);
    await expectAccessible(page, '.jp-Projects-review');
  });

  await view.getByRole('button', { name: 'Keep mine' }).click();
  await expect(view.getByText('“mine.md” has your content now')).toBeVisible();
  await expect(view.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(view).toHaveCount(0);
  expect(await text('mine.md')).toContain('as I wrote it');
  expect(Buffer.from((await bob.files()).get('mine.md') ?? '').toString()).toContain(
    'as I wrote it'
  );
  expect(await names()).toEqual(['mine.md', 'stays.txt']);
});

test('a merge by hand starts from what goes together, and takes either side in each place', async () => {
  await conflict('merge.md', {
    base: BASE,
    mine: BASE.replace('# A paper', '# My paper').replace('two', 'two of mine'),
    theirs: BASE.replace('end', 'the end').replace('two', 'two of theirs')
  });
  const view = await compare('merge.md');
  await view.getByRole('button', { name: 'Merge', exact: true }).click();
  const result = view.getByRole('textbox', { name: 'Result of the merge' });
  await expect(result).toContainText('# My paper');
  await expect(result).toContainText('the end');
  await expect(result).toContainText('two of mine');
  await expect(result).not.toContainText('two of theirs');
  await expect(view.getByText('1 place is still to be chosen')).toBeVisible();
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `merge-${theme}`);
    await expectAccessible(page, '.jp-Projects-review');
  });

  await view.getByRole('button', { name: 'Go to the next place' }).focus();
  await page.keyboard.press('Enter');
  const place = view.getByRole('group', { name: 'Both changed this (1 of 1). Keep:' });
  await expect(place.getByRole('button', { name: 'Mine' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(place.getByRole('button', { name: 'Theirs' })).toHaveAttribute(
    'aria-pressed',
    'true'
  );
  await expect(result).toContainText('two of theirs');
  await expect(result).not.toContainText('two of mine');
  await place.getByRole('button', { name: 'Both' }).click();
  await expect(result).toContainText('two of mine');
  await result.click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(', typed here');
  await view.getByRole('button', { name: 'Save the merge' }).click();
  await expect(view.getByText('has the merge now, on both sides')).toBeVisible();
  await view.getByRole('button', { name: 'Close' }).click();
  expect(await text('merge.md')).toBe(
    [
      '# My paper',
      '',
      'one',
      'two of mine',
      'two of theirs',
      'three',
      '',
      'the end, typed here'
    ].join('\n')
  );
  expect(Buffer.from((await bob.files()).get('merge.md') ?? '').toString()).toBe(
    await text('merge.md')
  );
});

test('a merge of what was changed meanwhile replaces nothing, and says to look again', async () => {
  await conflict('late.md', { base: 'a\n', mine: 'mine\n', theirs: 'theirs\n' });
  const view = await compare('late.md');
  await view.getByRole('button', { name: 'Merge', exact: true }).click();
  await bob.write('late.md', 'changed since\n');
  await view.getByRole('button', { name: 'Save the merge' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save the merge' }).click();
  await expect(view.getByRole('alert')).toContainText('not what you were shown any more');
  await view.getByRole('alert').getByRole('button', { name: 'Look again' }).click();
  await expect(view.getByRole('textbox', { name: 'Theirs' })).toContainText('changed since');
  await view.getByRole('button', { name: 'Keep theirs' }).click();
  await view.getByRole('button', { name: 'Close' }).click();
  expect(await text('late.md')).toBe('changed since\n');
});

test('a notebook is merged cell by cell, each as chosen', async () => {
  const cells = (second: string, output: string) => [
    proseCell('p', '# Results'),
    codeCell('a', 'load()'),
    codeCell('b', second, { outputs: [stream(output)] }),
    codeCell('c', 'last()')
  ];
  await conflict('n.ipynb', {
    base: written(notebook(cells('fit(1)', 'base\n'))),
    mine: written(notebook([...cells('fit(2)', 'my output\n'), codeCell('mine', 'mine()')])),
    theirs: written(
      notebook([...cells('fit(3)', 'their output\n'), codeCell('theirs', 'theirs()')])
    )
  });
  const view = await compare('n.ipynb');
  const cell = view.getByRole('region', { name: 'Cell 3' });
  await expect(cell.getByText('Both changed it, in the same place.')).toBeVisible();
  await expect(cell.getByRole('group', { name: 'Yours' })).toContainText('my output');
  await expect(cell.getByRole('group', { name: 'Theirs' })).toContainText('their output');
  await view.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(view.getByText('1 cell is still to be chosen')).toBeVisible();
  await inEachTheme(page, async theme => {
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await picture(page, `notebook-${theme}`);
    await expectAccessible(page, '.jp-Projects-review');
  });
  await cell.getByRole('radio', { name: 'Both, mine first' }).check();
  await view.getByRole('radio', { name: 'Mine: leave it out' }).check();
  await view.getByRole('button', { name: 'Save the merge' }).click();
  await expect(view.getByText('has the merge now')).toBeVisible();
  await view.getByRole('button', { name: 'Close' }).click();
  const made = JSON.parse(await text('n.ipynb')) as { cells: { id: string; source: string[] }[] };
  expect(made.cells.map(({ source }) => [source].flat().join(''))).toEqual([
    '# Results',
    'load()',
    'fit(2)',
    'fit(3)',
    'last()',
    'mine()'
  ]);
  expect(new Set(made.cells.map(({ id }) => id)).size).toBe(6);
});

test('images are beside each other with their measures, and can be kept both', async () => {
  await conflict('i.gif', {
    base: 'no image yet',
    mine: Buffer.from(IMAGE.mine, 'base64'),
    theirs: Buffer.from(IMAGE.theirs, 'base64')
  });
  const view = await compare('i.gif');
  await expect(view.getByRole('img', { name: 'Yours' })).toBeVisible();
  await expect(view.getByText('2 × 1 pixels')).not.toHaveCount(0);
  await expect(view.getByText('3 × 1 pixels')).toBeVisible();
  await expect(view.getByRole('button', { name: 'Merge', exact: true })).toBeDisabled();
  await expect(view.getByText('Images can’t be merged: keep one, or both.')).toBeVisible();
  await picture(page, 'images');
  await view.getByRole('button', { name: 'Keep both' }).click();
  await expect(view.getByText('kept, as two files')).toBeVisible();
  await view.getByRole('button', { name: 'Close' }).click();
  expect((await names()).filter(name => name.endsWith('.gif'))).toHaveLength(2);
});

test('other files are told by size, time and author', async () => {
  await conflict('d.bin', {
    base: new Uint8Array([0, 1]),
    mine: new Uint8Array([0, 1, 2]),
    theirs: new Uint8Array([0, 1, 2, 3])
  });
  const view = await compare('d.bin');
  const row = (name: string) => view.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('Size')).toContainText('3 byte');
  await expect(row('Size')).toContainText('4 byte');
  await expect(row('Who')).toContainText('bob');
  await expect(row('When')).toContainText('just now');
  await inEachTheme(page, async () => {
    await expectAccessible(page, '.jp-Projects-review');
  });
  await picture(page, 'facts');
  await view.getByRole('button', { name: 'Keep theirs' }).click();
  await view.getByRole('button', { name: 'Close' }).click();
  expect((await readFile(join(folder.path, 'd.bin'))).byteLength).toBe(4);
});

test('the panel, the file browser and a notice at the document lead to it', async () => {
  await conflict('places.txt', { base: 'a\n', mine: 'mine\n', theirs: 'theirs\n' });
  const region = page.getByRole('region', { name: /^Conflict: places/ });
  await openFileBrowser(page, FOLDER);
  await fileItem(page, 'places.txt').click();
  const menu = await openContextMenu(page, 'places.txt');
  await menu.getByText('Show Conflict', { exact: true }).click();
  await expect(region.getByRole('button', { name: 'Keep mine' })).toBeVisible();
  await execute(page, 'application:close');
  await expect(region).toHaveCount(0);
  const others = await openContextMenu(page, 'stays.txt');
  expect(await menuLabels(others)).not.toContain('Show Conflict');
  expect(await menuLabels(others)).toContain('History…');
  await page.keyboard.press('Escape');

  await openDocument(page, `${FOLDER}/places.txt`);
  const notice = page.getByRole('status').filter({ hasText: 'was changed here and in the cloud' });
  await picture(page, 'notice');
  await notice.getByRole('button', { name: 'Compare…' }).click();
  await expect(region.getByRole('button', { name: 'Keep mine' })).toBeVisible();
  await region.getByRole('button', { name: 'Keep both' }).click();
  await region.getByRole('button', { name: 'Close' }).click();
  await expect(notice).toHaveCount(0);
});

test('several are settled at once, after saying what that does', async () => {
  const contents = { base: 'a\n', mine: 'mine\n', theirs: 'theirs\n' };
  for (const path of ['s1.txt', 's2.txt']) {
    await conflict(path, contents);
  }
  const item = await unfold(page, (await project()).title);
  await item.getByRole('button', { name: 'Compare…' }).first().click();
  const view = page.getByRole('region', { name: /^Conflict: s1/ });
  await expect(view.getByRole('button', { name: 'Keep mine' })).toBeVisible();
  await picture(page, 'several');
  const all = view.getByRole('group', { name: 'All 2 conflicts at once' });
  await all.getByRole('button', { name: 'Keep all theirs' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('2 files get the cloud’s content, on both sides');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await project()).conflicts).toBe(2);
  await all.getByRole('button', { name: 'Keep all theirs' }).click();
  await dialog.getByRole('button', { name: 'Keep all theirs' }).click();
  await expect(view.getByText('The conflicts are settled')).toBeVisible();
  expect(await text('s1.txt')).toBe('theirs\n');
  expect(await text('s2.txt')).toBe('theirs\n');
  expect((await project()).conflicts).toBe(0);
  await view.getByRole('button', { name: 'Close' }).click();
});

test('after one conflict the next is offered; narrow, the sides are below each other', async () => {
  const contents = { base: 'a\nb\n', mine: 'mine\nb\n', theirs: 'theirs\nb\n' };
  for (const path of ['t1.txt', 't2.txt']) {
    await conflict(path, contents);
  }
  await page.setViewportSize({ width: 700, height: 900 });
  const view = await compare('t1.txt');
  await expect(view.getByText('Lines marked − are “Yours”')).toBeVisible();
  await expect(view.locator('.cm-deletedLine')).toContainText('mine');
  await expect(view.locator('.cm-changedLine')).toContainText('theirs');
  expect(await view.evaluate(node => node.scrollWidth - node.clientWidth)).toBe(0);
  await picture(page, 'narrow');
  await view.getByRole('button', { name: 'Keep mine' }).click();
  await view.getByRole('button', { name: 'Next conflict: t2.txt' }).click();
  const next = page.getByRole('region', { name: /^Conflict: t2/ });
  await expect(next.getByRole('button', { name: 'Merge', exact: true })).toBeVisible();
  await next.getByRole('button', { name: 'Merge', exact: true }).click();
  await next
    .getByRole('group', { name: /^Both changed this/ })
    .getByRole('button', { name: 'Theirs' })
    .click();
  await picture(page, 'narrow-merge');
  await next.getByRole('button', { name: 'Save the merge' }).click();
  await next.getByRole('button', { name: 'Close' }).click();
  expect(await text('t2.txt')).toBe('theirs\nb\n');
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a view tells when its conflict was settled elsewhere', async () => {
  await conflict('else.txt', { base: 'a\n', mine: 'mine\n', theirs: 'theirs\n' });
  const view = await compare('else.txt');
  await execute(page, 'projects:resolve-conflict', {
    projectId,
    path: 'else.txt',
    choice: 'keep-cloud'
  });
  await expect(view.getByRole('alert')).toContainText('There is no open conflict');
  await view.getByRole('button', { name: 'Close' }).click();
});

test('a long notebook is compared where it is looked at, and merged whole', async () => {
  const cells = (who: string) =>
    Array.from({ length: 300 }, (_, index) => codeCell(`c${index}`, `${who}(${index})`));
  await conflict('long.ipynb', {
    base: written(notebook(cells('base'))),
    mine: written(notebook(cells('mine'))),
    theirs: written(notebook(cells('theirs')))
  });
  const view = await compare('long.ipynb');
  await expect(view.getByRole('region', { name: 'Cell 1', exact: true })).toContainText('mine(0)');
  expect(await view.locator('.cm-editor').count()).toBeLessThan(200);
  const last = view.getByRole('region', { name: 'Cell 300' });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toContainText('theirs(299)');
  await view.getByRole('button', { name: 'Merge', exact: true }).click();
  await last.getByRole('radio', { name: 'Theirs' }).check();
  await view.getByRole('button', { name: 'Save the merge' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save the merge' }).click();
  await expect(view.getByText('has the merge now')).toBeVisible();
  await view.getByRole('button', { name: 'Close' }).click();
  const made = JSON.parse(await text('long.ipynb')) as { cells: { source: string[] }[] };
  expect(made.cells.at(0)?.source).toEqual(['mine(0)']);
  expect(made.cells.at(-1)?.source).toEqual(['theirs(299)']);
});

async function project(): Promise<ProjectSummary> {
  const projects = await execute<ProjectSummary[]>(page, 'projects:list');
  const found = projects.find(each => each.id === projectId);
  if (!found) {
    throw new Error('The project is not listed.');
  }
  return found;
}

async function idOf(cloud: { url: string; keys: { bob: string } }): Promise<string> {
  const answer = await fetch(new URL('/api/account', cloud.url), {
    headers: { Authorization: `Bearer ${cloud.keys.bob}` }
  });
  return ((await answer.json()) as { user: { id: string } }).user.id;
}
