import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { conflictPath } from '../../sync/conflict-name';
import { hashOf } from '../../sync/content';
import type { Held, IFollowedDocument } from '../../tokens';
import type { DocumentContent } from './document-content';
import { isOther, recordRevision } from './recorded-revision';
import type { Context } from './recorded-revision';

/** Larger files are not read unasked; bytes. */
const LARGEST = 20 * 1024 * 1024;
/** How long a file may be missing, or half written, before that is said; ms. */
const PATIENCE = 1500;

/**
 * Keeps one open document what its file is.
 *
 * #### Notes
 * Invariants: nothing that was typed or run here is lost; the recorded revision becomes only that whose content the document took;
 * nothing is saved. What can't be taken is held back whole, and JupyterLab's own question comes with the next save.
 */
export class FollowedDocument implements IFollowedDocument, IDisposable {
  constructor(options: FollowedDocument.IOptions) {
    this.#options = options;
    const { context } = options;
    context.saveState.connect(this.#onSaveState, this);
    context.fileChanged.connect(this.#onRecorded, this);
    context.pathChanged.connect(this.#onMoved, this);
    context.disposed.connect(this.dispose, this);
    context.ready.then(() => this.#begin()).catch(options.onError);
  }

  get context(): Context {
    return this.#options.context;
  }

  /** Relative to the Jupyter root. */
  get path(): string {
    return this.context.localPath;
  }

  /** What keeps the document from being what its file is; null when nothing does. */
  get held(): Held | null {
    return this.#held;
  }

  get heldChanged(): ISignal<this, Held | null> {
    return this.#heldChanged;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (!this.#isDisposed) {
      this.#isDisposed = true;
      clearTimeout(this.#doubtTimer);
      Signal.clearData(this);
    }
  }

  /** Looks whether the file is another by now, and takes it. Never rejects. */
  async look(): Promise<void> {
    this.#isWanted = true;
    this.#looking ??= this.#lookWhileWanted().finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  /** Whether it holds what no file does. */
  get isEdited(): boolean {
    const { context, content } = this.#options;
    return context.isReady && (context.model.dirty || !content.isClean);
  }

  /**
   * Whether it could take this for its file's content, and keep all that was done here. Where it could not, it says so to the person.
   *
   * @param bytes - null where the file would go
   */
  admits(bytes: Uint8Array | null): boolean {
    const { content } = this.#options;
    const file = bytes && content.contentOf(bytes);
    const incorporation = file && content.incorporate(file);
    const isAdmitted = incorporation !== null && incorporation !== 'unreadable';
    if (!isAdmitted) {
      this.#hold('incoming');
    } else if (this.#held?.kind === 'incoming') {
      this.#hold(null);
    }
    return isAdmitted;
  }

  /** The person's word: the document becomes what the file is, whatever was done here. */
  async takeFile(): Promise<void> {
    await this.context.revert();
    const { content, context } = this.#options;
    const file = await this.#stat();
    const isEmpty = file !== null && file !== 'unreadable' && file.size === 0;
    if (context.contentsModel?.format === 'text' && isEmpty) {
      // A revert leaves the old text where the file is empty.
      context.model.fromString('');
    }
    context.model.dirty = false;
    content.settle();
    this.#hold(null);
  }

  /** The person's word: the file becomes what the document is. */
  async keepDocument(): Promise<void> {
    const file = await this.#stat();
    if (file && file !== 'unreadable') {
      // What the person was shown is what they overwrite: a later change is asked about by JupyterLab.
      recordRevision(this.context, file);
    }
    await this.context.save();
    this.#hold(null);
  }

  /**
   * The person's word: what was done here becomes a file of its own, and the document becomes what its file is.
   *
   * @returns the new file's path
   */
  async keepBoth(): Promise<string> {
    const { contents, context } = this.#options;
    const { model, contentsModel } = context;
    const format = contentsModel?.format ?? 'text';
    const text = model.toString();
    const path = conflictPath(
      context.path,
      await hashOf(new TextEncoder().encode(text)),
      () => false
    );
    const content = format === 'json' ? model.toJSON() : text;
    await contents.save(path, { type: contentsModel?.type ?? 'file', format, content });
    await this.takeFile();
    return path;
  }

  #begin(): void {
    if (this.#isDisposed) {
      return;
    }
    if (!this.context.model.dirty) {
      this.#options.content.settle();
    }
    // Documents of a layout that was restored may be older than their files.
    void this.look();
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isDisposed) {
      this.#isWanted = false;
      try {
        await this.#lookNow();
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  async #lookNow(): Promise<void> {
    const { context, isOn } = this.#options;
    await context.ready;
    if (this.#isSaving || this.#isDisposed || !isOn() || context.model.collaborative) {
      return;
    }
    const file = await this.#stat();
    if (this.#isDisposed) {
      return;
    }
    if (!file) {
      this.#doubt('deleted');
    } else if (file === 'unreadable') {
      this.#doubt('unreadable');
    } else if (!isOther(file, context)) {
      // What a sync holds back is not in the file.
      this.#hold(this.#held?.kind === 'incoming' && this.isEdited ? 'incoming' : null);
    } else if ((file.size ?? 0) > LARGEST) {
      this.#hold('large');
    } else {
      await this.#take();
    }
  }

  async #take(): Promise<void> {
    const { context, content, contents } = this.#options;
    const { path, contentsModel } = context;
    const file = await contents
      .get(path, {
        content: true,
        hash: true,
        ...(contentsModel && { type: contentsModel.type }),
        ...(contentsModel?.format && { format: contentsModel.format })
      })
      .catch(refusal);
    if (this.#isDisposed || this.#isSaving || path !== context.path) {
      this.#isWanted = !this.#isDisposed;
      return;
    }
    if (!file || file.type !== (contentsModel?.type ?? file.type)) {
      this.#doubt('unreadable');
      return;
    }
    if (!isOther(file, context)) {
      this.#hold(null);
      return;
    }
    const incorporation = content.incorporate(file);
    if (incorporation === 'unreadable') {
      this.#doubt('unreadable');
      return;
    }
    if (incorporation === null) {
      this.#hold('changed');
      return;
    }
    // From here on nothing is awaited: it is for the document and the file as they are now.
    this.#isTaking = true;
    try {
      const { isWhole } = incorporation;
      incorporation.apply();
      recordRevision(context, file);
      if (isWhole) {
        content.settle();
      } else {
        content.settleAt(file);
      }
      context.model.dirty = !isWhole;
    } finally {
      this.#isTaking = false;
    }
    this.#hold(null);
  }

  /** The file without its content; null where there is none, 'unreadable' where something else has its name. */
  async #stat(): Promise<Contents.IModel | null | 'unreadable'> {
    const { context, contents } = this.#options;
    const type = context.contentsModel?.type;
    try {
      return await contents.get(context.path, {
        content: false,
        hash: true,
        ...(type && { type })
      });
    } catch (error) {
      if (statusOf(error) === 404) {
        return null;
      }
      if (statusOf(error) === 400) {
        return 'unreadable';
      }
      throw error;
    }
  }

  /** Somebody may be writing the file at this moment: it is said once it is found twice. */
  #doubt(kind: Held['kind']): void {
    if (this.#held?.kind === kind || this.#doubted === kind) {
      this.#hold(kind);
      return;
    }
    this.#doubted = kind;
    this.#doubtTimer = setTimeout(() => void this.look(), PATIENCE);
  }

  #hold(kind: Held['kind'] | null): void {
    clearTimeout(this.#doubtTimer);
    this.#doubted = null;
    const { content } = this.#options;
    const held = kind && { kind, isEdited: !content.isClean };
    if (JSON.stringify(held) !== JSON.stringify(this.#held)) {
      this.#held = held;
      this.#heldChanged.emit(held);
    }
  }

  #onSaveState(_: Context, state: DocumentRegistry.SaveState): void {
    if (state === 'started') {
      this.#isSaving = true;
      this.#saved = this.#options.content.mark();
      return;
    }
    this.#isSaving = false;
    if (state === 'completed') {
      this.#saved?.();
      this.#hold(null);
    }
    this.#saved = null;
    void this.look();
  }

  /** JupyterLab loaded the file again. */
  #onRecorded(): void {
    if (!this.#isSaving && !this.#isTaking && !this.context.model.dirty) {
      this.#options.content.settle();
    }
  }

  #onMoved(): void {
    void this.look();
  }

  readonly #options: FollowedDocument.IOptions;
  readonly #heldChanged = new Signal<this, Held | null>(this);
  #held: Held | null = null;
  #looking: Promise<void> | null = null;
  #isWanted = false;
  #isSaving = false;
  /** Says that the file has become what the document was when its save began. */
  #saved: (() => void) | null = null;
  #isTaking = false;
  #doubted: Held['kind'] | null = null;
  #doubtTimer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;
}

export namespace FollowedDocument {
  export interface IOptions {
    readonly context: Context;
    readonly content: DocumentContent;
    readonly contents: Contents.IManager;
    /** Whether documents are to follow their files. */
    readonly isOn: () => boolean;
    readonly onError: (error: unknown) => void;
  }
}

/** null where the server refuses to read the file as what the document is. */
function refusal(error: unknown): null {
  const status = statusOf(error);
  if (status !== null && status < 500) {
    return null;
  }
  throw error;
}

function statusOf(error: unknown): number | null {
  return error instanceof ServerConnection.ResponseError ? error.response.status : null;
}
