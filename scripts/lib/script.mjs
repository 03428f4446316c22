import { Failure, Interrupted } from './failure.mjs';
import { Processes } from './processes.mjs';
import { Reporter } from './report.mjs';

/**
 * Runs a script to its end, whatever that is, and leaves nothing running.
 *
 * @param {(processes: Processes, report: Reporter) => Promise<void>} work
 */
export async function runScript(work) {
  const processes = new Processes();
  const report = new Reporter();
  try {
    await work(processes, report);
  } catch (error) {
    process.exitCode = tell(processes.signal.reason ?? error, report);
  } finally {
    await processes.stop();
  }
  // A connection that waits to be used again must not keep the script alive.
  process.exit();
}

/** @returns {number} The exit code. */
function tell(error, report) {
  if (error instanceof Interrupted) {
    report.say('\nEnded.');
    return error.exitCode;
  }
  if (error instanceof Failure) {
    report.warn(`\n${error.message}`);
    return error.exitCode;
  }
  report.warn(`\n${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}
