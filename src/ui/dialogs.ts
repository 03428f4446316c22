import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';

import type { IProjects, ProjectSummary } from '../tokens';
import { errorMessage } from './error-message';
import type { IPerson, Option } from './person';
import type { Message } from './report-words';

/** Ms that a word of success stays on the screen. */
const SUCCESS_STAYS = 4000;

/** Characters of a notification that are compared: JupyterLab shortens a long one. */
const COMPARED = 120;

/** Asks and tells by JupyterLab's own dialogs and notifications, loaded when first needed. */
export class Dialogs implements IPerson {
  constructor(options: Dialogs.IOptions) {
    this.#translator = options.translator;
    this.#trans = options.trans;
    this.#documents = options.documents;
    this.#projects = options.projects;
  }

  async askApiKey(cloudUrl: string): Promise<string | null> {
    const { InputDialog } = await import('@jupyterlab/apputils');
    const result = await InputDialog.getPassword({
      title: this.#trans.__('Sign in to Projects'),
      label: cloudUrl
        ? this.#trans.__(
            'Your API key for %1. It is kept in this browser only, until you sign out.',
            cloudUrl
          )
        : this.#trans.__('Your API key. It is kept in this browser only, until you sign out.'),
      okLabel: this.#trans.__('Sign in')
    });
    const key = result.value?.trim() ?? '';
    return result.button.accept && key !== '' ? key : null;
  }

  async askFolder(title: string): Promise<string | null> {
    if (!this.#documents) {
      return this.askText(
        title,
        this.#trans.__('The folder, as a path from the top of the file browser'),
        ''
      );
    }
    const { FileDialog } = await import('@jupyterlab/filebrowser');
    const result = await FileDialog.getExistingDirectory({
      manager: this.#documents,
      translator: this.#translator,
      title
    });
    return result.button.accept ? (result.value?.[0]?.path ?? null) : null;
  }

  async askProject(title: string, projects: readonly ProjectSummary[]): Promise<string | null> {
    return this.askOption(
      title,
      this.#trans.__('Project'),
      projects.map(project => ({ value: project.id, label: projectLabel(project) }))
    );
  }

  async askText(title: string, label: string, text: string): Promise<string | null> {
    const { InputDialog } = await import('@jupyterlab/apputils');
    const result = await InputDialog.getText({ title, label, text });
    const value = result.value?.trim() ?? '';
    return result.button.accept && value !== '' ? value : null;
  }

  async askOption<T>(
    title: string,
    label: string,
    options: readonly Option<T>[]
  ): Promise<T | null> {
    const { InputDialog } = await import('@jupyterlab/apputils');
    const labels = distinct(options.map(option => option.label));
    const result = await InputDialog.getItem({ title, label, items: labels });
    if (!result.button.accept || result.value === null) {
      return null;
    }
    return options[labels.indexOf(result.value)]?.value ?? null;
  }

  async confirm(title: string, text: string, accept: string): Promise<boolean> {
    const { Dialog, showDialog } = await import('@jupyterlab/apputils');
    const result = await showDialog({
      title,
      body: text,
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: accept })]
    });
    return result.button.accept;
  }

  async showSharing(projectId: string): Promise<void> {
    const { showSharing } = await import('./sharing/sharing-dialog');
    await showSharing({ projects: this.#projects, trans: this.#trans }, projectId);
  }

  /** What is told already is only brought back to sight. */
  tell(message: Message): void {
    void import('@jupyterlab/apputils').then(({ Notification }) => {
      const { manager } = Notification;
      const told = manager.notifications.find(
        ({ type, message: text }) =>
          type === message.kind &&
          type !== 'success' &&
          message.text.startsWith(text.slice(0, COMPARED))
      );
      if (told) {
        manager.update({ id: told.id });
        return;
      }
      Notification.emit(message.text, message.kind, {
        autoClose: message.kind === 'success' ? SUCCESS_STAYS : false
      });
    });
  }

  tellError(title: string, error: unknown): void {
    void import('@jupyterlab/apputils').then(({ Dialog, showErrorMessage }) =>
      showErrorMessage(title, errorMessage(error), [
        Dialog.okButton({ label: this.#trans.__('Close') })
      ])
    );
  }

  readonly #translator: ITranslator;
  readonly #trans: TranslationBundle;
  readonly #documents: IDocumentManager | null;
  readonly #projects: IProjects;
}

export namespace Dialogs {
  export interface IOptions {
    readonly translator: ITranslator;
    readonly trans: TranslationBundle;
    /** Lets a folder be chosen by browsing; without it its path is typed. */
    readonly documents: IDocumentManager | null;
    readonly projects: IProjects;
  }
}

function projectLabel({ title, name, owner, localPath }: ProjectSummary): string {
  return localPath === null ? `${title} (${owner}/${name})` : `${title} (${localPath})`;
}

/** Labels that occur again get a number, so that each stands for one option. */
function distinct(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map(label => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} [${times}]`;
  });
}
