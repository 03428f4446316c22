import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';

import type { IProjects } from '../tokens';
import { StatusMark } from './components/status-mark';
import { useSignal } from './hooks';
import { overall, toneOf } from './overall';
import { STATUS_ICONS } from './status-icons';

export interface StatusItemOptions {
  readonly projects: IProjects;
  readonly trans: TranslationBundle;
  readonly onClick: () => void;
}

/** The state of everything in the status bar. */
export class StatusItem extends ReactWidget {
  constructor(options: StatusItemOptions) {
    super();
    this.#options = options;
    this.addClass('jp-Projects-statusItem');
  }

  protected override render() {
    return <StatusButton {...this.#options} />;
  }

  readonly #options: StatusItemOptions;
}

function StatusButton({ projects, trans, onClick }: StatusItemOptions) {
  useSignal(projects.connectionChanged);
  useSignal(projects.projectsChanged);
  const { status, text } = overall(projects, trans);
  return (
    <button
      type="button"
      className="jp-Projects-statusButton"
      onClick={onClick}
      title={trans.__('Show the Projects panel')}
    >
      <StatusMark icon={STATUS_ICONS[status]} tone={toneOf(status)} text={text} />
    </button>
  );
}
