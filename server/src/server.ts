import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AccountStore } from './accounts/account-store';
import { type OpenDatabase, openDatabase } from './database/open';
import { openPostgres } from './database/postgres';
import { DataFolder } from './data-folder';
import { EventHub } from './events/event-hub';
import { EventsEndpoint } from './events/events-endpoint';
import { Cors } from './http/cors';
import { addEventRoutes } from './http/event-routes';
import { addExtensionRoutes } from './http/extension-routes';
import { addFileRoutes } from './http/file-routes';
import { addMetaRoutes } from './http/meta-routes';
import { addProjectRoutes } from './http/project-routes';
import { Router } from './http/router';
import { addStorageRoutes } from './http/storage-routes';
import type { Env } from './http/target';
import { SETTLED, collectGarbage } from './maintenance';
import { type ServerOptions, defaultOptions } from './options';
import { type Services, servicesOver } from './services';
import { pair } from './pairing';
import { BlobStore } from './storage/blob-store';

/**
 * A Projects API server without a port: give it requests.
 *
 * @example
 * const server = await createServer({ data: null });
 * const alice = await server.accounts.addUser('alice');
 * const { key } = await server.accounts.addKey(alice.id);
 * await server.fetch(new Request('http://cloud.test/api/account', { headers: { Authorization: `Bearer ${key}` } }));
 * await server.close();
 */
export interface ProjectsServer {
  readonly options: ServerOptions;
  /** Users, keys and organizations. */
  readonly accounts: AccountStore;
  readonly services: Services;
  /** The websocket, for who listens on a port; null where it is not served. */
  readonly events: EventsEndpoint | null;
  fetch(request: Request, env?: Env): Promise<Response>;
  /** Safe twice. Calls under way may fail. */
  close(): Promise<void>;
}

/**
 * Opens the data folder, and brings its database up to date.
 *
 * Throws a `CommandError` while another process has the folder, unless the database is a PostgreSQL server's; where that can't be
 * opened; and where it is not the one of this folder.
 */
export async function createServer(options: Partial<ServerOptions> = {}): Promise<ProjectsServer> {
  const settings: ServerOptions = { ...defaultOptions, ...options };
  const folder = await openFolder(settings);
  const path = folder?.path ?? (await mkdtemp(join(tmpdir(), 'projects-server-')));
  let database: OpenDatabase | null = null;
  try {
    const blobs = new BlobStore(path);
    database = await (settings.database
      ? openPostgres(settings.database)
      : openDatabase(folder?.database ?? null));
    const { db, listen, exclusively, close } = database;
    const secret = await exclusively('start', async () => {
      const settled = settings.database ? SETTLED : 0;
      await blobs.open(settled);
      if (settings.database && folder) {
        await pair(db, folder, blobs);
      }
      await collectGarbage(db, blobs, settled);
      return (await folder?.secret()) ?? randomBytes(32);
    });
    const services = servicesOver(database, blobs, secret, settings);
    const router = routerOver(services);
    const cors = new Cors(settings.allowOrigins);
    const events = settings.coreOnly
      ? null
      : new EventsEndpoint(await EventHub.open(db, listen, settings), services.tickets, cors);
    let closing: Promise<void> | null = null;
    return {
      options: settings,
      accounts: services.accounts,
      services,
      events,
      async fetch(request, env) {
        const preflight = cors.preflight(request);
        if (preflight) {
          return preflight;
        }
        const response = await router.fetch(request, env);
        cors.decorate(request, response);
        return response;
      },
      close() {
        closing ??= (async () => {
          await events?.hub.close();
          await close();
          await (folder ? folder.close() : rm(path, { recursive: true, force: true }));
        })();
        return closing;
      }
    };
  } catch (error) {
    await database?.close();
    await (folder ? folder.close() : rm(path, { recursive: true, force: true }));
    throw error;
  }
}

function openFolder({ data, database }: ServerOptions): Promise<DataFolder | null> {
  if (data === null) {
    return Promise.resolve(null);
  }
  return database ? DataFolder.openShared(data) : DataFolder.open(data);
}

function routerOver(services: Services): Router {
  const { coreOnly } = services.options;
  const router = new Router(
    services.accounts,
    ({ feature }) => !coreOnly || feature === 'core' || feature === 'presumed'
  );
  addMetaRoutes(router, services);
  addProjectRoutes(router, services);
  addFileRoutes(router, services);
  addStorageRoutes(router, services);
  addExtensionRoutes(router, services);
  addEventRoutes(router, services);
  return router;
}
