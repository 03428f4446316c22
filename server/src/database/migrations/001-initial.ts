import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Paths compare by bytes: what is below `a` lies between `a/` and `a0`. */
const path = sql`text collate "C"`;

export const initial: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('users')
      .addColumn('id', 'uuid', column => column.primaryKey())
      .addColumn('name', 'text', column => column.notNull().unique())
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .execute();

    await db.schema
      .createTable('api_keys')
      .addColumn('id', 'uuid', column => column.primaryKey())
      .addColumn('user_id', 'uuid', column =>
        column.notNull().references('users.id').onDelete('cascade')
      )
      .addColumn('hash', 'text', column => column.notNull().unique())
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addColumn('expires_at', 'timestamptz')
      .addColumn('revoked_at', 'timestamptz')
      .execute();

    await db.schema
      .createTable('organizations')
      .addColumn('id', 'uuid', column => column.primaryKey())
      .addColumn('name', 'text', column => column.notNull().unique())
      .addColumn('title', 'text')
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .execute();

    await db.schema
      .createTable('organization_members')
      .addColumn('organization_id', 'uuid', column =>
        column.notNull().references('organizations.id').onDelete('cascade')
      )
      .addColumn('user_id', 'uuid', column =>
        column.notNull().references('users.id').onDelete('cascade')
      )
      .addPrimaryKeyConstraint('organization_members_pk', ['organization_id', 'user_id'])
      .execute();

    await db.schema
      .createTable('projects')
      .addColumn('id', 'uuid', column => column.primaryKey())
      .addColumn('name', 'text', column => column.notNull())
      .addColumn('title', 'text', column => column.notNull())
      .addColumn('description', 'text')
      .addColumn('metadata', 'jsonb', column => column.notNull())
      .addColumn('owner_type', 'text', column => column.notNull())
      .addColumn('owner_id', 'uuid', column => column.notNull())
      .addColumn('revision', 'bigint', column => column.notNull())
      .addColumn('epoch', 'uuid', column => column.notNull())
      .addColumn('changes_from', 'bigint', column => column.notNull().defaultTo(0))
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addColumn('updated_at', 'timestamptz', column => column.notNull())
      .execute();

    await db.schema
      .createTable('permissions')
      .addColumn('project_id', 'uuid', column =>
        column.notNull().references('projects.id').onDelete('cascade')
      )
      .addColumn('subject_type', 'text', column => column.notNull())
      .addColumn('subject_id', 'text', column => column.notNull())
      .addColumn('relation', 'text', column => column.notNull())
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addPrimaryKeyConstraint('permissions_pk', [
        'project_id',
        'subject_type',
        'subject_id',
        'relation'
      ])
      .execute();
    await db.schema
      .createIndex('permissions_subject')
      .on('permissions')
      .columns(['subject_type', 'subject_id'])
      .execute();

    await db.schema
      .createTable('files')
      .addColumn('project_id', 'uuid', column =>
        column.notNull().references('projects.id').onDelete('cascade')
      )
      .addColumn('path', path, column => column.notNull())
      .addColumn('file_id', 'uuid', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('size', 'bigint', column => column.notNull())
      .addColumn('sha256', 'text')
      .addColumn('file_version_id', 'uuid', column => column.notNull())
      .addColumn('description', 'text')
      .addColumn('metadata', 'jsonb')
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addColumn('updated_at', 'timestamptz', column => column.notNull())
      .addColumn('updated_by', 'uuid', column => column.notNull().references('users.id'))
      .addColumn('revision', 'bigint', column => column.notNull())
      .addColumn('deleted', 'boolean', column => column.notNull())
      .addPrimaryKeyConstraint('files_pk', ['project_id', 'path'])
      .execute();
    await db.schema
      .createIndex('files_revision')
      .unique()
      .on('files')
      .columns(['project_id', 'revision'])
      .execute();

    await db.schema
      .createTable('file_history')
      .addColumn('project_id', 'uuid', column =>
        column.notNull().references('projects.id').onDelete('cascade')
      )
      .addColumn('path', path, column => column.notNull())
      .addColumn('valid_from', 'bigint', column => column.notNull())
      .addColumn('valid_to', 'bigint')
      .addColumn('file_id', 'uuid', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('size', 'bigint', column => column.notNull())
      .addColumn('sha256', 'text')
      .addColumn('file_version_id', 'uuid', column => column.notNull())
      .addColumn('description', 'text')
      .addColumn('metadata', 'jsonb')
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addColumn('updated_at', 'timestamptz', column => column.notNull())
      .addColumn('updated_by', 'uuid', column => column.notNull().references('users.id'))
      .addPrimaryKeyConstraint('file_history_pk', ['project_id', 'path', 'valid_from'])
      .execute();
    await db.schema
      .createIndex('file_history_file')
      .on('file_history')
      .columns(['project_id', 'file_id'])
      .execute();

    await db.schema
      .createTable('file_versions')
      .addColumn('id', 'uuid', column => column.primaryKey())
      .addColumn('project_id', 'uuid', column =>
        column.notNull().references('projects.id').onDelete('cascade')
      )
      .addColumn('path', path, column => column.notNull())
      .addColumn('state', 'text', column => column.notNull())
      .addColumn('size', 'bigint')
      .addColumn('sha256', 'text')
      .addColumn('declared', 'boolean', column => column.notNull())
      .addColumn('part_size', 'bigint')
      .addColumn('description', 'text')
      .addColumn('metadata', 'jsonb')
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addColumn('created_by', 'uuid', column => column.notNull().references('users.id'))
      .execute();
    await db.schema
      .createIndex('file_versions_content')
      .on('file_versions')
      .columns(['project_id', 'sha256'])
      .execute();

    await db.schema
      .createTable('upload_parts')
      .addColumn('file_version_id', 'uuid', column =>
        column.notNull().references('file_versions.id').onDelete('cascade')
      )
      .addColumn('number', 'integer', column => column.notNull())
      .addColumn('size', 'bigint', column => column.notNull())
      .addPrimaryKeyConstraint('upload_parts_pk', ['file_version_id', 'number'])
      .execute();

    await db.schema
      .createTable('commits')
      .addColumn('project_id', 'uuid', column =>
        column.notNull().references('projects.id').onDelete('cascade')
      )
      .addColumn('user_id', 'uuid', column => column.notNull().references('users.id'))
      .addColumn('idempotency_key', 'text', column => column.notNull())
      .addColumn('answer', 'text', column => column.notNull())
      .addColumn('created_at', 'timestamptz', column => column.notNull())
      .addPrimaryKeyConstraint('commits_pk', ['project_id', 'user_id', 'idempotency_key'])
      .execute();
  },

  async down(db: Kysely<unknown>) {
    for (const table of [
      'commits',
      'upload_parts',
      'file_versions',
      'file_history',
      'files',
      'permissions',
      'projects',
      'organization_members',
      'organizations',
      'api_keys',
      'users'
    ]) {
      await db.schema.dropTable(table).execute();
    }
  }
};
