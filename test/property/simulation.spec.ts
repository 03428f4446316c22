import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Seeds that are played each time, over the quick stand-ins and over SQLite and the real server. */
const QUICK = 1800;
const REAL_STATE = 60;
const REAL_CLOUD = 12;

/** Runs of its own process: the simulation replaces the clock and the timers. */
async function simulate(...args: string[]): Promise<string> {
  const run = promisify(execFile);
  try {
    const { stdout } = await run(process.execPath, ['scripts/simulate.mjs', '--bail', ...args]);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  }
}

const lastLine = (output: string) => output.trimEnd().split('\n').pop();

describe('the whole engine, from a seed', () => {
  it('should keep the invariants under faults, crashes and edits', async () => {
    const output = await simulate('--runs', `${QUICK}`, '--cloud', 'memory', '--state', 'quick');
    expect(lastLine(output)).toBe(`runs=${QUICK} violations=0 seeds_failed=[]`);
  }, 300_000);

  it('should keep them over SQLite too', async () => {
    const seed = ['--seed', '500000', '--runs', `${REAL_STATE}`];
    const output = await simulate(...seed, '--cloud', 'memory', '--state', 'real');
    expect(lastLine(output)).toBe(`runs=${REAL_STATE} violations=0 seeds_failed=[]`);
  }, 300_000);

  it('should keep them over the real server too', async () => {
    const seed = ['--seed', '600000', '--runs', `${REAL_CLOUD}`];
    const output = await simulate(...seed, '--cloud', 'real', '--state', 'quick');
    expect(lastLine(output)).toBe(`runs=${REAL_CLOUD} violations=0 seeds_failed=[]`);
  }, 300_000);

  it('should keep them where they did not hold once', async () => {
    const output = await simulate('--regressions', '--cloud', 'memory', '--state', 'quick');
    expect(lastLine(output)).toMatch(/^runs=\d\d violations=0 seeds_failed=\[\]$/);
  }, 120_000);

  it('should play a seed the same way each time', async () => {
    const first = await simulate('--trace', '--seed', '77');
    expect(first).toContain('all invariants hold');
    expect(await simulate('--trace', '--seed', '77')).toBe(first);
  }, 60_000);
});
