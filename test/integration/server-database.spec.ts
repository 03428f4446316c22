import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { NO_MIGRATIONS } from 'kysely/migration';

import { migratorOf } from '../../server/src/database/migrate';
import { openDatabase } from '../../server/src/database/open';
import type { Database } from '../../server/src/database/tables';
import { DataFolder } from '../../server/src/data-folder';
import { collectGarbage } from '../../server/src/maintenance';
import { type CloudApp, sha256, startApp } from '../support/cloud-app';

describe('the migrations', () => {
  let db: Kysely<Database>;

  beforeAll(async () => {
    ({ db } = await openDatabase(null));
  });

  afterAll(() => db.destroy());

  async function columns(): Promise<Record<string, string[]>> {
    const { rows } = await sql<{ name: string; columns: string[] }>`
      select table_name as name, array_agg(column_name::text order by column_name) as columns
      from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely%'
      group by table_name
    `.execute(db);
    return Object.fromEntries(rows.map(row => [row.name, row.columns]));
  }

  it('go down to nothing, and up to the same again', async () => {
    const before = await columns();
    expect(Object.keys(before)).toHaveLength(13);
    const migrator = migratorOf(db);
    expect((await migrator.migrateTo(NO_MIGRATIONS)).error).toBeUndefined();
    expect(await columns()).toEqual({});
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    expect(await columns()).toEqual(before);
  });
});

describe('the data folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'projects-folder-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('opens in one process at a time', async () => {
    const first = await DataFolder.open(folder);
    await expect(DataFolder.open(folder)).rejects.toThrow(/open in another process.*stop/);
    await first.close();
    await (await DataFolder.open(folder)).close();
  });

  it('opens after a process that died with it', async () => {
    const { path } = await DataFolder.open(folder);
    const lock = join(path, 'lock');
    const held = JSON.parse(await readFile(lock, 'utf8')) as Record<string, unknown>;
    for (const stale of [JSON.stringify({ ...held, pid: 2 ** 22 + 1 }), '', '{']) {
      await writeFile(lock, stale);
      await (await DataFolder.open(folder)).close();
    }
  });

  it('opens after a process that was killed and that its parent has not noticed', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore']
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      let fields: string[] = [];
      while (fields[0] !== 'Z') {
        const text = await readFile(`/proc/${pid}/stat`, 'utf8');
        fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      }
      await writeFile(
        join(folder, 'lock'),
        JSON.stringify({ pid, started: fields[19], token: 't' })
      );
      await (await DataFolder.open(folder)).close();
    } finally {
      parent.kill();
    }
  });

  it('keeps its secret, for its owner alone', async () => {
    const data = await DataFolder.open(folder);
    const secret = await data.secret();
    expect(await data.secret()).toEqual(secret);
    expect(secret).toHaveLength(32);
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
    await data.close();
  });
});

describe('the garbage collection', () => {
  let app: CloudApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(() => app.close());

  it('keeps what versions name, and removes what none does', async () => {
    const { db, blobs } = app.server.services;
    const id = await app.alice.project();
    await app.alice.put(id, 'a', 'old version');
    await app.alice.put(id, 'a', 'new version');
    await app.alice.upload(id, { b: 'sent just now' });
    await app.alice.upload(id, { c: 'sent long ago' });
    await db
      .updateTable('file_versions')
      .set({ created_at: new Date(0) })
      .where('path', 'in', ['a', 'c'])
      .execute();
    const gone = await app.alice.project();
    await app.alice.put(gone, 'd', 'of a deleted project');
    await app.alice.call('DELETE', `/${gone}`);

    await collectGarbage(db, blobs, 0);
    const has = (text: string) => blobs.has({ sha256: sha256(text), size: text.length });
    expect(await has('old version')).toBe(true);
    expect(await has('new version')).toBe(true);
    expect(await has('sent just now')).toBe(true);
    expect(await has('sent long ago')).toBe(false);
    expect(await has('of a deleted project')).toBe(false);
    expect((await app.alice.get(`/${id}/files/a`)).bytes.toString()).toBe('new version');
  });
});
