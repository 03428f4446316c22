import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';

import type { IFollowedDocument } from '../../tokens';
import { Button } from '../components/button';
import { heldWords } from './held-words';
import type { HeldChoice } from './held-words';

export interface HeldBarOptions {
  readonly document: IFollowedDocument;
  readonly trans: TranslationBundle;
  /** Carries out what the person chose. */
  readonly choose: (choice: HeldChoice) => void;
}

/** Tells at the document why it is not what its file is, and what can be done. */
export class HeldBar extends ReactWidget {
  constructor(options: HeldBarOptions) {
    super();
    this.#options = options;
    this.addClass('jp-Projects-heldBar');
  }

  protected override onBeforeDetach(message: Message): void {
    this.#observer.disconnect();
    super.onBeforeDetach(message);
  }

  protected override render() {
    const { document, trans, choose } = this.#options;
    return (
      <UseSignal signal={document.heldChanged}>
        {() => {
          const { held } = document;
          if (!held) {
            return null;
          }
          const { text, choices } = heldWords(held, document.path, trans);
          return (
            <div className="jp-Projects-held" role="alert" ref={this.#observe}>
              <span className="jp-Projects-heldText">{text}</span>
              <span className="jp-Projects-buttons">
                {choices.map(({ choice, label, hint }) => (
                  <Button key={choice} onClick={() => choose(choice)} hint={hint}>
                    {label}
                  </Button>
                ))}
              </span>
            </div>
          );
        }}
      </UseSignal>
    );
  }

  /** A Lumino box gives a child the room that its style asks for, whatever is in it. */
  #observe = (content: HTMLElement | null): void => {
    this.#observer.disconnect();
    if (content) {
      this.#observer.observe(content);
    }
  };

  readonly #options: HeldBarOptions;
  readonly #observer = new ResizeObserver(([entry]) => {
    const height = entry?.target instanceof HTMLElement ? entry.target.offsetHeight : 0;
    this.node.style.minHeight = `${height}px`;
    this.parent?.fit();
  });
}
