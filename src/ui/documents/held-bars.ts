import { MainAreaWidget, showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { IFollowedDocument } from '../../tokens';
import { errorMessage } from '../error-message';
import { HeldBar } from './held-bar';
import type { HeldChoice } from './held-words';

/** The bars of all documents' tabs: each where there is something to say. */
export class HeldBars {
  constructor(options: HeldBars.IOptions) {
    this.#options = options;
  }

  /** Brings the bar of a tab in line with its document; null for one that is not followed. */
  show(tab: Widget, document: IFollowedDocument | null): void {
    const bar = this.#bars.get(tab);
    if (!document?.held) {
      bar?.dispose();
      this.#bars.delete(tab);
      return;
    }
    if (!bar && tab instanceof MainAreaWidget) {
      const made = new HeldBar({
        document,
        trans: this.#options.trans,
        choose: choice => void this.#choose(choice, document)
      });
      this.#bars.set(tab, made);
      tab.contentHeader.addWidget(made);
      tab.disposed.connect(() => this.#bars.delete(tab));
    }
  }

  async #choose(choice: HeldChoice, document: IFollowedDocument): Promise<void> {
    const { trans, choose } = this.#options;
    try {
      await choose(choice, document);
    } catch (error) {
      await showErrorMessage(trans.__('That did not work'), errorMessage(error));
    }
  }

  readonly #options: HeldBars.IOptions;
  readonly #bars = new Map<Widget, Widget>();
}

export namespace HeldBars {
  export interface IOptions {
    readonly trans: TranslationBundle;
    /** Carries out what the person chose. */
    readonly choose: (choice: HeldChoice, document: IFollowedDocument) => Promise<unknown>;
  }
}
