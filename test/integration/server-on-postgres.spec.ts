import { afterAll } from '@jest/globals';

import { PostgresAddress } from '../../server/src/database/postgres-address';
import { useDatabases } from '../support/cloud-app';
import { startPostgres } from '../support/postgres-server';

/**
 * What the server promises, over a PostgreSQL server: the very tests that it passes over the embedded one.
 */
const postgres = await startPostgres();
useDatabases(async () => PostgresAddress.parse(await postgres.newDatabase()));
afterAll(() => postgres.stop());

await import('./server-core.spec');
await import('./server-roles.spec');
await import('./server-files.spec');
await import('./server-uploads.spec');
await import('./server-commits.spec');
await import('./server-events.spec');
