import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { seal, TRAILER_BYTES, unseal } from '../../../src/state/trailer';
import { NOW, opened } from '../../support/state-examples';

const database = new TextEncoder().encode('some database');

describe('the trailer of a state file', () => {
  it('gives back the database and its number', async () => {
    const { file, checksum } = await seal(database, 7);
    expect(await unseal(file)).toEqual({ number: 7, bytes: database, checksum });
  });

  it('is as its description says, byte for byte', async () => {
    const { file } = await seal(database, 0x0102030405);
    const sealed = Buffer.concat([
      database,
      Buffer.from('JLPSTATE'),
      Buffer.from([0, 0, 0, 1, 2, 3, 4, 5])
    ]);
    const checksum = createHash('sha256').update(sealed).digest();
    expect(Buffer.from(file)).toEqual(Buffer.concat([sealed, checksum]));
    expect(file.length).toBe(database.length + TRAILER_BYTES);
  });

  it('can be read from the middle of a buffer', async () => {
    const { file, checksum } = await seal(database, 7);
    const buffer = new Uint8Array(file.length + 20).fill(0xff);
    buffer.set(file, 10);
    const view = buffer.subarray(10, 10 + file.length);
    expect(await unseal(view)).toEqual({ number: 7, bytes: database, checksum });
  });

  it('leaves the file one that another SQLite opens', async () => {
    const { storage } = await opened();
    const folder = await mkdtemp(join(tmpdir(), 'projects-state-'));
    try {
      const path = join(folder, 'state.sqlite3');
      await writeFile(path, storage.files.get('state-a.sqlite3') ?? '');
      const script = [
        'import sqlite3, sys',
        'db = sqlite3.connect(sys.argv[1])',
        'print(db.execute("pragma integrity_check").fetchone()[0])',
        'print(*db.execute("select path, linked_at from local_projects").fetchone())'
      ].join('\n');
      const { stdout } = await promisify(execFile)('python3', ['-c', script, path]);
      expect(stdout.trim().split('\n')).toEqual(['ok', `work/thesis ${NOW}.0`]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
