import { createIgnores } from '../../src/sync/ignore';
import type { IgnoreOptions } from '../../src/sync/ignore';
import type { ConflictPolicy } from '../../src/sync/reconcile';
import type { SyncReport } from '../../src/sync/report';
import { run } from '../../src/sync/run';
import type { RunOptions } from '../../src/sync/run';
import { takingsOf } from '../../src/sync/word';
import { MemoryJournal } from './memory-journal';
import { MemoryReplica } from './memory-replica';

/** The engine between two replicas in memory. */
export class Engine {
  constructor(
    readonly local = new MemoryReplica({ side: 'local' }),
    readonly cloud = new MemoryReplica({ side: 'cloud' })
  ) {}

  journal = new MemoryJournal();
  ignore: IgnoreOptions = { patterns: [], syncHidden: false };
  policy: ConflictPolicy = 'keep-both';
  /** What ended the last run early. */
  error: unknown = null;

  /** The stopped plan's takings, for a word that approves them. */
  takings: ReadonlySet<string> = new Set();

  async sync(options: Partial<RunOptions> = {}): Promise<SyncReport> {
    const { report, error, sight } = await run({
      projectId: 'p',
      replicas: { local: this.local, cloud: this.cloud },
      journal: this.journal,
      ignores: createIgnores(this.ignore),
      conflictPolicy: () => this.policy,
      signal: new AbortController().signal,
      now: () => 0,
      ...options
    });
    this.error = error;
    this.takings = sight ? takingsOf(sight.plan) : new Set();
    return report;
  }

  /** Both sides hold the same texts: those. */
  texts(): Record<string, string> {
    expect(this.local.texts()).toEqual(this.cloud.texts());
    expect(this.local.directories()).toEqual(this.cloud.directories());
    return this.local.texts();
  }
}
