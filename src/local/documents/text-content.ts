import type { DocumentRegistry } from '@jupyterlab/docregistry';

import { mergeLines } from '../../sync/merge/lines';
import type { DocumentContent, FileContent, Incorporation } from './document-content';
import { editsBetween } from './text-edits';

/** The part of a shared text that edits are made in. */
interface SharedText {
  transact(work: () => void): void;
  updateSource(start: number, end: number, text: string): void;
}

/** A document that is a text, or any bytes as base64: what is shown of it follows from that alone. */
export class TextContent implements DocumentContent {
  constructor(model: DocumentRegistry.IModel) {
    this.#model = model;
  }

  settle(): void {
    this.#base = this.#model.toString();
  }

  mark(): () => void {
    const marked = this.#model.toString();
    return () => {
      this.#base = marked;
    };
  }

  settleAt(file: FileContent): void {
    this.#base = textOf(file);
  }

  /** Bytes of an image are nothing that is edited here. */
  contentOf(bytes: Uint8Array): FileContent | null {
    try {
      return { format: 'text', content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch {
      return null;
    }
  }

  get isClean(): boolean {
    return this.#base !== null && this.#base === this.#model.toString();
  }

  incorporate(file: FileContent): Incorporation | null | 'unreadable' {
    const theirs = textOf(file);
    if (theirs === null) {
      return 'unreadable';
    }
    const isText = file.format === 'text';
    const mine = this.#model.toString();
    const target = this.#targetOf(mine, theirs, isText);
    return target === null
      ? null
      : { isWhole: target === theirs, apply: () => this.#apply(mine, target, isText) };
  }

  #targetOf(mine: string, theirs: string, isText: boolean): string | null {
    if (mine === theirs || mine === this.#base) {
      return theirs;
    }
    return isText && this.#base !== null ? mergeLines(this.#base, mine, theirs) : null;
  }

  #apply(mine: string, target: string, isText: boolean): void {
    const shared: object = this.#model.sharedModel;
    if (mine === target) {
      return;
    }
    if (!isText || !isSharedText(shared)) {
      this.#model.fromString(target);
      return;
    }
    shared.transact(() => {
      for (const { start, end, text } of editsBetween(mine, target)) {
        shared.updateSource(start, end, text);
      }
    });
  }

  readonly #model: DocumentRegistry.IModel;
  #base: string | null = null;
}

/** With the line ends that JupyterLab uses inside; bytes as base64. */
function textOf({ content, format }: FileContent): string | null {
  if (typeof content !== 'string') {
    return null;
  }
  return format === 'text' ? content.replace(/\r\n?/g, '\n') : content;
}

/** Whether edits can be made in parts of it. */
export function isSharedText(shared: object): shared is SharedText {
  return 'updateSource' in shared && 'transact' in shared;
}
