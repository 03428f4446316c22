import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { isAlive, readProcess } from './proc.mjs';

/**
 * Tells a process from any other that has, had or will have the same number.
 *
 * @param {number} pid
 * @returns {string | null} null when no such process runs.
 */
export function processIdentity(pid) {
  if (!isAlive(pid)) {
    return null;
  }
  const seen = readProcess(pid);
  return seen === null ? startByPs(pid) : `${bootId()} ${pid} ${seen.start}`;
}

function bootId() {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startByPs(pid) {
  try {
    const start = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return `${pid} ${start.trim()}`;
  } catch {
    return String(pid);
  }
}
