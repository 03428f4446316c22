import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Folder } from '../../../test/support/folder';
import { inSeconds } from '../figures';
import type { Measure, Row } from '../row';
import type { Stage, Synced } from '../stage';

const WRITES = 10_000;
const WRITTEN = 1000;
const DURATION = 10_000;
const CHECKED_OUT = 2000;
/** That stay as they are: where every file of a project changes at once, a sync stops and asks. */
const OTHERS = 500;
/** More than so many runs are a storm of them. */
const STORM = 25;

/** Ten thousand writes in ten seconds, to a thousand files. */
export const writes: Measure = async stage => {
  const project = await stage.project('storm', async folder => {
    await fill(folder, WRITTEN);
    await fillOthers(folder);
  });
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  const row = await storm(stage, project, async () => {
    const began = Date.now();
    for (let written = 0; written < WRITES;) {
      const due = Math.min(WRITES, ((Date.now() - began) / DURATION) * WRITES);
      for (; written < due; written += 1) {
        const path = join(project.folder.path, nameOf((written * 7) % WRITTEN));
        await writeFile(path, `write ${written} ${randomBytes(200).toString('hex')}`);
      }
      await delay(2);
    }
    return Date.now() - began;
  });
  return [{ ...row, what: `${WRITES} writes in ten seconds, to ${WRITTEN} files` }];
};

/** A checkout that rewrites many files. */
export const checkout: Measure = async stage => {
  const git = async (folder: Folder, ...args: string[]) => {
    const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];
    await promisify(execFile)('git', [...who, ...args], { cwd: folder.path, maxBuffer: 2 ** 26 });
  };
  const project = await stage.project('repository', async folder => {
    await fill(folder, CHECKED_OUT);
    await fillOthers(folder);
    await git(folder, 'init', '-q', '-b', 'main');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-q', '-m', 'first');
    await git(folder, 'checkout', '-q', '-b', 'other');
    await fill(folder, CHECKED_OUT);
    await git(folder, 'commit', '-q', '-a', '-m', 'second');
  });
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  const row = await storm(stage, project, async () => {
    const began = Date.now();
    await git(project.folder, 'checkout', '-q', 'main');
    return Date.now() - began;
  });
  return [{ ...row, what: `a git checkout that rewrites ${CHECKED_OUT} files` }];
};

async function storm(
  stage: Stage,
  project: Synced,
  work: () => Promise<number>
): Promise<Omit<Row, 'what'>> {
  await delay(2000);
  const runs = stage.countRuns(project);
  const took = await work();
  const ended = Date.now();
  const equal = await stage.whenEqual(project).catch(async error => {
    const { report } = await stage.sync(project);
    throw new Error(`A sync now ends as ${report.state}, ${report.stopReason}.`, { cause: error });
  });
  await delay(3000);
  const count = runs();
  return {
    bar: 'nothing missed, no storm of runs',
    median: `nothing missed, ${count} runs`,
    isOver: count > STORM,
    notes: [
      `the writes took ${inSeconds(took)}; the cloud was the same ${inSeconds(equal - ended)} later`
    ]
  };
}

async function fill(folder: Folder, files: number): Promise<void> {
  for (let number = 0; number < files; number += 1) {
    await folder.write(nameOf(number), `${number} ${randomBytes(500).toString('hex')}`);
  }
}

async function fillOthers(folder: Folder): Promise<void> {
  for (let number = 0; number < OTHERS; number += 1) {
    await folder.write(`other/file ${number}.txt`, randomBytes(500));
  }
}

function nameOf(number: number): string {
  return `part ${number % 20}/file ${number}.txt`;
}
