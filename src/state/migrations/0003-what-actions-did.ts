import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a line of the log did, and on which side: it can be looked for, and undone. */
export const whatActionsDid: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('activities').addColumn('side', 'text').execute();
    await db.schema.alterTable('activities').addColumn('change', 'text').execute();
  },

  async down(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('activities').dropColumn('change').execute();
    await db.schema.alterTable('activities').dropColumn('side').execute();
  }
};
