import type { CloudProject } from '../cloud/schemas';
import type { LocalProject } from '../state/local-project';
import type { Connection, ProjectStatus, ProjectSummary, Role, SyncReport } from '../tokens';

/** All that is known of one project, from wherever. */
export interface Facts {
  readonly id: string;
  readonly cloud: CloudProject | null;
  readonly local: LocalProject | null;
  readonly role: Role | null;
  readonly connection: Connection;
  readonly isRunning: boolean;
  /** How many conflicts are open. */
  readonly conflicts: number;
  /** The last run since the page opened. */
  readonly report: SyncReport | null;
  /** Why a stopped or failed run was, and what to do; '' when there is nothing to say. */
  readonly message: string;
}

/** The path of a problem that is the run's own: the message tells it. */
const WHOLE = '';

export function summaryOf(facts: Facts): ProjectSummary {
  const { id, cloud, local, role, report } = facts;
  const name = cloud?.name ?? local?.name ?? id;
  return {
    id,
    name,
    title: cloud?.title || name,
    owner: cloud?.owner.name || local?.ownerId || '',
    role,
    localPath: local?.path ?? null,
    status: statusOf(facts),
    message: facts.message,
    conflicts: facts.conflicts,
    problems: report?.problems.filter(({ path }) => path !== WHOLE).length ?? 0,
    paused: local?.paused ?? false,
    lastSync: local?.lastSyncAt ? new Date(local.lastSyncAt).toISOString() : null
  };
}

function statusOf({ local, isRunning, report, connection, conflicts }: Facts): ProjectStatus {
  if (!local) {
    return 'not-linked';
  }
  if (isRunning) {
    return 'syncing';
  }
  if (connection === 'signed-out') {
    return 'signed-out';
  }
  if (connection === 'offline') {
    return 'offline';
  }
  const status = report ? outcomeOf(report) : conflicts > 0 ? 'conflicts' : 'waiting';
  const isQuiet = status === 'waiting' || status === 'synced';
  return local.paused && isQuiet ? 'paused' : status;
}

function outcomeOf({ state, stopReason }: SyncReport): ProjectStatus {
  switch (state) {
    case 'synced':
      return 'synced';
    case 'conflicts':
      return 'conflicts';
    case 'partial':
      return 'problems';
    case 'stopped':
      return 'stopped';
    case 'failed':
      return stopReason === 'offline' || stopReason === 'signed-out' ? stopReason : 'failed';
  }
}
