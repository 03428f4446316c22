import type { Contents } from '@jupyterlab/services';

/** What a file holds, as the contents API gives it: a text, bytes as base64, or a notebook's JSON. */
export type FileContent = Pick<Contents.IModel, 'content' | 'format'>;

/** How an open document's content is kept equal to its file's; one for each kind of document. */
export interface DocumentContent {
  /** Notes that the document and the file are the same now. */
  settle(): void;
  /** Notes what the document is now; the function that it returns says that the file has become just that. */
  mark(): () => void;
  /** Notes that the document was this file when the two were last the same, whatever it is now. */
  settleAt(file: FileContent): void;
  /** These bytes as the contents API would give them; null where they are nothing that such a document can hold. */
  contentOf(bytes: Uint8Array): FileContent | null;
  /** Whether it holds nothing that the file, as it was last the same, does not hold. False where that is not known. */
  readonly isClean: boolean;
  /**
   * What to do so that the document holds all that the file does, and all that was done here.
   *
   * @returns null where that can't be; 'unreadable' where the file is not what such a document can hold.
   */
  incorporate(file: FileContent): Incorporation | null | 'unreadable';
}

export interface Incorporation {
  /** Whether the document then holds just what the file does. */
  readonly isWhole: boolean;
  /** Must be called at once: it is for the document as it is now. */
  apply(): void;
}
