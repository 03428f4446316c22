import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Failure, Interrupted } from './failure.mjs';
import { isAlive } from './proc.mjs';
import { descendants } from './tree.mjs';

/** How long what goes on may take to end by itself before it is killed, in ms. */
const SERVICE_GRACE = 8000;

/** The same for a step, which has nothing to save: npm, for one, would go on for long. */
const STEP_GRACE = 1000;

/**
 * The processes that a script starts, all in its own process group: whatever ends the script ends them.
 *
 * #### Notes
 * SIGINT, SIGTERM and SIGHUP abort `signal`; so does the end of the npm that started the script, which tells nobody.
 */
export class Processes {
  #children = new Set();
  #controller = new AbortController();
  #watch = null;

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(name, () => this.#interrupt(name));
    }
    if (process.env.npm_lifecycle_event !== undefined) {
      const parent = process.ppid;
      this.#watch = setInterval(() => {
        if (process.ppid !== parent) {
          this.#interrupt('SIGHUP');
        }
      }, 500);
      this.#watch.unref();
    }
  }

  /** Aborted, with an `Interrupted` as its reason, when the script is to end. */
  get signal() {
    return this.#controller.signal;
  }

  /**
   * Starts a process that goes on.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {{name: string, cwd: string, env: NodeJS.ProcessEnv, log: string | null}} options name: for messages; log: the
   *   file that its output is appended to, null to show it.
   * @returns {Service}
   */
  start(command, args, options) {
    return this.#spawn(command, args, { ...options, grace: SERVICE_GRACE });
  }

  /**
   * Runs a process to its end.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {{name: string, cwd: string, env: NodeJS.ProcessEnv, log: string | null}} options As for `start`.
   * @throws {Failure} When it does not end with 0; with the end of its log.
   */
  async run(command, args, options) {
    const service = this.#spawn(command, args, { ...options, grace: STEP_GRACE });
    const end = await service.ended;
    this.signal.throwIfAborted();
    if (end.code !== 0) {
      throw new Failure(`${options.name} failed (${describe(end)}).${service.tail()}`);
    }
  }

  /** Ends every process that is left; asks first, kills those that stay. Safe to call twice. */
  async stop() {
    clearInterval(this.#watch);
    await Promise.all([...this.#children].map(service => service.stop()));
  }

  #spawn(command, args, options) {
    this.signal.throwIfAborted();
    const service = new Service(command, args, options);
    this.#children.add(service);
    void service.ended.then(() => this.#children.delete(service));
    return service;
  }

  #interrupt(signal) {
    if (this.signal.aborted) {
      // Asked twice, a person wants it over at once.
      for (const service of this.#children) {
        service.kill();
      }
      return;
    }
    this.#controller.abort(new Interrupted(signal));
    void this.stop();
  }
}

/** One process. */
export class Service {
  #process;
  #grace;
  #log;
  #logStart = 0;
  #left = [];

  constructor(command, args, { name, cwd, env, log, grace }) {
    this.name = name;
    this.#grace = grace;
    this.#log = log;
    const output = log === null ? null : openLog(log);
    if (log !== null) {
      this.#logStart = readFileSync(log).length;
    }
    this.#process = spawn(command, args, {
      cwd,
      env,
      stdio: output === null ? ['ignore', 'inherit', 'inherit'] : ['ignore', output, output]
    });
    if (output !== null) {
      closeSync(output);
    }
    /** How it ended; never rejects. @type {Promise<{code: number | null, signal: string | null, error?: Error}>} */
    this.ended = new Promise(resolve => {
      this.#process.once('error', error => resolve({ code: null, signal: null, error }));
      this.#process.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  /** @returns {number | undefined} */
  get pid() {
    return this.#process.pid;
  }

  /** The end of what it wrote to its log since it was started, to be put after a message. */
  tail(lines = 30) {
    if (this.#log === null) {
      return '';
    }
    const text = readFileSync(this.#log).subarray(this.#logStart).toString('utf8').trimEnd();
    const last = text.split('\n').slice(-lines).join('\n');
    return `\n${last}\n(All of its output: ${this.#log})`;
  }

  /** Ends it and what it has started. */
  async stop() {
    if (this.pid === undefined) {
      return;
    }
    this.#left = descendants(this.pid);
    this.#process.kill('SIGTERM');
    await Promise.race([this.ended, delay(this.#grace, undefined, { ref: false })]);
    signalAll(this.#left, 'SIGTERM');
    const end = Date.now() + this.#grace / 4;
    while (this.#left.some(isAlive) && Date.now() < end) {
      await delay(50);
    }
    this.kill();
    await this.ended;
  }

  /** Ends it and what it has started at once. */
  kill() {
    const left = this.pid === undefined ? [] : descendants(this.pid);
    this.#process.kill('SIGKILL');
    signalAll([...left, ...this.#left].filter(isAlive), 'SIGKILL');
  }
}

/** @param {{code: number | null, signal: string | null, error?: Error}} end */
export function describe({ code, signal, error }) {
  return error?.message ?? (signal === null ? `exit code ${code}` : signal);
}

function openLog(path) {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'a', 0o600);
}

function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }
}
