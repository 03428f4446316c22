import { ReactWidget } from '@jupyterlab/ui-components';

import type { SyncButtonProps } from './sync-button';
import { SyncButton } from './sync-button';

/** The same as an item of a toolbar. */
export class SyncButtonItem extends ReactWidget {
  constructor(props: SyncButtonProps) {
    super();
    this.#props = props;
    this.addClass('jp-Projects-syncItem');
  }

  protected override render() {
    return <SyncButton {...this.#props} />;
  }

  readonly #props: SyncButtonProps;
}
