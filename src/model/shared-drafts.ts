import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import { randomId } from '../cloud/random-id';
import type { IDrafts } from '../tokens';
import type { TabMessage } from './tab-message';
import type { Tabs } from './tabs';

/** How long a page may take to say whether its document could take a content; one that is gone says nothing; ms. */
const PATIENCE = 3000;

/**
 * What is unsaved in the open documents of all pages of the browser: whichever page syncs heeds them.
 *
 * #### Notes
 * Each page tells which of its documents have unsaved work, and is asked about just those. The drafts of a page that was closed lapse; so do those
 * of one that does not answer: it may have crashed.
 */
export class SharedDrafts implements IDisposable {
  constructor({ tabs }: SharedDrafts.IOptions) {
    this.#tabs = tabs;
    tabs.heard.connect(this.#onHeard, this);
    if (typeof window !== 'undefined') {
      const options = { signal: this.#listening.signal };
      window.addEventListener('pagehide', () => this.#tell([]), options);
      window.addEventListener('pageshow', () => this.#tell(), options);
    }
    tabs.tell({ kind: 'whose-drafts' });
  }

  /** Those of this page. */
  heed(own: IDrafts): void {
    this.#own = own;
    own.changed.connect(() => this.#tell(), this);
    this.#tell();
  }

  /** @param path - relative to the Jupyter root */
  has(path: string): boolean {
    return this.#own?.has(path) === true || this.#pagesWith(path).length > 0;
  }

  /** Whether each document that is open at the path could take the content, and keep all that was typed. */
  async admits(path: string, content: Uint8Array | null): Promise<boolean> {
    // All are asked, so that each can say so.
    const answers = await Promise.all([
      this.#admitsHere(path, content),
      ...this.#pagesWith(path).map(page => this.#ask(page, path, content))
    ]);
    return answers.every(Boolean);
  }

  get isDisposed(): boolean {
    return this.#listening.signal.aborted;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.#tell([]);
      this.#listening.abort();
      Signal.clearData(this);
    }
  }

  #ask(page: string, path: string, content: Uint8Array | null): Promise<boolean> {
    const id = randomId();
    return new Promise(resolve => {
      const answer = (isAdmitted: boolean) => {
        clearTimeout(timer);
        this.#questions.delete(id);
        resolve(isAdmitted);
      };
      const timer = setTimeout(() => {
        this.#elsewhere.delete(page);
        answer(true);
      }, PATIENCE);
      this.#questions.set(id, answer);
      this.#tabs.tell({ kind: 'admit', id, page, path, content });
    });
  }

  #onHeard(tabs: Tabs, message: TabMessage): void {
    if (message.kind === 'whose-drafts') {
      this.#tell();
    } else if (message.kind === 'drafts') {
      this.#elsewhere.set(message.page, new Set(message.paths));
    } else if (message.kind === 'admit' && message.page === tabs.page) {
      const { id, path, content } = message;
      // A document that can't say so takes nothing.
      void this.#admitsHere(path, content)
        .catch(() => false)
        .then(isAdmitted => tabs.tell({ kind: 'admitted', id, isAdmitted }));
    } else if (message.kind === 'admitted') {
      this.#questions.get(message.id)?.(message.isAdmitted);
    }
  }

  async #admitsHere(path: string, content: Uint8Array | null): Promise<boolean> {
    return this.#own?.has(path) !== true || this.#own.admits(path, content);
  }

  #tell(paths = this.#own?.paths ?? []): void {
    const told = JSON.stringify(paths);
    // Who has none, and told so, need not say it again to whoever asks.
    if (told !== '[]' || this.#told !== '[]') {
      this.#told = told;
      this.#tabs.tell({ kind: 'drafts', page: this.#tabs.page, paths });
    }
  }

  #pagesWith(path: string): string[] {
    return [...this.#elsewhere].filter(([, paths]) => paths.has(path)).map(([page]) => page);
  }

  readonly #tabs: Tabs;
  readonly #listening = new AbortController();
  /** What other pages have unsaved, by page. */
  readonly #elsewhere = new Map<string, ReadonlySet<string>>();
  readonly #questions = new Map<string, (isAdmitted: boolean) => void>();
  #own: IDrafts | null = null;
  #told = '[]';
}

export namespace SharedDrafts {
  export interface IOptions {
    readonly tabs: Tabs;
  }
}
