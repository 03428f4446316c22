import type { TranslationBundle } from '@jupyterlab/translation';

import type { IProjects, ProjectStatus, ProjectSummary } from '../tokens';

/** How much a state asks of the person; shown by icon and words, never by colour alone. */
export type Tone = 'good' | 'busy' | 'attention' | 'bad' | 'quiet';

export function toneOf(status: ProjectStatus): Tone {
  switch (status) {
    case 'synced':
      return 'good';
    case 'syncing':
      return 'busy';
    case 'conflicts':
    case 'problems':
    case 'stopped':
      return 'attention';
    case 'failed':
      return 'bad';
    case 'not-linked':
    case 'waiting':
    case 'offline':
    case 'signed-out':
    case 'paused':
      return 'quiet';
  }
}

/** The state of everything, in the few words of the status bar. */
export interface Overall {
  /** The status whose icon stands for it. */
  readonly status: ProjectStatus;
  readonly text: string;
}

/** What the model needs for it. */
export type OverallSource = Pick<
  IProjects,
  'connection' | 'connectionMessage' | 'cloudUrl' | 'projects'
> &
  Partial<Pick<IProjects, 'progress'>>;

/** What asks most of the person comes first. */
export function overall(source: OverallSource, trans: TranslationBundle): Overall {
  const linked = source.projects.filter(project => project.localPath !== null);
  const count = (status: ProjectStatus): number =>
    linked.filter(project => project.status === status).length;
  if (source.connection === 'loading') {
    return { status: 'waiting', text: trans.__('Projects: starting…') };
  }
  if (source.cloudUrl === '') {
    return { status: 'offline', text: trans.__('Projects: no cloud is set') };
  }
  if (source.connection === 'error') {
    return { status: 'failed', text: trans.__('Projects: needs attention') };
  }
  if (source.connection === 'signed-out') {
    return { status: 'signed-out', text: trans.__('Projects: signed out') };
  }
  if (count('syncing') > 0) {
    return { status: 'syncing', text: syncingWords(source, linked, trans) };
  }
  const conflicts = linked.reduce((sum, project) => sum + project.conflicts, 0);
  if (conflicts > 0) {
    return {
      status: 'conflicts',
      text: trans._n('Projects: %1 conflict', 'Projects: %1 conflicts', conflicts)
    };
  }
  if (count('stopped') > 0) {
    return { status: 'stopped', text: trans.__('Projects: stopped') };
  }
  if (source.connection === 'offline') {
    return { status: 'offline', text: trans.__('Projects: offline') };
  }
  if (count('failed') > 0) {
    return { status: 'failed', text: trans.__('Projects: sync failed') };
  }
  const problems = linked.reduce((sum, project) => sum + project.problems, 0);
  if (problems > 0) {
    return {
      status: 'problems',
      text: trans._n('Projects: %1 problem', 'Projects: %1 problems', problems)
    };
  }
  if (linked.length === 0) {
    return { status: 'not-linked', text: trans.__('Projects: none here yet') };
  }
  if (count('paused') === linked.length) {
    return { status: 'paused', text: trans.__('Projects: paused') };
  }
  if (count('waiting') > 0) {
    return { status: 'waiting', text: trans.__('Projects: waiting') };
  }
  return { status: 'synced', text: trans.__('Projects: synced') };
}

function syncingWords(
  source: OverallSource,
  linked: readonly ProjectSummary[],
  trans: TranslationBundle
): string {
  let [done, total] = [0, 0];
  for (const { id, status } of linked) {
    const progress = status === 'syncing' ? source.progress?.(id) : null;
    done += progress?.filesDone ?? 0;
    total += progress?.filesTotal ?? 0;
  }
  return total > 0
    ? trans.__('Projects: syncing %1 of %2', done, total)
    : trans.__('Projects: syncing…');
}
