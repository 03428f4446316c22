import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IDrafts } from '../../tokens';
import type { DocumentContent } from './document-content';
import { FollowedDocument } from './followed-document';
import { isSharedNotebook, NotebookCells } from './notebook-cells';
import { canRecord } from './recorded-revision';
import type { Context } from './recorded-revision';
import { isSharedText, TextContent } from './text-content';

/** How often a document is compared with its file where nobody may tell of a change, while the page is visible; ms. */
const LAST_RESORT = 10_000;

/** How long a room may take to save by itself, which it does a second after it was typed in; ms. */
const ROOM_PATIENCE = 2000;

/** Keeps open documents what their files are. */
export class DocumentFollower implements IDrafts, IDisposable {
  constructor(options: DocumentFollower.IOptions) {
    this.#options = options;
    this.#poll = new Poll({
      name: 'jupyterlab-projects:documents',
      factory: () => this.#lookAtAll(),
      frequency: { interval: LAST_RESORT, backoff: true, max: LAST_RESORT * 6 },
      standby: 'when-hidden',
      linger: 0
    });
  }

  /** Fires when what keeps one from being what its file is has changed. */
  get heldChanged(): ISignal<this, FollowedDocument> {
    return this.#heldChanged;
  }

  /** Fires when a kernel of one has finished some work: a good moment to look for files that it wrote. */
  get kernelIdle(): ISignal<this, void> {
    return this.#kernelIdle;
  }

  /** Of documents that hold what no file does. */
  get paths(): readonly string[] {
    const edited = this.#options.isOn() ? this.documents.filter(({ isEdited }) => isEdited) : [];
    return [...edited.map(({ path }) => path), ...this.#unsavedRooms().map(roomPath)];
  }

  /** Fires when `paths` may be others. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** Those that are followed. */
  get documents(): readonly FollowedDocument[] {
    return [...this.#documents.values()];
  }

  /**
   * Follows the file of an open document; twice is once.
   *
   * @param active - places of the cells where the person is at work, in a notebook
   */
  follow(context: Context, active?: () => readonly number[]): void {
    if (this.#isDisposed || this.#waiting.has(context)) {
      return;
    }
    this.#waiting.add(context);
    context.ready.then(() => this.#begin(context, active)).catch(this.#options.onError);
  }

  of(context: Context): FollowedDocument | null {
    return this.#documents.get(context) ?? null;
  }

  /**
   * Files may be others by now.
   *
   * @param paths - relative to the Jupyter root: files, or folders with all they hold; null: any
   */
  look(paths: readonly string[] | null): void {
    for (const document of this.#documents.values()) {
      const isMeant = (path: string) =>
        path === '' || document.path === path || document.path.startsWith(`${path}/`);
      if (paths === null || paths.some(isMeant)) {
        void document.look();
      }
    }
  }

  /** Whether one is open at the path, or below it. */
  holds(path: string): boolean {
    return this.documents.some(each => each.path === path || each.path.startsWith(`${path}/`));
  }

  has(path: string): boolean {
    const isEdited = this.#options.isOn() && this.#at(path).some(document => document.isEdited);
    return isEdited || this.#unsavedRooms(path).length > 0;
  }

  /** What people edit together is to be saved first: a room takes whatever its file becomes, and drops what it had not saved. */
  async admits(path: string, content: Uint8Array | null): Promise<boolean> {
    await Promise.all(this.#unsavedRooms(path).map(saved));
    if (this.#unsavedRooms(path).length > 0) {
      return false;
    }
    const edited = this.#at(path).filter(document => document.isEdited);
    // Each is asked, so that each can say so.
    return edited.filter(document => !document.admits(content)).length === 0;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (!this.#isDisposed) {
      this.#isDisposed = true;
      this.#poll.dispose();
      this.#documents.forEach(document => document.dispose());
      this.#documents.clear();
      this.#rooms.clear();
      Signal.clearData(this);
    }
  }

  #begin(context: Context, active?: () => readonly number[]): void {
    const { contents, isOn, onError } = this.#options;
    if (context.model.collaborative && !context.isDisposed) {
      this.#rooms.add(context);
      this.#announce(context);
      return;
    }
    const content = this.#contentOf(context, active);
    if (this.#isDisposed || context.isDisposed || !content) {
      return;
    }
    const document = new FollowedDocument({ context, content, contents, isOn, onError });
    this.#documents.set(context, document);
    document.heldChanged.connect(() => this.#heldChanged.emit(document), this);
    context.sessionContext.statusChanged.connect((_, status) => {
      if (status === 'idle') {
        this.#kernelIdle.emit();
      }
    }, this);
    this.#announce(context);
  }

  /** Tells whenever it may be another that has something unsaved. */
  #announce(context: Context): void {
    const tell = () => this.#changed.emit();
    context.model.stateChanged.connect(tell, this);
    context.pathChanged.connect(tell, this);
    context.disposed.connect(() => {
      this.#documents.delete(context);
      this.#rooms.delete(context);
      tell();
    }, this);
    tell();
  }

  /** Those whose room has not saved yet what was typed; of one file, or of any. */
  #unsavedRooms(path?: string): Context[] {
    return [...this.#rooms].filter(
      room => room.model.dirty && (path === undefined || roomPath(room) === path)
    );
  }

  #at(path: string): FollowedDocument[] {
    return this.documents.filter(document => document.path === path);
  }

  /** null for a kind of document that is left alone. */
  #contentOf(context: Context, active?: () => readonly number[]): DocumentContent | null {
    const { model } = context;
    // What others edit at the same time is saved, and followed, by the room that they share.
    if (model.collaborative || !canRecord(context)) {
      return null;
    }
    const shared: object = model.sharedModel;
    if (isSharedNotebook(shared)) {
      return new NotebookCells(model, shared, active);
    }
    const isKnown = KNOWN.has(kindOf(context)) && isSharedText(shared);
    return isKnown || this.#options.isAllowed(kindOf(context)) ? new TextContent(model) : null;
  }

  async #lookAtAll(): Promise<void> {
    const { looks, isTold } = this.#options;
    const documents = looks() ? this.documents.filter(({ path }) => !isTold(path)) : [];
    await Promise.all(documents.map(document => document.look()));
  }

  readonly #options: DocumentFollower.IOptions;
  readonly #poll: Poll;
  readonly #waiting = new WeakSet<Context>();
  readonly #documents = new Map<Context, FollowedDocument>();
  /** What people edit together. */
  readonly #rooms = new Set<Context>();
  readonly #heldChanged = new Signal<this, FollowedDocument>(this);
  readonly #changed = new Signal<this, void>(this);
  readonly #kernelIdle = new Signal<this, void>(this);
  #isDisposed = false;
}

