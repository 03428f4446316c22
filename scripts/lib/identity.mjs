import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Tells a process from any other that has, had or will have the same number.
 *
 * @param {number} pid
 * @returns {string | null} null when there is no such process.
 */
export function processIdentity(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') {
      return null;
    }
  }
  return startOnLinux(pid) ?? startByPs(pid);
}

function startOnLinux(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
    return `${boot} ${pid} ${fields[19]}`;
  } catch {
    return null;
  }
}

function startByPs(pid) {
  try {
    const start = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return `${pid} ${start.trim()}`;
  } catch {
    return String(pid);
  }
}
