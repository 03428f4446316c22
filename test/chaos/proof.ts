import { ContentsManager } from '@jupyterlab/services';

import { ContentsStorage } from '../../src/local/contents-storage';
import { DEFAULT_SETTINGS } from '../../src/model/settings';
import { StateStore } from '../../src/state/store';
import type { SyncReport } from '../../src/tokens';
import type { JupyterServer } from '../support/jupyter-server';
import { sha256 } from './bytes';
import { Violation } from './violation';
import type { Work } from './work';

/** Runs after which both sides and what was agreed must be the same. */
const RUNS = 3;

/** What a page answers to one sync; a rejection says why there was none. */
export type Sync = () => Promise<SyncReport>;

/** How the round ended well. */
export interface Proven {
  /** Runs until both sides were the same. */
  readonly runs: number;
  /** Contents that were looked for and found. */
  readonly contents: number;
}

/**
 * Syncs undisturbed until both sides are the same, and proves that nothing was lost.
 *
 * @throws Violation
 */
export async function prove(
  work: Work,
  sync: Sync,
  jupyter: () => Pick<JupyterServer, 'settings'>
): Promise<Proven> {
  const runs = await converge(work, sync);
  const files = shasOf(await work.filesHere());
  await expectNothingLost(work, files);
  expectFewCopies(files);
  expectSame(files, await agreedOn(work.raw.id, jupyter().settings), 'what was agreed on');
  const again = await sync();
  if (again.actions.length > 0 || again.bytesUp + again.bytesDown > 0 || !isQuiet(again)) {
    throw new Violation(`one sync more does something: ${told(again)}`);
  }
  return { runs, contents: work.kept.size };
}

async function converge(work: Work, sync: Sync): Promise<number> {
  const reports: string[] = [];
  for (let run = 1; run <= RUNS; run++) {
    const report = await sync();
    reports.push(told(report));
    if (isQuiet(report)) {
      const [here, there] = [await work.filesHere(), await work.raw.files()];
      if (differences(shasOf(here), shasOf(there)).length === 0) {
        return run;
      }
    }
  }
  const difference = differences(
    shasOf(await work.filesHere()),
    shasOf(await work.raw.files())
  ).join(', ');
  throw new Violation(`no agreement after ${RUNS} runs: ${reports.join(' | ')}; ${difference}`);
}

function isQuiet({ state, problems }: SyncReport): boolean {
  return (state === 'synced' || state === 'conflicts') && problems.length === 0;
}

/** A report in a line. */
export function told({ state, stopReason, actions, problems }: SyncReport): string {
  const done = actions.map(({ kind, side, path }) => `${kind} ${path} (${side})`);
  const wrong = problems.map(({ path, code, message }) => `${code} ${path} "${message}"`);
  return `${state}${stopReason ? ` (${stopReason})` : ''} [${done.join(', ')}] [${wrong.join(', ')}]`;
}

async function expectNothingLost(work: Work, files: ReadonlyMap<string, string>): Promise<void> {
  const found = new Set(files.values());
  for (const [path, sha] of files) {
    if (!work.written.has(sha)) {
      throw new Violation(`"${path}" holds what nobody wrote`);
    }
  }
  for (const { path, bytes } of await work.raw.versions()) {
    const sha = sha256(bytes);
    found.add(sha);
    if (!work.written.has(sha)) {
      throw new Violation(`a version of "${path}" in the cloud holds what nobody wrote`);
    }
  }
  for (const [sha, where] of work.kept) {
    if (!found.has(sha)) {
      throw new Violation(`lost: what was written to ${where} (sha256 ${sha.slice(0, 8)})`);
    }
  }
}

/** A conflict keeps each content once. */
function expectFewCopies(files: ReadonlyMap<string, string>): void {
  const copies = new Set<string>();
  for (const [path, sha] of files) {
    const original = path.replace(/ \(conflict [^)]*\)/, '');
    if (original !== path) {
      const key = `${original} ${sha}`;
      if (copies.has(key)) {
        throw new Violation(`two conflict copies of "${original}" hold the same`);
      }
      copies.add(key);
    }
  }
}

/** What the saved state says both sides hold: the sha256 of each file by its path. */
async function agreedOn(
  projectId: string,
  serverSettings: JupyterServer['settings']
): Promise<Map<string, string>> {
  const contents = new ContentsManager({ serverSettings });
  const folder = DEFAULT_SETTINGS.stateFolder;
  const store = await StateStore.open({
    storage: new ContentsStorage({ contents, serverSettings, folder })
  });
  try {
    const { base } = await store.journal(projectId).load();
    return new Map(
      [...base].flatMap(([path, node]) => (node.kind === 'file' ? [[path, node.sha256 ?? '']] : []))
    );
  } finally {
    store.dispose();
    contents.dispose();
  }
}

function expectSame(
  files: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
  what: string
): void {
  const found = differences(files, others);
  if (found.length > 0) {
    throw new Violation(`both sides and ${what} differ: ${found.join(', ')}`);
  }
}

function shasOf(files: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  return new Map([...files].map(([path, bytes]) => [path, sha256(bytes)]));
}

/** The paths at which they differ. */
function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter(path => a.get(path) !== b.get(path));
}
