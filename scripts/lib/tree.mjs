import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes that a process has started, and those have started, as far as they are in this process's own process
 * group: what has left it (a kernel, a terminal, a person's browser) is in its starter's care.
 *
 * @param {number} pid
 * @returns {number[]} Without the process itself.
 */
export function descendants(pid) {
  const table = processTable();
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

/** @param {number} pid @returns {boolean} Whether it runs; one that has ended and was not waited for does not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    return readStat(pid)[0] !== 'Z';
  } catch {
    return true;
  }
}

/** @returns {Map<number, {parent: number, group: number}>} */
function processTable() {
  try {
    return tableOnLinux();
  } catch {
    return tableByPs();
  }
}

function tableOnLinux() {
  const table = new Map();
  for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    try {
      const [, parent, group] = readStat(name);
      table.set(Number(name), { parent: Number(parent), group: Number(group) });
    } catch {
      continue; // It ended meanwhile.
    }
  }
  return table;
}

/** The fields after the program's name, which is in parentheses and may hold spaces and parentheses itself. */
function readStat(pid) {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
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
