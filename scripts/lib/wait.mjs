import { setTimeout as delay } from 'node:timers/promises';

import { Failure } from './failure.mjs';
import { describe } from './processes.mjs';

/**
 * Asks again until there is an answer.
 *
 * @template T
 * @param {import('./processes.mjs').Service} service Whose answer it is: its end ends the wait.
 * @param {() => Promise<T | null> | T | null} ask null: not yet.
 * @param {{signal: AbortSignal, timeout?: number}} options timeout: in ms, two minutes unless told.
 * @returns {Promise<T>}
 * @throws {Failure} When the service ends, or does not answer in time; with the end of its log.
 */
export async function waitFor(service, ask, { signal, timeout = 120_000 }) {
  const limit = Date.now() + timeout;
  let end = null;
  void service.ended.then(how => (end = how));
  for (;;) {
    const answer = await ask();
    if (answer !== null) {
      return answer;
    }
    signal.throwIfAborted();
    if (end !== null) {
      throw new Failure(
        `${service.name} ended before it was ready (${describe(end)}).${service.tail()}`
      );
    }
    if (Date.now() > limit) {
      throw new Failure(
        `${service.name} was not ready within ${timeout / 1000} s.${service.tail()}`
      );
    }
    await delay(50);
  }
}

/**
 * @param {string} url
 * @param {{signal: AbortSignal, headers?: Record<string, string>}} options
 * @returns {Promise<true | null>} null unless it answers with success.
 */
export async function answers(url, { signal, headers = {} }) {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    const response = await fetch(url, { signal: limit, headers });
    await response.arrayBuffer();
    return response.ok ? true : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
