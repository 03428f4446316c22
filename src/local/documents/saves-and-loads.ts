import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';

import { isAsking } from './recorded-revision';
import type { Context } from './recorded-revision';

/** How long a save may take of which nothing is heard; ms. */
const LAPSE = 5000;

/**
 * What JupyterLab itself does with the file of one document, as far as it tells.
 *
 * #### Notes
 * A save that finds another file asks the person: who answers “Revert” makes a load of it, which is told as a save that was completed; who
 * answers “Cancel” ends it without a word.
 */
export class SavesAndLoads implements IDisposable {
  constructor(options: SavesAndLoads.IOptions) {
    this.#options = options;
    const { context, contents } = options;
    context.saveState.connect(this.#onSaveState, this);
    context.fileChanged.connect(this.#onRecorded, this);
    contents.fileChanged.connect(this.#onWritten, this);
  }

  /** Whether the file may be being written from here. */
  get isSaving(): boolean {
    return this.#save !== null;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (!this.#isDisposed) {
      this.#isDisposed = true;
      const { context, contents } = this.#options;
      context.saveState.disconnect(this.#onSaveState, this);
      context.fileChanged.disconnect(this.#onRecorded, this);
      contents.fileChanged.disconnect(this.#onWritten, this);
      this.#end();
    }
  }

  #onSaveState({ model }: Context, state: DocumentRegistry.SaveState): void {
    const { context, mark, onSaved, onEnded } = this.#options;
    if (state === 'started') {
      // JupyterLab refuses a save while it asks about another.
      if (!this.#save || !isAsking(context)) {
        this.#end();
        this.#save = { became: mark(), isWritten: false };
        this.#wait();
      }
      return;
    }
    const save = this.#save;
    this.#end();
    if (state !== 'completed' || model.isDisposed) {
      onEnded();
    } else {
      onSaved(save?.isWritten ? save.became : null);
    }
  }

  #onWritten(_: Contents.IManager, { type, newValue }: Contents.IChangedArgs): void {
    if (this.#save && type === 'save' && newValue?.path === this.#options.context.path) {
      this.#save.isWritten = true;
    }
  }

  #onRecorded({ path }: Context, recorded: Omit<Contents.IModel, 'content'>): void {
    const isMove = recorded.path !== path;
    if (!isMove && !this.#save?.isWritten && !this.#options.isOurs()) {
      this.#options.onLoaded();
    }
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      if (isAsking(this.#options.context)) {
        this.#wait();
      } else {
        this.#end();
        this.#options.onEnded();
      }
    }, LAPSE);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#save = null;
  }

  readonly #options: SavesAndLoads.IOptions;
  #save: Save | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;
}

export namespace SavesAndLoads {
  export interface IOptions {
    readonly context: Context;
    readonly contents: Contents.IManager;
    /** Notes what the document is now; the function that it returns says that the file has become just that. */
    readonly mark: () => () => void;
    /** Whether what is being recorded is not JupyterLab's doing. */
    readonly isOurs: () => boolean;
    /** A save was completed; null: it is not known what the file has become. */
    readonly onSaved: (became: (() => void) | null) => void;
    /** A save failed, or was cancelled. */
    readonly onEnded: () => void;
    /** The document was made what the file is; but for an empty one, where JupyterLab leaves the old text. */
    readonly onLoaded: () => void;
  }
}

interface Save {
  readonly became: () => void;
  isWritten: boolean;
}
