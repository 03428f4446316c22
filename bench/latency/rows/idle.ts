import { setTimeout as delay } from 'node:timers/promises';

import { writeFiles } from '../files';
import type { Measure } from '../row';
import { SOME } from './to-cloud';

/** How long a page that was hidden may end what it had begun; ms. JupyterLab's own polls tick once more, the slowest after a minute. */
const SETTLE = 75_000;

/** What a page that nobody looks at sends while nothing happens. */
export const idle: Measure = async (stage, { idleMinutes }) => {
  await stage.project('some work', folder => writeFiles(folder, SOME));
  const requests: string[] = [];
  let frames = 0;
  const { page } = stage;
  page.on('websocket', socket => {
    socket.on('framesent', () => (frames += 1));
  });
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  await page.evaluate(() => {
    // A browser without a window hides no page: it is told that it is.
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    Object.defineProperty(document, 'hidden', { get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('blur'));
  });
  await delay(SETTLE);
  page.on('request', request => {
    requests.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  frames = 0;
  await delay(idleMinutes * 60_000);
  const counts = new Map<string, number>();
  requests.forEach(request => counts.set(request, (counts.get(request) ?? 0) + 1));
  return [
    {
      what: `idle, hidden page, ${idleMinutes} minutes`,
      bar: 'no request',
      median: `${requests.length} requests`,
      isOver: requests.length > 0,
      notes: [
        `${frames} messages were sent by websockets`,
        ...[...counts].map(([request, count]) => `${count} × ${request}`)
      ]
    }
  ];
};
