import type { TranslationBundle } from '@jupyterlab/translation';

import type { IProjects } from '../../tokens';
import { useSignal } from '../hooks';
import { overall, toneOf } from '../overall';
import { STATUS_ICONS } from '../status-icons';
import { helperWords } from '../words';
import { StatusMark } from './status-mark';

export interface StatusButtonProps {
  readonly projects: IProjects;
  readonly trans: TranslationBundle;
  readonly onClick: () => void;
}

/** The state of everything in a few words; its tooltip also tells how changes are noticed. */
export function StatusButton({ projects, trans, onClick }: StatusButtonProps) {
  useSignal(projects.connectionChanged);
  useSignal(projects.projectsChanged);
  useSignal(projects.helperChanged);
  const { status, text } = overall(projects, trans);
  const hints = [trans.__('Show the Projects panel'), helperWords(projects.helper, trans)];
  return (
    <button
      type="button"
      className="jp-Projects-statusButton"
      onClick={onClick}
      title={hints.filter(Boolean).join('\n')}
    >
      <StatusMark icon={STATUS_ICONS[status]} tone={toneOf(status)} text={text} />
    </button>
  );
}
