import { join } from 'node:path';

import type { BrowserContext, Locator, Page } from '@playwright/test';

import { Folder } from '../support/folder';
import { execute, expect, openLab, reloadLab, test } from './fixtures';
import {
  closeAll,
  dialogs,
  editorOf,
  notebookFile,
  openDocument,
  readNotebook,
  typeInto
} from './support/documents';
import { changeSettings } from './support/person';

test.use({ scenario: 'documents at large' });
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
const MB = 1024 * 1024;
/** Longer than any way of noticing takes. */
const SOON = { timeout: 20_000 };

/** What a person does with a program other than Jupyter, who then comes back to the window. */
async function rewrite(path: string, text: string): Promise<void> {
  await folder.write(path, text);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

async function fileText(path: string): Promise<string> {
  return (await folder.texts())[path] ?? '';
}

async function opened(path: string, factory?: string): Promise<Locator> {
  return openDocument(page, `work/${path}`, factory);
}

/** The tabs in which the document in front is shown, beside each other. */
async function besideEachOther(): Promise<Locator> {
  await execute(page, 'docmanager:clone');
  const views = page.locator('.jp-MainAreaWidget.jp-Document:visible');
  await expect(views).toHaveCount(2);
  return views;
}

test.describe('several views of one document', () => {
  test('two editors of a text take a change, and say what is held, both', async () => {
    await rewrite('views.txt', TEN);
    await opened('views.txt');
    const views = await besideEachOther();
    const [first, second] = [views.first(), views.last()];
    await typeInto(second, 'line 8', ', mine');
    await rewrite('views.txt', TEN.replace('line 1', 'line 1, theirs'));
    for (const view of [first, second]) {
      await expect(editorOf(view)).toContainText('line 1, theirs');
      await expect(editorOf(view)).toContainText('line 8, mine');
    }
    // The caret is where it was in the view that has it.
    await page.keyboard.type('!');
    await expect(editorOf(first)).toContainText('line 8, mine!');

    await rewrite('views.txt', TEN.replace('line 8', 'line 8, theirs'));
    for (const view of [first, second]) {
      await expect(view.getByRole('alert')).toContainText('changed outside of this tab');
    }
    await first.getByRole('button', { name: 'Load the file' }).click();
    for (const view of [first, second]) {
      await expect(view.getByRole('alert')).toHaveCount(0);
      await expect(editorOf(view)).toContainText('line 8, theirs');
    }
  });

  test('a notebook in a second view takes a change beside what is edited there', async () => {
    await rewrite(
      'views.ipynb',
      notebookFile(12, index => `x${index} = ${index}`)
    );
    await opened('views.ipynb');
    const views = await besideEachOther();
    await typeInto(views.last(), 'x2 = 2', '0');
    await rewrite(
      'views.ipynb',
      notebookFile(12, index => (index === 4 ? 'theirs()' : `x${index} = ${index}`))
    );
    for (const view of [views.first(), views.last()]) {
      await expect(view.locator('.jp-Cell').nth(4)).toContainText('theirs()');
      await expect(view.locator('.jp-Cell').nth(2)).toContainText('x2 = 20');
      await expect(view.locator('.jp-Cell')).toHaveCount(12);
    }
    await page.keyboard.type('1');
    await expect.poll(async () => (await readNotebook(page)).sources[2]).toBe('x2 = 201');
  });

  test('an editor and a preview of one Markdown show the same', async () => {
    await rewrite('views.md', '# Title\n\nSome text\n\nThe end');
    await opened('views.md');
    await page.evaluate(async () => {
      await window.jupyterapp.commands.execute('docmanager:open', {
        path: 'work/views.md',
        factory: 'Markdown Preview',
        options: { mode: 'split-right' }
      });
    });
    const editor = page
      .locator('.jp-Document:visible')
      .filter({ has: page.locator('.cm-content') });
    const preview = page.locator('.jp-MarkdownViewer');
    await expect(preview).toContainText('Some text');
    await typeInto(editor, 'The end', ', mine');
    await rewrite('views.md', '# Their title\n\nSome text\n\nThe end');
    await expect(preview.locator('h1')).toContainText('Their title');
    await expect(preview).toContainText('The end, mine');
    await expect(editorOf(editor)).toContainText('# Their title');
    await execute(page, 'docmanager:save');
    await expect
      .poll(() => fileText('views.md'))
      .toBe('# Their title\n\nSome text\n\nThe end, mine');
  });
});

test('a file that has become larger than 20 MB is loaded when the person says so', async () => {
  await rewrite('large.txt', TEN);
  const document = await opened('large.txt');
  const large = `now it is large\n${'x'
    .repeat(1023)
    .concat('\n')
    .repeat(20.5 * 1024)}`;
  expect(large.length).toBeGreaterThan(20 * MB);
  await rewrite('large.txt', large);
  await expect(document.getByRole('alert')).toContainText('larger than 20 MB');
  await expect(editorOf(document)).toContainText('line 9');
  // It follows again when the file is small again.
  await rewrite('large.txt', TEN.replace('line 2', 'line two'));
  await expect(document.getByRole('alert')).toHaveCount(0);
  await expect(editorOf(document)).toContainText('line two');

  await typeInto(document, 'line 5', ', mine');
  await rewrite('large.txt', large);
  await expect(document.getByRole('alert')).toContainText('larger than 20 MB');
  await expect(document.getByRole('button', { name: 'Keep both' })).toBeVisible();
  // Who saves all the same is asked by JupyterLab.
  const saved = execute(page, 'docmanager:save').catch(() => null);
  await expect(dialogs(page)).toContainText('File Changed');
  await dialogs(page).getByRole('button', { name: 'Cancel' }).click();
  await saved;
  expect(await fileText('large.txt')).toBe(large);
  await document.getByRole('button', { name: 'Load the file' }).click();
  await expect(editorOf(document)).toContainText('now it is large', SOON);
  await expect(document.getByRole('alert')).toHaveCount(0);
});

test.describe('what the person answers JupyterLab’s own question', () => {
  /** A text that is edited where its file has changed, and the question whether to overwrite it. */
  async function asked(
    path: string,
    theirs = TEN.replace('line 4', 'line 4, theirs')
  ): Promise<{ document: Locator; saved: Promise<unknown> }> {
    await rewrite(path, TEN);
    const document = await opened(path);
    await typeInto(document, 'line 4', ', mine');
    await rewrite(path, theirs);
    await expect(document.getByRole('alert')).toBeVisible();
    const saved = execute(page, 'docmanager:save').catch(() => null);
    await expect(dialogs(page)).toContainText('File Changed');
    return { document, saved };
  }

  const answer = (name: string) => dialogs(page).getByRole('button', { name, exact: true }).click();

  test('“Revert”: the document is followed from what was loaded on', async () => {
    const { document, saved } = await asked('revert.txt');
    await answer('Revert');
    await saved;
    await expect(editorOf(document)).toContainText('line 4, theirs');
    await expect(document.getByRole('alert')).toHaveCount(0);
    await rewrite('revert.txt', TEN.replace('line 4', 'line 4, once more'));
    await expect(editorOf(document)).toContainText('line 4, once more');
    await expect(document.getByRole('alert')).toHaveCount(0);
    await typeInto(document, 'line 8', '!');
    await execute(page, 'docmanager:save');
    await expect
      .poll(() => fileText('revert.txt'))
      .toBe(TEN.replace('line 4', 'line 4, once more').replace('line 8', 'line 8!'));
  });

  test('“Revert” to a file that is another by then', async () => {
    const { document, saved } = await asked('moved-on.txt');
    await folder.write('moved-on.txt', TEN.replace('line 4', 'line four'));
    await answer('Revert');
    await saved;
    await expect(editorOf(document)).toContainText('line four');
    await rewrite('moved-on.txt', TEN.replace('line 4', 'line 4, once more'));
    await expect(editorOf(document)).toContainText('line 4, once more');
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('“Revert” to a file that is empty empties the document', async () => {
    const { document, saved } = await asked('emptied.txt', '');
    await answer('Revert');
    await saved;
    await expect(editorOf(document)).not.toContainText('line', SOON);
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('“Cancel”: the document goes on to follow its file', async () => {
    const { document, saved } = await asked('cancel.txt');
    await answer('Cancel');
    await saved;
    await expect(editorOf(document)).toContainText('line 4, mine');
    await rewrite('cancel.txt', TEN.replace('line 7', 'line seven'));
    await expect(editorOf(document)).toContainText('line seven', SOON);
    await expect(editorOf(document)).toContainText('line 4, mine');
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('“Overwrite”: the file is what the person saw', async () => {
    const { document, saved } = await asked('overwrite.txt');
    await answer('Overwrite');
    await saved;
    const mine = TEN.replace('line 4', 'line 4, mine');
    await expect.poll(() => fileText('overwrite.txt')).toBe(mine);
    await expect(document.getByRole('alert')).toHaveCount(0);
    await rewrite('overwrite.txt', mine.replace('line 4', 'line four'));
    await expect(editorOf(document)).toContainText('line four, mine');
  });
});

test.describe('documents of a layout that is restored', () => {
  /** Leaves the page with a document open in it, and comes back when the work is done. */
  async function reopened(path: string, meanwhile: () => Promise<void>): Promise<Locator> {
    const layout = page.waitForResponse(
      response =>
        response.request().method() === 'PUT' &&
        response.url().includes('/api/workspaces/') &&
        (response.request().postData() ?? '').includes(path)
    );
    await opened(path);
    await layout;
    const url = page.url();
    await page.goto('about:blank');
    await meanwhile();
    await page.goto(url);
    const document = page.locator('.jp-Document:visible').last();
    await expect(editorOf(document)).toContainText('line 9', SOON);
    return document;
  }

  test('show what was changed while the page was closed, and what is changed right after', async () => {
    await folder.write('restored.txt', TEN);
    const document = await reopened('restored.txt', () =>
      folder.write('restored.txt', TEN.replace('line 1', 'line one'))
    );
    // Before the extension has had its turn, maybe.
    await folder.write('restored.txt', TEN.replace('line 2', 'line two'));
    await expect(editorOf(document)).toContainText('line two', SOON);
    await expect(document.getByRole('alert')).toHaveCount(0);
  });

  test('keep what is typed into them at once', async () => {
    await folder.write('typed.txt', TEN);
    const document = await reopened('typed.txt', () => Promise.resolve());
    await typeInto(document, 'line 6', ', mine');
    await folder.write('typed.txt', TEN.replace('line 2', 'line two'));
    await expect(editorOf(document)).toContainText('line two', SOON);
    await expect(editorOf(document)).toContainText('line 6, mine');
    await expect(document.getByRole('alert')).toHaveCount(0);
  });
});

test('what nobody tells is not seen where the settings say not to look', async ({ product }) => {
  await changeSettings(product, { followLooks: false });
  await reloadLab(page);
  await folder.write('quiet.txt', TEN);
  const document = await opened('quiet.txt');
  await rewrite('quiet.txt', TEN.replace('line 2', 'line two'));
  // A look costs a request: none is made for this file while the person comes back ten times.
  const asked: string[] = [];
  page.on('request', request => {
    if (request.url().includes('quiet.txt')) {
      asked.push(request.url());
    }
  });
  for (let times = 0; times < 10; times += 1) {
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  }
  await expect(editorOf(document)).not.toContainText('line two');
  expect(asked).toEqual([]);

  // What the server tells is still heard.
  const { url, token } = product.lab;
  const path = ['work', 'quiet.txt'].join('/');
  const save = (text: string) =>
    fetch(`${url}api/contents/${path}`, {
      method: 'PUT',
      headers: { Authorization: `token ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ type: 'file', format: 'text', content: text })
    });
  await save(TEN.replace('line 3', 'line three'));
  await expect(editorOf(document)).toContainText('line three');
  await changeSettings(product, { followLooks: false, followServer: false });
  await reloadLab(page);
  await opened('quiet.txt');
  asked.length = 0;
  await save(TEN.replace('line 4', 'line four'));
  await expect.poll(() => fileText('quiet.txt')).toContain('line four');
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(editorOf(page.locator('.jp-Document:visible').last())).toContainText('line three');
  expect(asked).toEqual([]);
});
