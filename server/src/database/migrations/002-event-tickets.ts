import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const eventTickets: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('event_tickets')
      .addColumn('hash', 'text', column => column.primaryKey())
      .addColumn('key_id', 'uuid', column =>
        column.notNull().references('api_keys.id').onDelete('cascade')
      )
      .addColumn('expires_at', 'timestamptz', column => column.notNull())
      .execute();
    await db.schema
      .createIndex('event_tickets_expiry')
      .on('event_tickets')
      .column('expires_at')
      .execute();
  },

  async down(db: Kysely<unknown>) {
    await db.schema.dropTable('event_tickets').execute();
  }
};
