import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const installation: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('installation')
      .addColumn('id', 'uuid', column => column.primaryKey())
      .execute();
  },

  async down(db: Kysely<unknown>) {
    await db.schema.dropTable('installation').execute();
  }
};
