import type { Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server as NetServer
} from 'node:net';

import { createAdaptorServer } from '@hono/node-server';

import { CommandError } from './errors';
import { BASE_PATH } from './http/target';
import type { ProjectsServer } from './server';

/** A server that answers on a port. */
export interface Listening {
  /** The API base, as `http://127.0.0.1:8000/api/projects`. */
  readonly url: string;
  /** Takes no new calls, lets those under way end for a moment, and resolves when the port is free. */
  stop(): Promise<void>;
}

/** How long calls under way may go on after a stop; ms. */
const GRACE = 3000;

/** Throws a `CommandError` where the port is taken: asked before a data folder is opened, which takes a while. */
export async function checkPort(host: string, port: number): Promise<void> {
  const probe = createNetServer();
  await bind(probe, host, port);
  await new Promise(resolve => probe.close(resolve));
}

/** Throws a `CommandError` where the port is taken. */
export async function listen(
  projects: ProjectsServer,
  host: string,
  port: number
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, env) => projects.fetch(request, env)
  }) as Server;
  // A large upload over a slow line takes as long as it takes.
  server.requestTimeout = 0;
  projects.events?.attach(server);
  await bind(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${taken}${BASE_PATH}`,
    stop: () =>
      new Promise(resolve => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
        projects.events?.hub.disconnect();
      })
  };
}

function bind(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new CommandError(
        `Port ${port} of ${host} is in use: stop what uses it, or choose another with --port (0 takes any free one).`
      );
    case 'EACCES':
      return new CommandError(`Port ${port} of ${host} may not be used by this user.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandError(`This machine has no address ${host}.`);
    default:
      return error;
  }
}
