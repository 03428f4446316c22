import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

/** Takes a picture for whoever looks at the results. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
}

/** Drags the edge of the left sidebar until it is so wide, in pixels. A layout that still settles lets go of it: then once more. */
export async function setWidth(page: Page, width: number): Promise<void> {
  const panel = page.locator('#jp-left-stack');
  const handle = page.locator('#jp-main-split-panel > .lm-SplitPanel-handle:visible').first();
  await expect(async () => {
    const [sidebar, edge] = [await panel.boundingBox(), await handle.boundingBox()];
    if (!sidebar || !edge) {
      throw new Error('There is no sidebar.');
    }
    const y = edge.y + edge.height / 2;
    const x = edge.x + edge.width / 2;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + width - sidebar.width, y, { steps: 3 });
    await page.mouse.up();
    const now = await panel.boundingBox();
    expect(Math.abs((now?.width ?? 0) - width)).toBeLessThanOrEqual(2);
  }).toPass();
}
