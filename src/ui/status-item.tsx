import { ReactWidget } from '@jupyterlab/ui-components';

import type { StatusButtonProps } from './components/status-button';
import { StatusButton } from './components/status-button';

/** The state of everything in the status bar. */
export class StatusItem extends ReactWidget {
  constructor(options: StatusButtonProps) {
    super();
    this.#options = options;
    this.addClass('jp-Projects-statusItem');
  }

  protected override render() {
    return <StatusButton {...this.#options} />;
  }

  readonly #options: StatusButtonProps;
}