export namespace DocumentFollower {
  export interface IOptions {
    readonly contents: Contents.IManager;
    /** Whether documents are to follow their files. */
    readonly isOn: () => boolean;
    /** Whether documents with this model factory, of which nothing is known, are replaced whole when their file changes. */
    readonly isAllowed: (factory: string) => boolean;
    /** Whether files are looked at from time to time where nobody tells of a change. */
    readonly looks: () => boolean;
    /** Whether every change of the file is told to `look`. */
    readonly isTold: (path: string) => boolean;
    readonly onError: (error: unknown) => void;
  }
}

/** The model factories of JupyterLab itself whose documents are a text, or bytes, and nothing else. */
const KNOWN: ReadonlySet<string> = new Set(['text', 'base64']);

/**
 * Resolves when the room has saved by itself, or after a moment.
 *
 * #### Notes
 * A save from here would ask whether to overwrite the file: JupyterLab does not learn which revision a room has taken.
 */
function saved({ model }: Context): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (!model.dirty) {
        end();
      }
    };
    const end = () => {
      clearTimeout(timer);
      model.stateChanged.disconnect(look);
      resolve();
    };
    const timer = setTimeout(end, ROOM_PATIENCE);
    model.stateChanged.connect(look);
  });
}

function roomPath({ localPath }: Context): string {
  return localPath;
}

/** The name of the model's factory. */
function kindOf(context: object): string {
  return 'factoryName' in context && typeof context.factoryName === 'string'
    ? context.factoryName
    : '';
}
