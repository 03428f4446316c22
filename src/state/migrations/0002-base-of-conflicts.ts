import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What both sides held before they differed: a merge by hand starts from it. */
export const baseOfConflicts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('conflicts').addColumn('base_sha256', 'text').execute();
  },

  async down(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('conflicts').dropColumn('base_sha256').execute();
  }
};
