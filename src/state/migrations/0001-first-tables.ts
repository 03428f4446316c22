import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const KINDS = sql`kind in ('file', 'directory')`;

/** Keyed by their natural key alone, and typed as declared. */
const CLUSTERED = sql`strict, without rowid`;

export const firstTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('local_projects')
      .addColumn('id', 'text', column => column.primaryKey().notNull())
      .addColumn('cloud_url', 'text', column => column.notNull())
      .addColumn('name', 'text', column => column.notNull())
      .addColumn('owner_id', 'text', column => column.notNull())
      .addColumn('path', 'text', column => column.notNull().unique())
      .addColumn('paused', 'integer', column => column.notNull().check(sql`paused in (0, 1)`))
      .addColumn('linked_at', 'real', column => column.notNull())
      .addColumn('last_sync_at', 'real')
      .addColumn('cloud_cursor', 'text')
      .addColumn('local_cursor', 'text')
      .modifyEnd(CLUSTERED)
      .execute();

    await db.schema
      .createTable('base_nodes')
      .addColumn('project_id', 'text', ofProject)
      .addColumn('path', 'text', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull().check(KINDS))
      .addColumn('size', 'integer', column => column.notNull())
      .addColumn('sha256', 'text')
      .addPrimaryKeyConstraint('base_nodes_key', ['project_id', 'path'])
      .modifyEnd(CLUSTERED)
      .execute();

    await db.schema
      .createTable('side_entries')
      .addColumn('project_id', 'text', ofProject)
      .addColumn('side', 'text', column => column.notNull().check(sql`side in ('local', 'cloud')`))
      .addColumn('path', 'text', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull().check(KINDS))
      .addColumn('size', 'integer', column => column.notNull())
      .addColumn('sha256', 'text')
      .addColumn('version', 'text', column => column.notNull())
      .addColumn('entry_id', 'text')
      .addColumn('seen_at', 'real', column => column.notNull())
      .addPrimaryKeyConstraint('side_entries_key', ['project_id', 'side', 'path'])
      .modifyEnd(CLUSTERED)
      .execute();

    await db.schema
      .createTable('intents')
      .addColumn('project_id', 'text', ofProject)
      .addColumn('path', 'text', column => column.notNull())
      .addColumn('before_sha256', 'text')
      .addColumn('after_sha256', 'text', column => column.notNull())
      .addColumn('size', 'integer', column => column.notNull())
      .addColumn('source_side', 'text', column =>
        column.notNull().check(sql`source_side in ('local', 'cloud')`)
      )
      .addColumn('source_path', 'text', column => column.notNull())
      .addColumn('source_version', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('intents_key', ['project_id', 'path'])
      .modifyEnd(CLUSTERED)
      .execute();

    await db.schema
      .createTable('conflicts')
      .addColumn('project_id', 'text', ofProject)
      .addColumn('position', 'integer', column => column.notNull())
      .addColumn('path', 'text', column => column.notNull())
      .addColumn('copy', 'text')
      .addColumn('reason', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('conflicts_key', ['project_id', 'position'])
      .modifyEnd(CLUSTERED)
      .execute();

    await db.schema
      .createTable('activities')
      .addColumn('id', 'integer', column => column.primaryKey().notNull())
      .addColumn('at', 'text', column => column.notNull())
      .addColumn('project_id', 'text', column => column.notNull())
      .addColumn('project_title', 'text', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('path', 'text')
      .addColumn('text', 'text', column => column.notNull())
      .modifyEnd(sql`strict`)
      .execute();
  },

  async down(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropTable('activities').execute();
    await db.schema.dropTable('conflicts').execute();
    await db.schema.dropTable('intents').execute();
    await db.schema.dropTable('side_entries').execute();
    await db.schema.dropTable('base_nodes').execute();
    await db.schema.dropTable('local_projects').execute();
  }
};

function ofProject(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('local_projects.id').onDelete('cascade');
}
