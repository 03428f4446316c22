import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFiles } from '../files';
import type { Measure } from '../row';
import { aWhile, whenSeen } from '../wait';
import { rowOf, SOME } from './to-cloud';

const WARM_UP = 3;

/** What another client commits, until its bytes are on the local disk. */
export const toDisk: Measure = async (stage, { quick }) => {
  const { folder, cloud } = await stage.project('some work', each => writeFiles(each, SOME));
  await stage.go({ autoSync: true, helperKernel: 'auto' });
  const times: number[] = [];
  for (let sample = -WARM_UP; sample < (quick ? 10 : 40); sample += 1) {
    await aWhile();
    const name = `from afar ${Math.abs(sample) % 8}.txt`;
    const text = `sample ${sample} ${Math.random()}`;
    const commit = await cloud.prepare(name, text);
    const began = Date.now();
    const committed = commit();
    const seen = await whenSeen(
      async () => (await textOf(join(folder.path, name))) === text,
      2,
      name
    );
    await committed;
    if (sample >= 0) {
      times.push(seen - began);
    }
  }
  return [rowOf("another client's commit → local disk", times, 500, 1500)];
};

/** null while there is no such file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
