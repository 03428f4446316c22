import { readFileSync } from 'node:fs';

/**
 * What Linux tells of a process: the fields of /proc/PID/stat after its name, which may hold spaces and parentheses itself.
 *
 * @param {number | string} pid
 * @returns {{state: string, parent: number, group: number, start: string} | null} null where there is no such file.
 */
export function readProcess(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
    const [state, parent, group] = fields;
    return { state, parent: Number(parent), group: Number(group), start: fields[19] };
  } catch {
    return null;
  }
}

/**
 * @param {number} pid
 * @returns {boolean} Whether it runs; one that has ended, and whose parent has not noticed, does not.
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') {
      return false;
    }
  }
  return readProcess(pid)?.state !== 'Z';
}
