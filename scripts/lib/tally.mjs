import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{passed: number, failed: number, skipped: number}} Tally */

/**
 * What jest counted. A test file that could not be run counts as one failure.
 *
 * @param {string} path Its --outputFile.
 * @returns {Tally | null} null when it wrote none.
 */
export function tallyOfJest(path) {
  const report = read(path);
  return (
    report && {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests
    }
  );
}

/**
 * What Playwright counted. An error outside the tests counts as one failure.
 *
 * @param {string} path The JSON reporter's file.
 * @returns {Tally | null} null when it wrote none.
 */
export function tallyOfPlaywright(path) {
  const report = read(path);
  return (
    report && {
      passed: report.stats.expected + report.stats.flaky,
      failed: report.stats.unexpected + report.errors.length,
      skipped: report.stats.skipped
    }
  );
}

/**
 * What chaos counted: its rounds.
 *
 * @param {string} path Its --results.
 * @returns {Tally | null} null when it wrote none.
 */
export function tallyOfChaos(path) {
  return read(path);
}

/** A step that is one check. @param {boolean} good @returns {Tally} */
export function tallyOfOne(good) {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  return total;
}

/** @param {Tally} tally */
export function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function read(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}
