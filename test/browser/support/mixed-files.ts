import type { Folder } from '../../support/folder';

/** Of the largest of the mixed files, in bytes. */
export const LARGE = 20 * 1024 * 1024;

/** Names that a program may trip over. */
const ODD_NAMES = [
  'with spaces in it.txt',
  'a 100% sure.txt',
  'percent%20encoded %41.txt',
  'number #1.md',
  'question? & plus + semi;colon.txt',
  'quotes \' and ".txt',
  'back\\slash.txt',
  'emoji 🎉👩‍🔬.txt',
  '漢字と仮名.md',
  '한국어.txt',
  'עברית.txt',
  'café composed.txt',
  'cafe\u0301 decomposed.txt',
  'UPPER.txt',
  'upper.txt',
  'trailing dot.',
  'no-extension',
  'archive.tar.gz',
  'long-'.padEnd(250, 'x') + '.txt'
];

/** Folders, each a step deeper or odder. */
const FOLDERS = ['', 'notes', 'data/raw', 'a b/c#d/e%f', '数据/🎉'];

/** Writes 200 files of all kinds below the folder, and answers how many folders they lie in, it included. */
export async function writeMixedFiles(folder: Folder): Promise<{ files: number; folders: number }> {
  const files = new Map<string, string | Uint8Array>();
  for (const name of ODD_NAMES) {
    files.set(`odd/${name}`, `This is ${name}\n`);
  }
  files.set('odd/broken.ipynb', '{"cells": [');
  files.set('odd/not utf-8.txt', Uint8Array.from([0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a]));
  files.set('odd/windows.csv', 'a,b\r\n1,2\r\n');
  files.set('large.bin', bytes(LARGE, 7));
  files.set('notes/empty.txt', '');
  files.set('empty.bin', new Uint8Array());
  for (let number = 0; files.size < 200; number += 1) {
    const parent = FOLDERS[number % FOLDERS.length] ?? '';
    const path = (name: string) => (parent === '' ? name : `${parent}/${name}`);
    switch (number % 3) {
      case 0:
        files.set(path(`notebook ${number}.ipynb`), notebook(number));
        break;
      case 1:
        files.set(path(`text-${number}.txt`), `Line of ${number}\n`.repeat(number));
        break;
      default:
        files.set(path(`binary-${number}.bin`), bytes(1000 + number * 97, number));
    }
  }
  for (const [path, content] of files) {
    await folder.write(path, content);
  }
  const folders = new Set(['']);
  for (const path of files.keys()) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, index) => folders.add(parts.slice(0, index + 1).join('/')));
  }
  return { files: files.size, folders: folders.size };
}

/** A notebook as a person's tool laid it out: not as Jupyter would. */
export function notebook(number: number): string {
  const cell = {
    cell_type: 'code',
    execution_count: number,
    id: `cell-${number}`,
    metadata: {},
    outputs: [{ output_type: 'stream', name: 'stdout', text: `${number} 🎉\n` }],
    source: `print(${number}, "🎉")`
  };
  return JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
}

/** Bytes that differ from place to place, the same each time. */
export function bytes(length: number, seed: number): Uint8Array {
  const all = new Uint8Array(length);
  let state = seed + 1;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    all[index] = state >>> 24;
  }
  return all;
}
