import type { CDPSession, Page } from '@playwright/test';

/** The mark in the trace from which times count. */
const MARK = 'bench: begins';
/** Shorter tasks are not told; µs. */
const SHORT = 20_000;

/** One task of the page's main thread; all in ms. */
export interface Task {
  /** Since the work began. */
  readonly at: number;
  readonly took: number;
  /** How much of that the thread had a processor: the rest it waited for one, or for other threads. */
  readonly cpu: number;
}

/** The longer tasks of the page's main thread while the work goes on, as Chromium's tracing tells them. */
export async function traced(page: Page, work: () => Promise<unknown>): Promise<Task[]> {
  const browser = page.context().browser();
  if (!browser) {
    throw new Error('The page has no browser that could be traced.');
  }
  const session = await browser.newBrowserCDPSession();
  const tasks: Traced[] = [];
  const marks: Traced[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value.map(tracedOf)) {
      if (event.name === MARK) {
        marks.push(event);
      } else if (event.name.endsWith('RunTask') && event.dur >= SHORT) {
        tasks.push(event);
      }
    }
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      recordMode: 'recordUntilFull',
      traceBufferSizeInKb: 600_000,
      includedCategories: ['disabled-by-default-devtools.timeline', 'blink.user_timing'],
      excludedCategories: ['*']
    }
  });
  await page.evaluate(name => {
    performance.mark(name);
  }, MARK);
  try {
    await work();
  } finally {
    await ended(session);
  }
  const [mark] = marks;
  if (!mark) {
    throw new Error('The trace does not tell when the work began.');
  }
  return tasks
    .filter(({ pid, tid, ts }) => pid === mark.pid && tid === mark.tid && ts >= mark.ts)
    .map(({ ts, dur, tdur }) => ({
      at: (ts - mark.ts) / 1000,
      took: dur / 1000,
      cpu: tdur / 1000
    }))
    .sort((a, b) => a.at - b.at);
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise<void>(resolve => {
    session.once('Tracing.tracingComplete', () => resolve());
  });
  await session.send('Tracing.end');
  await complete;
  await session.detach();
}

/** What Chromium tells of an event; times in µs. */
interface Traced {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly tdur: number;
}

function tracedOf(value: object): Traced {
  return { name: '', pid: 0, tid: 0, ts: 0, dur: 0, tdur: 0, ...value };
}
