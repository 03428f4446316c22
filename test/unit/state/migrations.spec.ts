import { sql } from 'kysely';
import { NO_MIGRATIONS } from 'kysely/migration';
import initSqlJs from 'sql.js';

import { migratorFor, StateDatabase } from '../../../src/state/database';
import { MIGRATIONS } from '../../../src/state/migrations';
import type { Tables } from '../../../src/state/tables';

/** What SQLite should declare for a type: `text`, `text?` where null may be. */
type Declared<T> = null extends T ? `${Plain<Exclude<T, null>>}?` : Plain<T>;
type Plain<T> = T extends string ? 'text' : 'integer' | 'real';
type Selected<T> = T extends { readonly __select__: infer S } ? S : T;

/** Holds the types to the schema: `lint:types` fails when a column is missing here, is not in the types, or differs. */
const TABLES: {
  [T in keyof Tables]: { [C in keyof Tables[T]]: Declared<Selected<Tables[T][C]>> };
} = {
  local_projects: {
    id: 'text',
    cloud_url: 'text',
    name: 'text',
    owner_id: 'text',
    path: 'text',
    paused: 'integer',
    linked_at: 'real',
    last_sync_at: 'real?',
    cloud_cursor: 'text?',
    local_cursor: 'text?'
  },
  base_nodes: {
    project_id: 'text',
    path: 'text',
    kind: 'text',
    size: 'integer',
    sha256: 'text?'
  },
  side_entries: {
    project_id: 'text',
    side: 'text',
    path: 'text',
    kind: 'text',
    size: 'integer',
    sha256: 'text?',
    version: 'text',
    entry_id: 'text?',
    seen_at: 'real'
  },
  intents: {
    project_id: 'text',
    path: 'text',
    before_sha256: 'text?',
    after_sha256: 'text',
    size: 'integer',
    source_side: 'text',
    source_path: 'text',
    source_version: 'text'
  },
  conflicts: {
    project_id: 'text',
    position: 'integer',
    path: 'text',
    copy: 'text?',
    reason: 'text',
    base_sha256: 'text?'
  },
  activities: {
    id: 'integer',
    at: 'text',
    project_id: 'text',
    project_title: 'text',
    kind: 'text',
    path: 'text?',
    text: 'text',
    side: 'text?',
    change: 'text?'
  }
};

async function schemaOf(state: StateDatabase): Promise<Record<string, Record<string, string>>> {
  const { rows } = await sql<{ table: string; name: string; type: string; notnull: number }>`
    select m.name as "table", c.name, c.type, c."notnull"
    from sqlite_master m, pragma_table_xinfo(m.name) c
    where m.type = 'table' and m.name not like 'kysely_%' and m.name not like 'sqlite_%'
  `.execute(state.kysely);
  const tables: Record<string, Record<string, string>> = {};
  for (const { table, name, type, notnull } of rows) {
    (tables[table] ??= {})[name] = type.toLowerCase() + (notnull ? '' : '?');
  }
  return tables;
}

const created = async (): Promise<StateDatabase> => StateDatabase.create(await initSqlJs());

describe('the migrations', () => {
  it('lead to the tables that the types say', async () => {
    expect(await schemaOf(await created())).toEqual(TABLES);
  });

  it('are named in the order in which they are to run', () => {
    const names = Object.keys(MIGRATIONS);
    expect(names).toEqual([...names].sort());
    names.forEach(name => expect(name).toMatch(/^\d{4}-[a-z0-9-]+$/));
  });

  it('all go down to nothing, and up again to the same', async () => {
    const state = await created();
    const before = await schemaOf(state);
    const migrator = migratorFor(state.kysely);
    const down = await migrator.migrateTo(NO_MIGRATIONS);
    expect(down.error).toBeUndefined();
    expect(await schemaOf(state)).toEqual({});
    const up = await migrator.migrateToLatest();
    expect(up.error).toBeUndefined();
    expect(await schemaOf(state)).toEqual(before);
  });

  it.each(Object.keys(MIGRATIONS))('%s goes up, down and up by itself', async name => {
    const names = Object.keys(MIGRATIONS);
    const previous = names[names.indexOf(name) - 1] ?? NO_MIGRATIONS;
    const state = await created();
    const migrator = migratorFor(state.kysely);
    expect((await migrator.migrateTo(previous)).error).toBeUndefined();
    const without = await schemaOf(state);
    expect((await migrator.migrateTo(name)).error).toBeUndefined();
    const withIt = await schemaOf(state);
    expect(withIt).not.toEqual(without);
    expect((await migrator.migrateTo(previous)).error).toBeUndefined();
    expect(await schemaOf(state)).toEqual(without);
    expect((await migrator.migrateTo(name)).error).toBeUndefined();
    expect(await schemaOf(state)).toEqual(withIt);
  });

  it('bring a saved state of an older schema up when it is opened', async () => {
    const sqlJs = await initSqlJs();
    const state = await StateDatabase.create(sqlJs);
    const newer = {
      ...MIGRATIONS,
      '9999-later': {
        up: async (db: StateDatabase['kysely']) => {
          await db.schema.createTable('later').addColumn('x', 'text').execute();
        }
      }
    };
    const opened = await StateDatabase.open(sqlJs, state.export(), newer);
    expect(await schemaOf(opened)).toEqual({ ...TABLES, later: { x: 'text?' } });
    await expect(StateDatabase.open(sqlJs, opened.export())).rejects.toMatchObject({
      code: 'newer-version'
    });
  });

  it('declare what SQLite then refuses: orphans, unknown kinds, wrong types', async () => {
    const { kysely } = await created();
    const row = { project_id: 'x', path: 'a', kind: 'file', size: 1, sha256: null } as const;
    await expect(kysely.insertInto('base_nodes').values(row).execute()).rejects.toThrow('FOREIGN');
    await sql`pragma foreign_keys = off`.execute(kysely);
    await expect(
      sql`insert into base_nodes values ('x', 'a', 'link', 1, null)`.execute(kysely)
    ).rejects.toThrow('CHECK');
    await expect(
      sql`insert into base_nodes values ('x', 'a', 'file', 'big', null)`.execute(kysely)
    ).rejects.toThrow('cannot store TEXT');
  });
});
