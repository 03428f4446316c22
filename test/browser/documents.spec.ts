import { readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import type { BrowserContext, Locator, Page } from '@playwright/test';

import type { SyncReport } from '../../src/tokens';
import { Folder } from '../support/folder';
import { RawProject } from '../support/raw-project';
import { execute, expect, openLab, signIn, test } from './fixtures';
import { picture } from './support/looks';
import { changeSettings } from './support/person';
import {
  caretOf,
  closeAll,
  dialogs,
  editorOf,
  notebookFile,
  notebookOf,
  openDocument,
  readNotebook,
  runCell,
  startKernel,
  typeInto
} from './support/documents';

test.use({ scenario: 'documents' });
test.describe.configure({ mode: 'serial' });

let folder: Folder;
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser, product }) => {
  folder = new Folder(join(product.lab.root, 'work'));
  await folder.write('keep', '');
  context = await browser.newContext();
  page = await context.newPage();
  await openLab(page, product);
});

test.afterEach(async () => {
  await expect(dialogs(page)).toHaveCount(0);
  await closeAll(page);
});

test.afterAll(async () => {
  await context?.close();
});

const TEN = Array.from({ length: 10 }, (_, line) => `line ${line}`).join('\n');

const square = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="${colour}"/></svg>`;

/** What a person does with a program other than Jupyter, who then comes back to the window. */
async function rewrite(path: string, text: string): Promise<void> {
  await folder.write(path, text);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

/** '' where there is no file. */
async function fileText(path: string): Promise<string> {
  return (await folder.texts())[path] ?? '';
}

async function opened(path: string): Promise<Locator> {
  return openDocument(page, `work/${path}`);
}

test('a text that nobody edited is what its file is, and the cursor stays', async () => {
  await rewrite('clean.txt', TEN);
  const editor = editorOf(await opened('clean.txt'));
  await editor.getByText('line 7').click();
  await page.keyboard.press('End');
  await rewrite('clean.txt', TEN.replace('line 2', 'line two\nand a half'));
  await expect(editor).toContainText('and a half');
  await page.keyboard.type('!');
  await expect(editor).toContainText('line 7!');
});

test('edits elsewhere are kept, stay unsaved, and are saved without a question', async () => {
  await rewrite('merged.txt', TEN);
  const document = await opened('merged.txt');
  await typeInto(document, 'line 8', ', mine');
  await rewrite('merged.txt', TEN.replace('line 1', 'line 1, theirs'));
  await expect(editorOf(document)).toContainText('line 1, theirs');
  await expect(editorOf(document)).toContainText('line 8, mine');
  expect(await fileText('merged.txt')).toBe(TEN.replace('line 1', 'line 1, theirs'));
  await execute(page, 'docmanager:save');
  await expect
    .poll(() => fileText('merged.txt'))
    .toBe(TEN.replace('line 1', 'line 1, theirs').replace('line 8', 'line 8, mine'));
});

test.describe('a change that meets what was typed', () => {
  const THEIRS = TEN.replace('line 4', 'line 4, theirs');

  async function held(path: string): Promise<Locator> {
    await rewrite(path, TEN);
    const document = await opened(path);
    await typeInto(document, 'line 4', ', mine');
    await rewrite(path, THEIRS);
    await expect(document.getByRole('alert')).toContainText('changed outside of this tab');
    await expect(editorOf(document)).toContainText('line 4, mine');
    return document;
  }

  test('is held back and said, in both themes', async () => {
    const document = await held('held.txt');
    expect(await fileText('held.txt')).toBe(THEIRS);
    for (const theme of ['JupyterLab Dark', 'JupyterLab Light']) {
      await execute(page, 'apputils:change-theme', { theme });
      await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
      await picture(page, `held-${theme.split(' ')[1]?.toLowerCase() ?? ''}`);
    }
    await document.getByRole('button', { name: 'Load the file' }).click();
    await expect(editorOf(document)).toContainText('line 4, theirs');
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('“Save mine over it” writes what is seen', async () => {
    const document = await held('mine.txt');
    await document.getByRole('button', { name: 'Save mine over it' }).click();
    await expect.poll(() => fileText('mine.txt')).toBe(TEN.replace('line 4', 'line 4, mine'));
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('“Keep both” makes a copy of what is seen', async () => {
    const document = await held('both.txt');
    await document.getByRole('button', { name: 'Keep both' }).click();
    await expect(editorOf(document)).toContainText('line 4, theirs');
    const copies = (await readdir(folder.path)).filter(name => name.startsWith('both (conflict '));
    expect(copies).toHaveLength(1);
    expect(await fileText(copies[0] ?? '')).toBe(TEN.replace('line 4', 'line 4, mine'));
  });

  test('is no longer held when the file becomes what it was', async () => {
    const document = await held('back.txt');
    await rewrite('back.txt', TEN);
    await expect(document.getByRole('alert')).toHaveCount(0);
    await execute(page, 'docmanager:save');
    await expect.poll(() => fileText('back.txt')).toContain('line 4, mine');
  });
});

test('a file that was emptied is shown empty', async () => {
  await rewrite('emptied.txt', TEN);
  const document = await opened('emptied.txt');
  await expect(editorOf(document)).toContainText('line 9');
  await rewrite('emptied.txt', '');
  await expect(editorOf(document)).not.toContainText('line');
});

test('lines keep the ends that the file has by now', async () => {
  await rewrite('ends.txt', TEN);
  const document = await opened('ends.txt');
  await rewrite('ends.txt', TEN.replaceAll('\n', '\r\n').replace('line 3', 'line three'));
  await expect(editorOf(document)).toContainText('line three');
  await typeInto(document, 'line 5', '!');
  await execute(page, 'docmanager:save');
  await expect
    .poll(() => fileText('ends.txt'))
    .toBe(
      TEN.replaceAll('\n', '\r\n').replace('line 3', 'line three').replace('line 5', 'line 5!')
    );
});

test('a deleted file is said to be, and can be saved again', async () => {
  await rewrite('deleted.txt', TEN);
  const document = await opened('deleted.txt');
  await rm(join(folder.path, 'deleted.txt'));
  await expect(document.getByRole('alert')).toContainText('was deleted', { timeout: 20_000 });
  await document.getByRole('button', { name: 'Save it again' }).click();
  await expect.poll(() => fileText('deleted.txt')).toBe(TEN);
  await expect(document.getByRole('alert')).toHaveCount(0);
});

test('a file that became a folder does no harm', async () => {
  await rewrite('turned', TEN);
  const document = await opened('turned');
  await rm(join(folder.path, 'turned'));
  await rewrite('turned/inside.txt', 'x');
  await expect(document.getByRole('alert')).toBeVisible({ timeout: 20_000 });
  await expect(editorOf(document)).toContainText('line 9');
});

test('a file that is replaced while nobody looks is found by its content, whatever its time', async () => {
  await rewrite('old.txt', TEN);
  const document = await opened('old.txt');
  await rewrite('other.txt', TEN.replace('line 6', 'line six'));
  await utimes(join(folder.path, 'other.txt'), 1, 1);
  await rename(join(folder.path, 'other.txt'), join(folder.path, 'old.txt'));
  await expect(editorOf(document)).toContainText('line six', { timeout: 20_000 });
});

test.describe('a notebook', () => {
  const source = (index: number) => `x${index} = ${index}`;
  const CELLS = 30;

  test('half written is waited for, and then said', async () => {
    await rewrite('half.ipynb', notebookFile(CELLS, source));
    const document = await opened('half.ipynb');
    await rewrite('half.ipynb', '{"cells": [');
    await expect(document.getByRole('alert')).toContainText('half written', { timeout: 20_000 });
    await rewrite(
      'half.ipynb',
      notebookFile(CELLS, index => `${source(index)} # whole`)
    );
    await expect(document.getByRole('alert')).toHaveCount(0);
    await expect.poll(async () => (await readNotebook(page)).sources[3]).toBe('x3 = 3 # whole');
  });

  test('takes another’s cells beside what is edited here', async () => {
    await rewrite('beside.ipynb', notebookFile(CELLS, source));
    const document = await opened('beside.ipynb');
    await typeInto(document, 'x2 = 2', '0');
    await rewrite(
      'beside.ipynb',
      notebookFile(CELLS, index => (index === 20 ? 'theirs()' : source(index)))
    );
    await expect.poll(async () => (await readNotebook(page)).sources[20]).toBe('theirs()');
    const { sources, dirty } = await readNotebook(page);
    expect(sources[2]).toBe('x2 = 20');
    expect(dirty).toBe(true);
    await execute(page, 'docmanager:save');
    await expect.poll(() => fileText('beside.ipynb')).toContain('x2 = 20');
    expect(await fileText('beside.ipynb')).toContain('theirs()');
  });

  async function met(path: string): Promise<Locator> {
    await rewrite(path, notebookFile(CELLS, source));
    const document = await opened(path);
    await typeInto(document, 'x2 = 2', '0');
    await rewrite(
      path,
      notebookFile(CELLS, index => (index === 2 ? 'theirs()' : source(index)))
    );
    await expect(document.getByRole('alert')).toContainText('in places that you have changed');
    return document;
  }

  test('holds back a change of the cell that is edited here, until the file is loaded', async () => {
    const document = await met('met.ipynb');
    await picture(page, 'held-notebook');
    await document.getByRole('button', { name: 'Load the file' }).click();
    await expect.poll(async () => (await readNotebook(page)).sources[2]).toBe('theirs()');
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('is saved over such a change where the person says so', async () => {
    const document = await met('mine.ipynb');
    await document.getByRole('button', { name: 'Save mine over it' }).click();
    await expect.poll(() => fileText('mine.ipynb')).toContain('x2 = 20');
    expect(await fileText('mine.ipynb')).not.toContain('theirs()');
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('is kept beside such a change where the person says so', async () => {
    const document = await met('both.ipynb');
    await document.getByRole('button', { name: 'Keep both' }).click();
    await expect.poll(async () => (await readNotebook(page)).sources[2]).toBe('theirs()');
    await expect(document.getByRole('alert')).toHaveCount(0);
    expect(await fileText('both.ipynb')).toContain('theirs()');
    const copies = (await readdir(folder.path)).filter(name => name.startsWith('both (conflict '));
    expect(copies.filter(name => name.endsWith('.ipynb'))).toHaveLength(1);
    expect(await fileText(copies.find(name => name.endsWith('.ipynb')) ?? '')).toContain('x2 = 20');
  });
});

test('a table and an image are shown as their files are by now', async () => {
  await rewrite('table.csv', 'a,b\n1,2\n');
  const table = await opened('table.csv');
  await expect(table.locator('.lm-DataGrid')).toBeVisible();
  await rewrite('table.csv', 'a,b\n1,2\n3,4\n');
  const text = () =>
    page.evaluate(() => {
      const { context } = window.jupyterapp.shell.currentWidget as unknown as {
        context: { model: { toString(): string } };
      };
      return context.model.toString();
    });
  await expect.poll(text, { timeout: 20_000 }).toBe('a,b\n1,2\n3,4\n');
  const [first, second] = [square('red'), square('blue')];
  await rewrite('image.svg', first);
  const image = (await opened('image.svg')).locator('img');
  const colour = () =>
    image.evaluate((shown: HTMLImageElement) => {
      const drawing = window.document.createElement('canvas').getContext('2d');
      if (!drawing || !shown.complete) {
        return null;
      }
      drawing.drawImage(shown, 0, 0);
      return [...drawing.getImageData(4, 4, 1, 1).data.slice(0, 3)];
    });
  await expect.poll(colour).toEqual([255, 0, 0]);
  await rewrite('image.svg', second);
  await expect.poll(colour, { timeout: 20_000 }).toEqual([0, 0, 255]);
});

test('a notebook at work takes a sync, and the work goes on', async () => {
  test.slow();
  const CELLS = 500;
  const cells = Array.from({ length: CELLS }, (_, index) => ({
    id: `cell-${index}`,
    source: `x${index} = ${index}`
  }));
  cells[0] = {
    id: 'cell-0',
    source:
      'import ipywidgets, time\nslider = ipywidgets.IntSlider(value=3, max=10, description="depth")\nslider'
  };
  cells[1] = { id: 'cell-1', source: 'asked = input("name?")\nprint("went on with", asked)' };
  await rewrite('work.ipynb', notebookOf(cells));
  const document = await opened('work.ipynb');
  await expect.poll(async () => (await readNotebook(page)).sources.length).toBe(CELLS);
  await startKernel(page);
  const slider = document.getByRole('slider').first();
  // Widgets of a cell that runs before their manager knows the kernel are not shown: then once more.
  await expect(async () => {
    await runCell(page, 0);
    await expect(slider).toBeVisible({ timeout: 5000 });
  }).toPass();
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '5');
  await runCell(page, 1, { wait: false });
  const question = document.locator('.jp-Stdin-input');
  await expect(question).toBeVisible();
  await typeInto(document, 'x3 = 3', '0');
  const caret = await caretOf(page);

  const theirs = [...cells];
  theirs[400] = { id: 'cell-400', source: 'changed_by_theirs()' };
  const [moved] = theirs.splice(300, 1);
  theirs.splice(200, 0, moved ?? { id: 'none', source: '' });
  theirs.splice(250, 1);
  theirs.splice(10, 0, { id: 'new-cell', source: 'new_by_theirs()' });
  const before = await readNotebook(page);
  await rewrite('work.ipynb', notebookOf(theirs));

  const sources = () => readNotebook(page).then(notebook => notebook.sources);
  await expect.poll(async () => (await sources())[10]).toBe('new_by_theirs()');
  const expected = theirs.map(({ source }) => source);
  expected[3] = 'x3 = 30';
  expect(await sources()).toEqual(expected);
  expect(await caretOf(page)).toEqual(caret);
  await page.keyboard.type('1');
  await expect.poll(async () => (await sources())[3]).toBe('x3 = 301');
  await page.keyboard.press('Backspace');
  await expect(slider).toHaveAttribute('aria-valuetext', '5');
  await expect(dialogs(page)).toHaveCount(0);
  await expect(document.getByRole('alert')).toHaveCount(0);

  await question.fill('the person');
  await question.press('Enter');
  await expect(document.getByText('went on with the person')).toBeVisible();
  await execute(page, 'notebook:undo-cell-action');
  await expect.poll(sources).toEqual(before.sources);
  await expect(slider).toHaveAttribute('aria-valuetext', '5');
});

test.describe('in a project', () => {
  let cloud: RawProject;

  test.beforeAll(async ({ product }) => {
    await changeSettings(product, { syncInterval: 3600 });
    await signIn(page, product.cloud.keys.alice);
    const args = { path: 'work', title: 'Open documents' };
    const { projectId } = await execute<SyncReport>(page, 'projects:create', args);
    cloud = new RawProject(product.cloud.url, product.cloud.keys.alice, projectId);
  });

  const inCloud = (path: string) => cloud.text(path).catch(() => null);
  const EDITED = TEN.replace('line 1', 'line 1, of a colleague');

  test('what a colleague changes is put together with what is typed here', async () => {
    await rewrite('shared.txt', TEN);
    const document = await opened('shared.txt');
    await expect.poll(() => inCloud('shared.txt')).toBe(TEN);
    await typeInto(document, 'line 8', ', mine');
    await cloud.write('shared.txt', EDITED);
    await expect(editorOf(document)).toContainText('line 1, of a colleague');
    await expect(editorOf(document)).toContainText('line 8, mine');
    await expect(document.getByRole('alert')).toHaveCount(0);
    await execute(page, 'docmanager:save');
    await expect.poll(() => inCloud('shared.txt')).toBe(EDITED.replace('line 8', 'line 8, mine'));
  });

  test('what meets the unsaved is not written under it, and saving settles it', async () => {
    await rewrite('met.txt', TEN);
    const document = await opened('met.txt');
    await expect.poll(() => inCloud('met.txt')).toBe(TEN);
    await typeInto(document, 'line 1', ', mine');
    await cloud.write('met.txt', EDITED);
    await expect(document.getByRole('alert')).toContainText('the sync waits for you');
    expect(await fileText('met.txt')).toBe(TEN);
    const { conflicts } = await execute<SyncReport>(page, 'projects:sync', { path: 'work' });
    expect(conflicts).toMatchObject([{ path: 'met.txt', copy: null }]);
    await document.getByRole('button', { name: 'Save mine' }).click();
    await expect(document.getByRole('alert')).toHaveCount(0);
    await expect.poll(() => fileText('met.txt')).toBe(EDITED);
    await expect(editorOf(document)).toContainText('line 1, of a colleague');
    const copy = (await readdir(folder.path)).find(name => name.startsWith('met (conflict '));
    expect(await fileText(copy ?? '')).toBe(TEN.replace('line 1', 'line 1, mine'));
  });

  test('what is unsaved in another tab of the browser holds a sync too', async ({ product }) => {
    await rewrite('elsewhere.txt', TEN);
    await expect.poll(() => inCloud('elsewhere.txt')).toBe(TEN);
    const other = await context.newPage();
    await openLab(other, product);
    const document = await openDocument(other, 'work/elsewhere.txt');
    await typeInto(document, 'line 1', ', mine');
    await cloud.write('elsewhere.txt', EDITED);
    // By the tab that does not have it open.
    const { conflicts } = await execute<SyncReport>(page, 'projects:sync', { path: 'work' });
    expect(conflicts).toContainEqual(
      expect.objectContaining({ path: 'elsewhere.txt', copy: null })
    );
    await expect(document.getByRole('alert')).toContainText('the sync waits for you');
    expect(await fileText('elsewhere.txt')).toBe(TEN);
    await other.close();
    await execute(page, 'projects:sync', { path: 'work' });
    expect(await fileText('elsewhere.txt')).toBe(EDITED);
  });

  test('a file that a colleague renames stays open, with what is unsaved in it', async () => {
    await rewrite('named.txt', TEN);
    const document = await opened('named.txt');
    await expect.poll(() => inCloud('named.txt')).toBe(TEN);
    await typeInto(document, 'line 1', ', mine');
    await cloud.move('named.txt', 'renamed.txt');
    await expect(page.getByRole('tab', { name: 'renamed.txt' })).toBeVisible();
    await expect(document.getByRole('alert')).toHaveCount(0);
    await execute(page, 'docmanager:save');
    await expect.poll(() => fileText('renamed.txt')).toBe(TEN.replace('line 1', 'line 1, mine'));
    expect(await fileText('named.txt')).toBe('');
  });

  test('what is unsaved can be discarded for it', async () => {
    await rewrite('discarded.txt', TEN);
    const document = await opened('discarded.txt');
    await expect.poll(() => inCloud('discarded.txt')).toBe(TEN);
    await typeInto(document, 'line 1', ', mine');
    await cloud.write('discarded.txt', EDITED);
    await document.getByRole('button', { name: 'Discard mine' }).click();
    await expect(editorOf(document)).toContainText('line 1, of a colleague');
    await expect.poll(() => fileText('discarded.txt')).toBe(EDITED);
    await expect(document.getByRole('alert')).toHaveCount(0);
  });
});

test('turned off, a document stays what it was, and JupyterLab asks', async ({ product }) => {
  await changeSettings(product, { followDisk: false });
  await page.reload();
  await openLab(page, product);
  await rewrite('off.txt', TEN);
  const document = await opened('off.txt');
  await typeInto(document, 'line 3', ', mine');
  await rewrite('off.txt', TEN.replace('line 8', 'line eight'));
  const saved = execute(page, 'docmanager:save').catch(() => null);
  await expect(dialogs(page)).toContainText('File Changed');
  await dialogs(page).getByRole('button', { name: 'Cancel' }).click();
  await saved;
  await expect(editorOf(document)).toContainText('line 3, mine');
  await expect(editorOf(document)).not.toContainText('line eight');
});
