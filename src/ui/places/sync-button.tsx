import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';

import type { IProjects } from '../../tokens';
import { useSignal } from '../hooks';
import { projectsIcon } from '../icons';
import { toneOf } from '../overall';
import { STATUS_ICONS } from '../status-icons';
import { summaryWords } from '../words';

export interface SyncButtonProps {
  readonly projects: IProjects;
  readonly trans: TranslationBundle;
  /** Where it stands, relative to the Jupyter root; null where that is nowhere. */
  readonly path: () => string | null;
  readonly pathChanged: ISignal<unknown, unknown>;
  readonly sync: (projectId: string) => void;
}

/** Syncs the project that a place is in, and shows its state; nothing where there is none. */
export function SyncButton(props: SyncButtonProps) {
  const { projects, trans, path, pathChanged, sync } = props;
  useSignal(projects.projectsChanged);
  useSignal(pathChanged);
  const place = path();
  const project = place === null ? null : projects.projectAt(place);
  if (!project) {
    return null;
  }
  const { id, title, status } = project;
  const Status = STATUS_ICONS[status];
  const words = trans.__('Sync project “%1” now: %2', title, summaryWords(project, trans));
  return (
    <button
      type="button"
      className="jp-Projects-syncButton"
      title={words}
      aria-label={words}
      aria-disabled={status === 'syncing'}
      onClick={() => status !== 'syncing' && sync(id)}
    >
      <projectsIcon.react tag="span" className="jp-Projects-badgeIcon" />
      <span className={`jp-Projects-badge jp-mod-${toneOf(status)}`}>
        <Status.react tag="span" className="jp-Projects-badgeIcon" />
      </span>
    </button>
  );
}
