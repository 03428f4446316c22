import type { SyncReport } from '../tokens';

/** Two runs, one after the other, told as one. */
export function joined(first: SyncReport, second: SyncReport): SyncReport {
  return {
    ...second,
    actions: [...first.actions, ...second.actions],
    bytesUp: first.bytesUp + second.bytesUp,
    bytesDown: first.bytesDown + second.bytesDown,
    requests: {
      jupyter: first.requests.jupyter + second.requests.jupyter,
      cloud: first.requests.cloud + second.requests.cloud
    },
    durationMs: first.durationMs + second.durationMs
  };
}
