import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

import type { Product } from './product';

declare global {
  interface Window {
    /** Set by JupyterLab's --expose-app-in-browser. */
    jupyterapp: JupyterFrontEnd;
  }
}

/**
 * Opens JupyterLab and waits until its parts are in place.
 *
 * @param options - `reset`: forget the layout of an earlier page (default true).
 */
export async function openLab(
  page: Page,
  { lab }: Pick<Product, 'lab'>,
  { reset = true }: { reset?: boolean } = {}
): Promise<void> {
  await page.goto(`${lab.url}lab?token=${lab.token}${reset ? '&reset' : ''}`);
  await labReady(page);
}

/** Reloads the page and waits until JupyterLab's parts are in place. */
export async function reloadLab(page: Page): Promise<void> {
  await page.reload();
  await labReady(page);
}

async function labReady(page: Page): Promise<void> {
  // A second tab goes on to a workspace of its own while it starts: what waits here bears that.
  const isRestored = async () => {
    await window.jupyterapp?.started;
    await window.jupyterapp?.restored;
    return window.jupyterapp !== undefined;
  };
  await page.waitForFunction(isRestored, null, { timeout: 60_000 });
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
}

/** The tab of the Projects panel in the left sidebar. */
export function projectsTab(page: Page): Locator {
  return page.getByRole('tab', { name: 'Projects', exact: true });
}

/** Brings the Projects panel to the front, as a person does. */
export async function openPanel(page: Page): Promise<Locator> {
  const panel = page.getByRole('region', { name: 'Projects', exact: true });
  if (!(await panel.isVisible())) {
    await projectsTab(page).click();
  }
  await expect(panel).toBeVisible();
  return panel;
}

/** Signs in through the panel, as a person does. */
export async function signIn(page: Page, key: string): Promise<void> {
  const panel = await openPanel(page);
  await panel.getByLabel('API key').fill(key);
  await panel.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(panel.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

/** A command's own error: `code` is the stable one. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly code: string | null
  ) {
    super(message);
    this.name = 'CommandFailure';
  }
}

/**
 * Executes a command of the page.
 *
 * @returns What it answers, as JSON.
 * @throws CommandFailure - where it rejects.
 */
export async function execute<T = unknown>(
  page: Page,
  id: string,
  args: ReadonlyPartialJSONObject = {}
): Promise<T> {
  const outcome = await page.evaluate(
    async ([command, given]) => {
      try {
        return { answer: (await window.jupyterapp.commands.execute(command, given)) as unknown };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : null;
        return { message: error instanceof Error ? error.message : String(error), code };
      }
    },
    [id, args] as const
  );
  if ('message' in outcome) {
    throw new CommandFailure(`${id}: ${outcome.message}`, outcome.code ?? null);
  }
  return outcome.answer as T;
}

/** Opens a document with what JupyterLab opens it with by default. Its widget is no JSON, so this is no `execute`. */
export async function openDocument(page: Page, path: string): Promise<void> {
  await page.evaluate(async file => {
    await window.jupyterapp.commands.execute('docmanager:open', { path: file });
  }, path);
}
