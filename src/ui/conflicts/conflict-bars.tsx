import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

import { Button } from '../components/button';
import type { FoundConflict } from '../conflict-of';

/** The notices of documents whose file has a conflict: one in each tab that shows one. */
export class ConflictBars {
  constructor(options: ConflictBars.IOptions) {
    this.#options = options;
  }

  /** Brings the notice of a tab in line with its file's conflict; null where there is none. */
  show(tab: Widget, conflict: FoundConflict | null): void {
    const bar = this.#bars.get(tab);
    if (bar && bar.conflict.path === conflict?.path && bar.conflict.copy === conflict.copy) {
      return;
    }
    bar?.dispose();
    this.#bars.delete(tab);
    if (conflict && tab instanceof MainAreaWidget) {
      const made = new ConflictBar(conflict, this.#options);
      this.#bars.set(tab, made);
      tab.contentHeader.addWidget(made);
      tab.disposed.connect(() => this.#bars.delete(tab));
    }
  }

  readonly #options: ConflictBars.IOptions;
  readonly #bars = new Map<Widget, ConflictBar>();
}

export namespace ConflictBars {
  export interface IOptions {
    readonly trans: TranslationBundle;
    readonly compare: (conflict: FoundConflict) => void;
  }
}

class ConflictBar extends ReactWidget {
  constructor(
    readonly conflict: FoundConflict,
    options: ConflictBars.IOptions
  ) {
    super();
    this.#options = options;
    this.addClass('jp-Projects-heldBar');
  }

  protected override onBeforeDetach(message: Message): void {
    this.#observer.disconnect();
    super.onBeforeDetach(message);
  }

  protected override render() {
    const { trans, compare } = this.#options;
    const { path, copy } = this.conflict;
    return (
      <div className="jp-Projects-held" role="status" ref={this.#observe}>
        <span className="jp-Projects-heldText">
          {copy === null
            ? trans.__('“%1” was changed here and in the cloud, and waits for your choice.', path)
            : trans.__(
                '“%1” was changed here and in the cloud. Your content is in “%2”; choose what to keep.',
                path,
                copy
              )}
        </span>
        <span className="jp-Projects-buttons">
          <Button
            onClick={() => compare(this.conflict)}
            hint={trans.__('Show both contents beside each other')}
          >
            {trans.__('Compare…')}
          </Button>
        </span>
      </div>
    );
  }

  /** A Lumino box gives a child the room that its style asks for, whatever is in it. */
  #observe = (content: HTMLElement | null): void => {
    this.#observer.disconnect();
    if (content) {
      this.#observer.observe(content);
    }
  };

  readonly #options: ConflictBars.IOptions;
  readonly #observer = new ResizeObserver(([entry]) => {
    const height = entry?.target instanceof HTMLElement ? entry.target.offsetHeight : 0;
    this.node.style.minHeight = `${height}px`;
    this.parent?.fit();
  });
}
