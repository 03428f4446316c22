import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { Cloud } from './lib/cloud.mjs';
import { DemoData } from './lib/demo-data.mjs';
import { Failure } from './lib/failure.mjs';
import { writeJson } from './lib/files.mjs';
import { Lab } from './lib/lab.mjs';
import { parseStartOptions, USAGE } from './lib/options.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { prepare, requireNode } from './lib/prepare.mjs';
import { describe } from './lib/processes.mjs';
import { PROJECT } from './lib/project.mjs';
import { runScript } from './lib/script.mjs';

/**
 * `npm start`: from a clone to a JupyterLab with the extension and a cloud beside it. Before the first `npm ci` there is only Node, so
 * this uses nothing else.
 */
await runScript(async (processes, report) => {
  requireNode();
  const options = parseStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (options.help) {
    report.say(USAGE);
    return;
  }
  const data =
    options.data === null
      ? DemoData.firstFree(join(PROJECT, '.demo'), (busy, taken) =>
          report.say(`Another demo runs in ${busy}: this one keeps its data in ${taken}.`)
        )
      : new DemoData(options.data);
  try {
    await demonstrate(processes, report, data, options);
  } finally {
    await processes.stop();
    data.release();
  }
});

/**
 * @param {import('./lib/processes.mjs').Processes} processes
 * @param {import('./lib/report.mjs').Reporter} report
 * @param {DemoData} data
 * @param {import('./lib/options.mjs').StartOptions} options
 */
async function demonstrate(processes, report, data, options) {
  if (options.readyFile !== null) {
    rmSync(options.readyFile, { force: true });
  }
  await requireFreePort(options.port, '--port');
  await requireFreePort(options.cloudPort, '--cloud-port');
  if (options.fresh) {
    data.forget();
  }
  const root = data.root(options.root);
  await prepare(processes, report);

  const cloud = new Cloud(processes, data, { port: options.cloudPort });
  // A browser that opens before the cloud answers would show an error first.
  const early = options.browser ? await cloud.ready() : null;
  const lab = new Lab(processes, data, { ...options, root });
  const { url: cloudUrl, keys } = early ?? (await cloud.ready());
  lab.pointTo(cloudUrl);
  const labUrl = await lab.ready();

  const token = data.token;
  report.say(`
  JupyterLab   ${labUrl}lab?token=${token}
  its files    ${root}
  the cloud    ${cloudUrl}
  API keys     alice  ${keys.alice}
               bob    ${keys.bob}

Sign in with a key in the Projects panel on the left. Ctrl-C ends everything.`);
  if (options.readyFile !== null) {
    writeJson(options.readyFile, {
      lab: { url: labUrl, token, root },
      cloud: { url: cloudUrl, keys }
    });
  }
  await untilEnd(processes, [cloud.service, lab.service]);
}

/** @param {import('./lib/processes.mjs').Processes} processes @param {import('./lib/processes.mjs').Service[]} services */
async function untilEnd(processes, services) {
  const { service, end } = await Promise.race(
    services.map(async service => ({ service, end: await service.ended }))
  );
  processes.signal.throwIfAborted();
  throw new Failure(`${service.name} ended by itself (${describe(end)}).${service.tail()}`);
}
