import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

import { openPanel } from './lab-page';
import type { Addresses } from './product';

/** Changes settings of the extension as its settings editor does; before the page opens or while it is open. */
export async function changeSettings(
  { lab }: Pick<Addresses, 'lab'>,
  settings: Readonly<Record<string, unknown>>
): Promise<void> {
  const answer = await fetch(`${lab.url}lab/api/settings/jupyterlab-projects:plugin`, {
    method: 'PUT',
    headers: { Authorization: `token ${lab.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ raw: JSON.stringify(settings) })
  });
  expect(answer.ok, `the settings answer ${answer.status}`).toBe(true);
}

/** Brings the file browser to the front and to a folder. */
export async function openFileBrowser(page: Page, folder = ''): Promise<Locator> {
  const browser = page.locator('#filebrowser');
  if (!(await browser.isVisible())) {
    await page.locator('.jp-SideBar.jp-mod-left [data-id="filebrowser"]').click();
  }
  await expect(browser).toBeVisible();
  await browser.locator('.jp-BreadCrumbs-home').first().click();
  for (const name of folder.split('/').filter(Boolean)) {
    await fileItem(page, name).dblclick();
    await expect(browser.locator('.jp-BreadCrumbs-item', { hasText: name }).last()).toBeVisible();
  }
  await browser.getByRole('button', { name: /refresh/i }).click();
  return browser;
}

/** An entry of the file browser. */
export function fileItem(page: Page, name: string): Locator {
  return page.locator('#filebrowser .jp-DirListing-item').filter({
    has: page.locator('.jp-DirListing-itemText').getByText(name, { exact: true })
  });
}

/** Opens the context menu of an entry of the file browser. */
export async function openContextMenu(page: Page, name: string): Promise<Locator> {
  await fileItem(page, name).click({ button: 'right' });
  const menu = page.locator('.lm-Menu').first();
  await expect(menu).toBeVisible();
  return menu;
}

/** The entries of a menu that are seen, as a person reads them. */
export async function menuLabels(menu: Locator): Promise<string[]> {
  return menu
    .locator('.lm-Menu-item:not(.lm-mod-hidden):not(.lm-mod-collapsed) .lm-Menu-itemLabel')
    .allInnerTexts();
}

/** A project's entry in the panel. */
export async function projectItem(page: Page, title: string): Promise<Locator> {
  const panel = await openPanel(page);
  return panel.locator('.jp-Projects-item').filter({
    has: page.getByRole('button', { name: title, exact: true })
  });
}

/** Unfolds a project in the panel. */
export async function unfold(page: Page, title: string): Promise<Locator> {
  const item = await projectItem(page, title);
  const button = item.getByRole('heading').getByRole('button', { name: title, exact: true });
  if ((await button.getAttribute('aria-expanded')) !== 'true') {
    await button.click();
  }
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  return item;
}

/** Clicks Sync now, waits until that sync is over, and expects the project's state in words. */
export async function syncNow(
  page: Page,
  title: string,
  outcome: string | RegExp = 'Synced'
): Promise<Locator> {
  const item = await projectItem(page, title);
  const button = item.getByRole('button', { name: 'Sync now' });
  await expect(button).toBeEnabled();
  // It is disabled from the click on, until the sync is over.
  await button.click();
  await expect(button).toBeEnabled({ timeout: 60_000 });
  await expect(statusOf(item)).toHaveText(outcome);
  return item;
}

/** The words of a project's state. */
export function statusOf(item: Locator): Locator {
  return item.locator('.jp-Projects-facts .jp-Projects-status');
}

/** Opens the command palette by its keys, which JupyterLab learns a moment after its start; what is typed then searches it. */
export async function openPalette(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+Shift+c');
    await expect(page.locator('.lm-CommandPalette-input:focus')).toHaveCount(1, { timeout: 1000 });
  }).toPass();
}

/** A file or folder in the tree of a project that is unfolded, where its row is in sight. */
export function treeRow(item: Locator, path: string): Locator {
  return item.locator(`[role="treeitem"][data-path="${path}"]`);
}

/** Opens a folder in the tree of a project that is unfolded. */
export async function openTreeFolder(item: Locator, path: string): Promise<void> {
  const row = treeRow(item, path);
  await expect(row).toBeVisible();
  if ((await row.getAttribute('aria-expanded')) !== 'true') {
    await row.click();
  }
  await expect(row).toHaveAttribute('aria-expanded', 'true');
}
