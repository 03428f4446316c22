import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';

import { PanelBody } from './components/panel-body';
import { projectsIcon } from './icons';
import type { Ui } from './ui-context';
import { UiProvider } from './ui-context';

/** The id of the panel, in the layout that is restored. */
export const PANEL_ID = 'jp-projects-panel';

/** The panel in the sidebar. */
export class ProjectsPanel extends ReactWidget {
  constructor(ui: Ui) {
    super();
    this.#ui = ui;
    this.id = PANEL_ID;
    this.addClass('jp-Projects-panel');
    this.title.icon = projectsIcon;
    this.title.caption = ui.trans.__('Projects');
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', ui.trans.__('Projects'));
  }

  /** Brings the keyboard to where a person goes on: the project that is unfolded, the API key, or the first project. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const title = '.jp-Projects-itemTitle button';
    const places = [`.jp-mod-open > ${title}`, '.jp-Projects-signIn input', title, 'button'];
    for (const place of places) {
      const found = this.node.querySelector<HTMLElement>(place);
      if (found) {
        found.focus();
        return;
      }
    }
    this.node.focus();
  }

  protected override render() {
    return (
      <UiProvider value={this.#ui}>
        <PanelBody />
      </UiProvider>
    );
  }

  readonly #ui: Ui;
}
