import type { Contents } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { conflictPath } from '../../sync/conflict-name';
import { hashOf } from '../../sync/content';
import type { Held, IFollowedDocument } from '../../tokens';
import type { DocumentContent } from './document-content';
import { readFile, statFile } from './document-file';
import { isOther, recordRevision } from './recorded-revision';
import type { Context } from './recorded-revision';
import { SavesAndLoads } from './saves-and-loads';

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
    const { context, contents, content } = options;
    this.#own = new SavesAndLoads({
      context,
      contents,
      mark: () => content.mark(),
      isOurs: () => this.#isRecording,
      onSaved: became => this.#onSaved(became),
      onEnded: () => void this.look(),
      onLoaded: () => this.#onLoaded()
    });
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
      this.#own.dispose();
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
    const { context } = this;
    await context.revert();
    this.#onLoaded();
    context.model.dirty = false;
    this.#hold(null);
    await this.look();
  }

  /** The person's word: the file becomes what the document is. */
  async keepDocument(): Promise<void> {
    const file = await statFile(this.context, this.#options.contents);
    if (file && file !== 'unreadable') {
      // What the person was shown is what they overwrite: a later change is asked about by JupyterLab.
      this.#record(file);
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
    if (this.context.model.dirty) {
      this.#unproven ??= 'base';
    } else {
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
    if (this.#own.isSaving || this.#isDisposed || !isOn() || context.model.collaborative) {
      return;
    }
    const file = await statFile(this.context, this.#options.contents);
    if (this.#isDisposed) {
      return;
    }
    if (!file) {
      this.#doubt('deleted');
    } else if (file === 'unreadable') {
      this.#doubt('unreadable');
    } else if ((file.size ?? 0) > LARGEST && isOther(file, context)) {
      this.#hold('large');
    } else if (!isOther(file, context) && (this.#unproven === null || (file.size ?? 0) > LARGEST)) {
      this.#holdNoFile();
    } else {
      await this.#take();
    }
  }

  async #take(): Promise<void> {
    const { context, content, contents } = this.#options;
    const { path, contentsModel } = context;
    const file = await readFile(context, contents);
    if (this.#isDisposed || this.#own.isSaving || path !== context.path) {
      this.#isWanted = !this.#isDisposed;
      return;
    }
    if (!file || file.type !== (contentsModel?.type ?? file.type)) {
      this.#doubt('unreadable');
      return;
    }
    const [isSame, unproven] = [!isOther(file, context), this.#unproven];
    this.#unproven = null;
    if (isSame && unproven !== 'document') {
      if (unproven === 'base') {
        content.settleAt(file);
      }
      this.#holdNoFile();
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
    const { isWhole } = incorporation;
    incorporation.apply();
    this.#record(file);
    if (isWhole) {
      content.settle();
    } else {
      content.settleAt(file);
    }
    context.model.dirty = !isWhole;
    this.#hold(null);
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

  #record(file: Contents.IModel): void {
    this.#isRecording = true;
    try {
      recordRevision(this.context, file);
    } finally {
      this.#isRecording = false;
    }
  }

  /** The file keeps nothing; but what a sync holds back is not in the file. */
  #holdNoFile(): void {
    this.#hold(this.#held?.kind === 'incoming' && this.isEdited ? 'incoming' : null);
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

  #onSaved(became: (() => void) | null): void {
    if (became) {
      became();
      this.#unproven = null;
    } else {
      this.#unproven ??= 'base';
    }
    this.#hold(null);
    void this.look();
  }

  #onLoaded(): void {
    this.#options.content.settle();
    this.#unproven = 'document';
    void this.look();
  }

  #onMoved(): void {
    void this.look();
  }

  readonly #options: FollowedDocument.IOptions;
  readonly #own: SavesAndLoads;
  readonly #heldChanged = new Signal<this, Held | null>(this);
  #held: Held | null = null;
  #looking: Promise<void> | null = null;
  #isWanted = false;
  /** What need not be as the recorded revision is, though JupyterLab says so; or what was here before that is not known. */
  #unproven: 'document' | 'base' | null = null;
  #isRecording = false;
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
