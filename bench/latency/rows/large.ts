import { DIRECTORIES, FILES, writeFiles } from '../files';
import { inSeconds, median, quantile } from '../figures';
import { longTasks } from '../long-tasks';
import { traced } from '../main-thread';
import type { Task } from '../main-thread';
import type { Measure } from '../row';
import { rowOf } from './to-cloud';

/** The page while a folder of many files is synced for the first time. */
export const firstSync: Measure = async stage => {
  // So that the helper kernel is there.
  await stage.project('some work', folder => writeFiles(folder, { files: 100, directories: 5 }));
  await stage.go({ autoSync: false, helperKernel: 'auto' });
  let took = 0;
  let isNew = false;
  let traces: Task[] = [];
  const tasks = await longTasks(stage.page, async () => {
    traces = await traced(stage.page, async () => {
      let began = 0;
      await stage.project('large', async folder => {
        isNew = true;
        await writeFiles(folder);
        began = Date.now();
      });
      took = Date.now() - began;
    });
  });
  if (!isNew) {
    throw new Error('The folder was synced before: ask for first-sync before the others.');
  }
  const longest = Math.max(0, ...tasks.map(task => task.took));
  const list = tasks.map(task => `${task.took.toFixed(0)} ms at ${inSeconds(task.at)}`);
  const busiest = [...traces].sort((one, other) => other.cpu - one.cpu);
  const busy = busiest
    .slice(0, 10)
    .map(
      ({ cpu, took: whole, at }) =>
        `${cpu.toFixed(0)} of ${whole.toFixed(0)} ms at ${inSeconds(at)}`
    );
  return [
    {
      what: `longest main-thread task, first sync of ${FILES} files`,
      bar: '≤ 50 ms',
      median: tasks.length === 0 ? '≤ 50 ms' : `${longest.toFixed(0)} ms`,
      isOver: tasks.length > 0,
      notes: [
        `the sync took ${inSeconds(took)}`,
        tasks.length === 0
          ? 'no task took longer than 50 ms'
          : `all above 50 ms: ${list.join(', ')}`,
        // Of a task that waited for a processor, or for threads that did, the machine tells more than the page.
        `the ten that had a processor for longest: ${busy.join(', ')}`,
        `${traces.filter(({ cpu }) => cpu > 50).length} tasks had one for more than 50 ms`
      ]
    }
  ];
};

/** A sync that finds nothing to do. */
export const noChange: Measure = async (stage, { quick }) => {
  const large = await stage.project('large', folder => writeFiles(folder));
  await stage.go({ autoSync: false, helperKernel: 'auto' });
  await stage.sync(large);
  const times: number[] = [];
  let requests = 0;
  for (let sample = 0; sample < (quick ? 5 : 15); sample += 1) {
    const { report, took } = await stage.sync(large);
    expectNothingDone(report.actions.length);
    times.push(took);
    requests = Math.max(requests, report.requests.jupyter + report.requests.cloud);
  }
  const row = rowOf(
    `no-change sync, ${FILES} files in ${DIRECTORIES} directories, helper`,
    times,
    500
  );
  return [
    {
      ...row,
      bar: `${row.bar}, ≤ 3 requests`,
      median: `${row.median}, ${requests} requests`,
      isOver: row.isOver || requests > 3
    }
  ];
};

/** The same by the contents API, beside the listings alone. */
export const noChangeWithout: Measure = async (stage, { quick }) => {
  const large = await stage.project('large', folder => writeFiles(folder));
  await stage.go({ autoSync: false, helperKernel: 'off' });
  const directories = [
    ...new Set(
      (await large.folder.paths()).flatMap(path => {
        const names = path.split('/').slice(0, -1);
        return ['', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
      })
    )
  ].map(path => (path === '' ? large.path : `${large.path}/${path}`));
  const walk = () =>
    stage.page.evaluate(async paths => {
      const { contents } = window.jupyterapp.serviceManager;
      const waiting = [...paths];
      const began = performance.now();
      const work = async () => {
        for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
          await contents.get(path, { content: true });
        }
      };
      await Promise.all(Array.from({ length: 8 }, work));
      return performance.now() - began;
    }, directories);
  await stage.sync(large);
  await walk();
  const walks: number[] = [];
  const syncs: number[] = [];
  for (let sample = 0; sample < (quick ? 3 : 7); sample += 1) {
    walks.push(await walk());
    const { report, took } = await stage.sync(large);
    expectNothingDone(report.actions.length);
    syncs.push(took);
  }
  const factors = syncs.map((took, index) => took / (walks[index] ?? NaN));
  const factor = median(syncs) / median(walks);
  return [
    {
      what: `the same without the helper (n=${syncs.length})`,
      bar: '≤ 1.2 × the bare walk',
      median: `${factor.toFixed(2)} ×`,
      p95: `${quantile(factors, 0.95).toFixed(2)} ×`,
      isOver: factor > 1.2,
      notes: [
        `syncs ${inSeconds(median(syncs))}, walks ${inSeconds(median(walks))}, ${directories.length} listings`
      ]
    }
  ];
};

function expectNothingDone(actions: number): void {
  if (actions > 0) {
    throw new Error(`A sync that should have found nothing did ${actions} things.`);
  }
}
