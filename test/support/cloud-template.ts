import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `npm test` empties it when it begins. */
const KEPT = join('.cache', 'test');

/**
 * Gives a data folder that holds nothing yet the database that a server's first command makes: with all its tables, and
 * nothing in them. To make it anew takes several seconds, and each test file needs one.
 *
 * #### Notes
 * Keys, users, projects and the folder's secret are not in it: those each cloud makes for itself.
 *
 * @param server - the built server: another build makes another database
 * @param make - makes the database in a new data folder, and has ended its process when it resolves
 */
export async function fillWithDatabase(
  dataDir: string,
  server: string,
  make: (dataDir: string) => Promise<unknown>
): Promise<void> {
  if (await holdsSomething(dataDir)) {
    return;
  }
  const build = createHash('sha256')
    .update(await readFile(server))
    .digest('hex')
    .slice(0, 16);
  const template = join(KEPT, `cloud-database-${build}`);
  if (!(await isThere(template))) {
    await makeTemplate(template, make);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await cp(template, join(dataDir, 'db'), {
    recursive: true,
    mode: constants.COPYFILE_FICLONE
  });
}

/** Test files that run at once may make it at once: the first one's is taken by all. */
async function makeTemplate(
  template: string,
  make: (dataDir: string) => Promise<unknown>
): Promise<void> {
  const fresh = `${template}.${randomUUID()}`;
  try {
    await mkdir(KEPT, { recursive: true });
    await make(fresh);
    await rename(join(fresh, 'db'), template).catch(async (error: unknown) => {
      if (!(await isThere(template))) {
        throw error;
      }
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function holdsSomething(folder: string): Promise<boolean> {
  return (await isThere(folder)) && (await readdir(folder)).length > 0;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  );
}
