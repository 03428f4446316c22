import { randomBytes } from 'node:crypto';

import type { Folder } from '../../test/support/folder';

export const FILES = 10_000;
export const DIRECTORIES = 200;
/** Of each file, in bytes: 124 MB in all. */
const SIZE = 12_400;

/** Writes files that are evenly spread over directories, in two levels, and of no recent date. Gives the directories. */
export async function writeFiles(
  folder: Folder,
  { files = FILES, directories = DIRECTORIES, size = SIZE } = {}
): Promise<string[]> {
  const groups = Math.max(1, Math.round(directories / 20));
  const all = new Set(['']);
  for (let number = 0; number < files; number += 1) {
    // The groups are directories too.
    const place = number % Math.max(1, directories - groups);
    const group = `group ${place % groups}`;
    const path = `${group}/folder ${place}`;
    all.add(group).add(path);
    await folder.write(`${path}/file ${number}.txt`, randomBytes(size));
  }
  await folder.age();
  return [...all];
}
