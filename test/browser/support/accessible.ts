import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type axe from 'axe-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe is asked for: WCAG 2.2 at level AA. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** JupyterLab's themes, both of which must hold. */
export const THEMES = ['JupyterLab Light', 'JupyterLab Dark'] as const;

/**
 * Expects axe to find nothing wrong with a part of the page as it is now.
 *
 * @param selector - of the part; default: the Projects panel
 */
export async function expectAccessible(page: Page, selector = '#jp-projects-panel'): Promise<void> {
  await expect(page.locator(selector).first()).toBeVisible();
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(await readFile(AXE, 'utf8'));
  }
  const violations = await page.evaluate(
    async ([part, tags]) => {
      const { axe: checker } = window as Window & { axe?: typeof axe };
      const results = await checker?.run(part, { runOnly: { type: 'tag', values: [...tags] } });
      return results?.violations.map(({ id, help, nodes }) => ({
        id,
        help,
        nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ''}`)
      }));
    },
    [selector, TAGS] as const
  );
  expect(violations).toEqual([]);
}

/** Does something in each of JupyterLab's themes, and leaves the light one. */
export async function inEachTheme(
  page: Page,
  work: (name: string) => Promise<void>
): Promise<void> {
  for (const theme of [...THEMES].reverse()) {
    await page.evaluate(async name => {
      await window.jupyterapp.commands.execute('apputils:change-theme', { theme: name });
    }, theme);
    await expect(page.locator('body')).toHaveAttribute('data-jp-theme-name', theme);
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
    await work(theme === 'JupyterLab Dark' ? 'dark' : 'light');
  }
}
