import { Clipboard, Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';

import type { IProjects } from '../../tokens';
import { SharingView } from './sharing-view';

/** Shows who may do what with a project, until the person closes it. */
export async function showSharing(
  { projects, trans }: { readonly projects: IProjects; readonly trans: TranslationBundle },
  projectId: string
): Promise<void> {
  const title = projects.projects.find(({ id }) => id === projectId)?.title ?? projectId;
  const dialog = new Dialog({
    title: trans.__('Share “%1”', title),
    body: new SharingBody(projects, trans, projectId),
    buttons: [Dialog.okButton({ label: trans.__('Close') })],
    hasClose: true
  });
  dialog.addClass('jp-Projects-sharingDialog');
  await dialog.launch();
}

class SharingBody extends ReactWidget {
  constructor(
    readonly projects: IProjects,
    readonly trans: TranslationBundle,
    readonly projectId: string
  ) {
    super();
  }

  /** Enter in a field would close the dialog, which listens before the field does: here it is the form's. */
  handleEvent(event: Event): void {
    const { target } = event;
    if (
      event instanceof KeyboardEvent &&
      event.key === 'Enter' &&
      (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) &&
      this.node.contains(target)
    ) {
      event.stopPropagation();
      event.preventDefault();
      if (target instanceof HTMLInputElement) {
        target.form?.requestSubmit();
      }
    }
  }

  protected override onAfterAttach(...args: Parameters<ReactWidget['onAfterAttach']>): void {
    super.onAfterAttach(...args);
    document.addEventListener('keydown', this, true);
  }

  protected override onBeforeDetach(...args: Parameters<ReactWidget['onBeforeDetach']>): void {
    document.removeEventListener('keydown', this, true);
    super.onBeforeDetach(...args);
  }

  protected override render() {
    return (
      <SharingView
        projects={this.projects}
        trans={this.trans}
        projectId={this.projectId}
        copy={text => Clipboard.copyToSystem(text)}
      />
    );
  }
}
