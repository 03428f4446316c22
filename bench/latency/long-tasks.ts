import type { Page } from '@playwright/test';

declare global {
  interface Window {
    longTasks: { readonly took: number; readonly at: number }[];
  }
}

/** What kept the page from anything else for longer than 50 ms while the work went on; ms, and when that was since its start. */
export async function longTasks(
  page: Page,
  work: () => Promise<unknown>
): Promise<{ took: number; at: number }[]> {
  const began = await page.evaluate(() => {
    window.longTasks = [];
    const observer = new PerformanceObserver(list => {
      for (const { duration, startTime } of list.getEntries()) {
        window.longTasks.push({ took: duration, at: startTime });
      }
    });
    observer.observe({ type: 'longtask' });
    return performance.now();
  });
  await work();
  const tasks = await page.evaluate(async () => {
    // The last are told a moment later.
    await new Promise(resolve => setTimeout(resolve, 500));
    return window.longTasks;
  });
  return tasks.map(({ took, at }) => ({ took, at: at - began }));
}
