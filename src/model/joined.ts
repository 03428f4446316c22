import type { SyncReport } from '../tokens';

/** Two runs, one after the other, told as one. What a run tells of once only is kept, whichever it was. */
export function joined(first: SyncReport, second: SyncReport): SyncReport {
  const once = first.problems.filter(
    ({ code, path }) =>
      code === 'interrupted' && !second.problems.some(other => other.path === path)
  );
  const isWell = second.state === 'synced' || second.state === 'conflicts';
  return {
    ...second,
    state: once.length > 0 && isWell ? 'partial' : second.state,
    actions: [...first.actions, ...second.actions],
    problems: [...once, ...second.problems],
    bytesUp: first.bytesUp + second.bytesUp,
    bytesDown: first.bytesDown + second.bytesDown,
    requests: {
      jupyter: first.requests.jupyter + second.requests.jupyter,
      cloud: first.requests.cloud + second.requests.cloud
    },
    durationMs: first.durationMs + second.durationMs
  };
}
