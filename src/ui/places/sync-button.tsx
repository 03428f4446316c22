import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';

import type { IProjects } from '../../tokens';
import { useSignal } from '../hooks';
import { projectsIcon } from '../icons';
import { overall, toneOf } from '../overall';
import { STATUS_ICONS } from '../status-icons';
import { summaryWords } from '../words';

export interface SyncButtonProps {
  readonly projects: IProjects;
  readonly trans: TranslationBundle;
  /** Where it stands, relative to the Jupyter root; null where that is nowhere. */
  readonly path: () => string | null;
  readonly pathChanged: ISignal<unknown, unknown>;
  /** Whether it is there for all projects where the path is in none. */
  readonly forAll: boolean;
  /** @param projectId - null: all */
  readonly sync: (projectId: string | null) => void;
}

/** Syncs the project that a place is in, and shows its state; nothing where there is none. */
export function SyncButton(props: SyncButtonProps) {
  const { projects, trans, path, pathChanged, forAll, sync } = props;
  useSignal(projects.projectsChanged);
  useSignal(projects.connectionChanged);
  useSignal(pathChanged);
  const place = path();
  const project = place === null ? null : projects.projectAt(place);
  const isAnyLinked = projects.projects.some(({ localPath }) => localPath !== null);
  if (!project && !(forAll && isAnyLinked)) {
    return null;
  }
  const all = overall(projects, trans);
  const status = project?.status ?? all.status;
  const Status = STATUS_ICONS[status];
  const words = project
    ? trans.__('Sync project “%1” now: %2', project.title, summaryWords(project, trans))
    : trans.__('Sync all projects now. %1', all.text);
  return (
    <button
      type="button"
      className="jp-Projects-syncButton"
      title={words}
      aria-label={words}
      aria-disabled={status === 'syncing'}
      onClick={() => status !== 'syncing' && sync(project?.id ?? null)}
    >
      <projectsIcon.react tag="span" className="jp-Projects-badgeIcon" />
      <span className={`jp-Projects-badge jp-mod-${toneOf(status)}`}>
        <Status.react tag="span" className="jp-Projects-badgeIcon" />
      </span>
    </button>
  );
}
