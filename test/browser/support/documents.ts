import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** Opens a file, relative to the Jupyter root, and gives its tab's content. */
export async function openDocument(page: Page, path: string, factory?: string): Promise<Locator> {
  // Some of JupyterLab's own plugins come after the page is there.
  await page.waitForFunction(() => window.jupyterapp.commands.hasCommand('docmanager:open'));
  await page.evaluate(
    async ([file, name]) => {
      const widget = (await window.jupyterapp.commands.execute('docmanager:open', {
        path: file,
        ...(name !== undefined && { factory: name })
      })) as {
        context: { ready: Promise<void>; listCheckpoints(): Promise<readonly unknown[]> };
      };
      await widget.context.ready;
      // JupyterLab makes one before it takes the file for loaded.
      while ((await widget.context.listCheckpoints()).length === 0) {
        await new Promise(requestAnimationFrame);
      }
    },
    [path, factory] as const
  );
  const document = page.locator('.jp-MainAreaWidget.jp-Document:visible').last();
  await expect(document).toBeVisible();
  return document;
}

/** The text that is edited; of a notebook, its cells. */
export function editorOf(document: Locator): Locator {
  return document.locator('.cm-content').first();
}

/** Types at the end of the line that reads so. */
export async function typeInto(document: Locator, line: string, text: string): Promise<void> {
  await document.locator('.cm-line').getByText(line, { exact: true }).click();
  await document.page().keyboard.press('End');
  await document.page().keyboard.type(text);
}

export function dialogs(page: Page): Locator {
  return page.locator('.jp-Dialog');
}

/** Closes all documents, whatever is unsaved in them. */
export async function closeAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const widgets = [...window.jupyterapp.shell.widgets('main')];
    for (const widget of widgets) {
      widget.dispose();
    }
    const { sessions } = window.jupyterapp.serviceManager;
    for (const { id, type } of [...sessions.running()]) {
      if (type === 'notebook') {
        await sessions.shutdown(id);
      }
    }
  });
  await expect(page.locator('.jp-Document')).toHaveCount(0);
}

interface NotebookState {
  readonly sources: readonly string[];
  readonly dirty: boolean;
}

/** What the notebook in front holds. */
export async function readNotebook(page: Page): Promise<NotebookState> {
  return page.evaluate(() => {
    const widget = window.jupyterapp.shell.currentWidget as unknown as {
      context: {
        model: { dirty: boolean; sharedModel: { cells: readonly { source: string }[] } };
      };
    };
    const { model } = widget.context;
    return { sources: model.sharedModel.cells.map(({ source }) => source), dirty: model.dirty };
  });
}

/** A notebook's file: code cells with ids, as Jupyter writes it. */
export function notebookFile(cells: number, source: (index: number) => string): string {
  return notebookOf(
    Array.from({ length: cells }, (_, i) => ({ id: `cell-${i}`, source: source(i) }))
  );
}

export function notebookOf(
  cells: readonly { readonly id: string; readonly source: string }[]
): string {
  const notebook = {
    cells: cells.map(({ id, source }) => ({
      cell_type: 'code',
      execution_count: null,
      id,
      metadata: {},
      outputs: [],
      source: source.split(/(?<=\n)/)
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Starts a kernel for the notebook in front. */
export async function startKernel(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { context } = window.jupyterapp.shell.currentWidget as unknown as {
      context: {
        sessionContext: {
          changeKernel(model: { name: string }): Promise<{ info: Promise<unknown> } | null>;
        };
      };
    };
    const kernel = await context.sessionContext.changeKernel({ name: 'python3' });
    await kernel?.info;
  });
}

/** Runs a cell of the notebook in front, as the person's own doing; waits until it is done, unless told not to. */
export async function runCell(
  page: Page,
  index: number,
  { wait = true }: { readonly wait?: boolean } = {}
): Promise<void> {
  await page.evaluate(
    async ([at, isAwaited]) => {
      const { content } = window.jupyterapp.shell.currentWidget as unknown as {
        content: { activeCellIndex: number; deselectAll(): void };
      };
      content.activeCellIndex = at;
      content.deselectAll();
      const done = window.jupyterapp.commands.execute('notebook:run-cell');
      if (isAwaited) {
        await done;
      }
    },
    [index, wait] as const
  );
}

/** Where the caret stands: the text of its line, and how far into it. */
export async function caretOf(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const selection = window.getSelection();
    const line = selection?.anchorNode?.parentElement?.closest('.cm-line');
    return {
      line: line?.textContent,
      offset: selection?.anchorOffset,
      isFocused: window.document.activeElement?.classList.contains('cm-content')
    };
  });
}
