import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

import { readProcess } from './proc.mjs';

/**
 * The processes that a process has started, and those have started, as far as they are in this process's own process
 * group: what has left it (a kernel, a terminal, a person's browser) is in its starter's care.
 *
 * @param {number} pid
 * @returns {number[]} Without the process itself.
 */
export function descendants(pid) {
  const table = existsSync('/proc/self/stat') ? tableOnLinux() : tableByPs();
  const group = table.get(process.pid)?.group;
  const found = [];
  const visit = parent => {
    for (const [child, entry] of table) {
      if (entry.parent === parent && entry.group === group) {
        found.push(child);
        visit(child);
      }
    }
  };
  visit(pid);
  return found;
}

/** @returns {Map<number, {parent: number, group: number}>} */
function tableOnLinux() {
  const pids = readdirSync('/proc').filter(entry => /^\d+$/.test(entry));
  const rows = pids.map(pid => [Number(pid), readProcess(pid)]);
  // Those without a row ended meanwhile.
  return new Map(rows.filter(([, seen]) => seen !== null));
}

function tableByPs() {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' }).trim();
  return new Map(
    rows.split('\n').map(row => {
      const [pid, parent, group] = row.trim().split(/\s+/).map(Number);
      return [pid, { parent, group }];
    })
  );
}
