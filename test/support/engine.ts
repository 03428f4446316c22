import { createIgnores } from '../../src/sync/ignore';
import type { IgnoreOptions } from '../../src/sync/ignore';
import type { ConflictPolicy } from '../../src/sync/reconcile';
import type { SyncReport } from '../../src/sync/report';
import type { Resolution } from '../../src/sync/resolve';
import { run } from '../../src/sync/run';
import { MemoryJournal } from './memory-journal';
import { MemoryReplica } from './memory-replica';

/** The engine between two replicas in memory. */
export class Engine {
  readonly local = new MemoryReplica({ side: 'local' });
  readonly cloud = new MemoryReplica({ side: 'cloud' });
  journal = new MemoryJournal();
  ignore: IgnoreOptions = { patterns: [], syncHidden: false };
  policy: ConflictPolicy = 'keep-both';
  /** What ended the last run early. */
  error: unknown = null;

  async sync(
    options: { dryRun?: boolean; resolution?: Resolution; signal?: AbortSignal } = {}
  ): Promise<SyncReport> {
    const { report, error } = await run({
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
    return report;
  }

  /** Both sides hold the same texts: those. */
  texts(): Record<string, string> {
    expect(this.local.texts()).toEqual(this.cloud.texts());
    expect(this.local.directories()).toEqual(this.cloud.directories());
    return this.local.texts();
  }
}
