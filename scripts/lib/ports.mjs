import { once } from 'node:events';
import { createServer } from 'node:net';

import { Failure } from './failure.mjs';

/** The only address that the demo listens on. */
export const HOST = '127.0.0.1';

/**
 * @param {number} port 0 always passes.
 * @param {string} option The option that chooses another.
 * @throws {Failure} When something else listens there, or may not be listened there.
 */
export async function requireFreePort(port, option) {
  const server = createServer();
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Failure(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is in use. End what uses it, or choose another port (0 for any free one): npm start -- ${option} N`
        : `Port ${port} can't be used (${error.message}). Choose another one: npm start -- ${option} N`,
      { cause: error }
    );
  }
  server.close();
  await once(server, 'close');
}
