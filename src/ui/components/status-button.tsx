import { closeIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IProjects } from '../../tokens';
import { useSignal } from '../hooks';
import { overall, toneOf } from '../overall';
import { STATUS_ICONS } from '../status-icons';
import { helperWords, paceWords, progressWords } from '../words';
import { StatusMark } from './status-mark';

export interface StatusButtonProps {
  readonly projects: IProjects;
  readonly trans: TranslationBundle;
  /** Of numbers, a BCP 47 tag. */
  readonly locale: string;
  readonly onClick: () => void;
}

/**
 * The state of everything in a few words; its tooltip also tells how far each sync is, and how changes are noticed. A sync that goes on can
 * be cancelled beside it.
 */
export function StatusButton({ projects, trans, locale, onClick }: StatusButtonProps) {
  useSignal(projects.connectionChanged);
  useSignal(projects.projectsChanged);
  useSignal(projects.progressChanged);
  useSignal(projects.helperChanged);
  const { status, text } = overall(projects, trans);
  const running = projects.projects.filter(({ id }) => projects.progress(id) !== null);
  const runs = running.map(({ id, title }) => {
    const progress = projects.progress(id);
    const words = progress
      ? [progressWords(progress, locale, trans), paceWords(progress, locale, trans)]
      : [];
    return trans.__('%1: %2', title, words.filter(Boolean).join(', '));
  });
  const hints = [...runs, trans.__('Show the Projects panel'), helperWords(projects.helper, trans)];
  return (
    <>
      <button
        type="button"
        className="jp-Projects-statusButton"
        onClick={onClick}
        title={hints.filter(Boolean).join('\n')}
      >
        <StatusMark icon={STATUS_ICONS[status]} tone={toneOf(status)} text={text} />
      </button>
      {running.length > 0 && (
        <button
          type="button"
          className="jp-Projects-statusButton"
          aria-label={trans.__('Cancel the sync')}
          title={trans.__(
            'Cancel the sync: it stops where it is safe; the next sync goes on from there'
          )}
          onClick={() => running.forEach(({ id }) => projects.cancel(id))}
        >
          <closeIcon.react tag="span" className="jp-Projects-statusIcon" />
        </button>
      )}
    </>
  );
}
