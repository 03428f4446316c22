import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { HelperError } from './helper-error';
import { unzip, zip } from './zip';
import { trans } from '../../sync/words';

/** Arguments of more characters go compressed into a buffer. */
const INLINE = 1024;
/** After so long without a reply it is asked what became of the request; ms. */
const SILENCE = 4000;
/** So many unanswered questions in a row, and nobody is there. */
const QUESTIONS = 3;
/** The same before the first answer, which needs no work; ms. */
const FIRST_SILENCE = 1000;
/** A second message soon after the first makes the server's socket send the reply without its usual wait; ms. */
const NUDGE = 8;
/** After so many hints in a row the program is told that somebody still hears them. */
const HINTS_PER_ACKNOWLEDGEMENT = 12;

/** Changed paths by project root; null: any below the root. */
export type Hints = ReadonlyMap<string, readonly string[] | null>;

export interface Reply<T> {
  readonly result: T;
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Requests to the program in the helper kernel, and its hints, by one comm.
 *
 * #### Notes
 * Messages may be lost or come twice: each request has an id, by which the program does it once, and by which it is asked for
 * again while no reply comes. Every message from the program tells how many hints there were: when one was lost,
 * `hints` fires with null.
 */
export class HelperChannel implements IDisposable {
  constructor(kernel: HelperChannel.IKernel, target: string, options: HelperChannel.IOptions = {}) {
    this.#comm = kernel.createComm(target);
    this.#silence = options.silence ?? SILENCE;
    this.#onRequest = options.onRequest ?? (() => undefined);
    this.#comm.onMsg = message => this.#receive(message);
    this.#comm.onClose = () =>
      this.#lose('closed', trans.__('The helper kernel closed the connection.'));
  }

  /** Fires with what changed; with null when that can't be told. */
  get hints(): ISignal<this, Hints | null> {
    return this.#hints;
  }

  /** Fires once, when nobody answers any more; not when it is disposed. */
  get lost(): ISignal<this, HelperError> {
    return this.#lost;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (!this.#isDisposed) {
      this.#isDisposed = true;
      Signal.clearData(this);
      this.#lose('off', trans.__('The helper kernel is not used any more.'));
      try {
        this.#comm.close();
      } catch {
        // There is no kernel that could be told.
      }
    }
  }

  /** The name of the program's run: another one after each start. '' until the channel is open. */
  get instance(): string {
    return this.#instance;
  }

  /** @throws a `HelperError` where the kernel has no such program */
  async open(): Promise<void> {
    const { result } = await this.#add<{ own: string }>({ op: 'hello' }, [], data =>
      this.#comm.open(data)
    );
    this.#instance = result.own;
  }

  /**
   * @param buffers - together at most 8 MB: a longer message closes the websocket
   * @returns the program's answer: its shape is that of the program of the same version
   *
   * @throws a `HelperError` with the program's code, or `lost`; the signal's reason when aborted, while the program may still be at it
   */
  async request<T>(
    op: string,
    args: object = {},
    options: HelperChannel.IRequestOptions = {}
  ): Promise<Reply<T>> {
    const { signal, buffers = [] } = options;
    const text = JSON.stringify(args);
    const isLong = text.length > INLINE;
    const packed = isLong ? [await zip(args)] : [];
    const data: JSONObject = isLong ? { op, packed: true } : { op, args: JSON.parse(text) };
    signal?.throwIfAborted();
    const send = (message: JSONObject, own: readonly Uint8Array<ArrayBuffer>[]) => {
      // The wire takes whole buffers, whatever part of one is meant.
      const whole = own.map(each => (isWhole(each) ? each.buffer : each.slice().buffer));
      this.#comm.send(message, {}, whole);
    };
    return this.#add<T>(data, [...packed, ...buffers], send, signal);
  }

  #add<T>(
    data: JSONObject,
    buffers: readonly Uint8Array<ArrayBuffer>[],
    send: Send,
    signal?: AbortSignal
  ): Promise<Reply<T>> {
    this.#number += 1;
    const id = `${this.#comm.commId.slice(0, 8)}-${this.#number}`;
    return new Promise<Reply<T>>((resolve, reject) => {
      if (this.#end) {
        reject(this.#end);
        return;
      }
      const message = { ...data, id };
      const abort = () => {
        this.#post({ op: 'cancel', of: id });
        this.#settle(id)?.reject(signal?.reason);
      };
      const pending: Pending = {
        resolve: reply => resolve(reply as Reply<T>),
        reject,
        send: () => send(message, buffers),
        forget: () => signal?.removeEventListener('abort', abort),
        questions: 0,
        timer: null
      };
      this.#pending.set(id, pending);
      signal?.addEventListener('abort', abort);
      this.#onRequest();
      this.#send(id, pending);
    });
  }

  #send(id: string, pending: Pending): void {
    this.#unacknowledged = 0;
    try {
      pending.send();
    } catch (error) {
      this.#lose('lost', trans.__('The helper kernel can not be reached.'), error);
      return;
    }
    this.#watch(id, pending);
    this.#nudge();
  }

  #watch(id: string, pending: Pending): void {
    clearTimeout(pending.timer ?? undefined);
    pending.timer = setTimeout(() => this.#ask(id, pending), this.#patience());
  }

  #patience(): number {
    return this.#instance === '' ? Math.min(FIRST_SILENCE, this.#silence) : this.#silence;
  }

  #ask(id: string, pending: Pending): void {
    if (pending.questions >= QUESTIONS) {
      this.#lose('lost', trans.__('The helper kernel does not answer.'));
      return;
    }
    pending.questions += 1;
    this.#post({ op: 'ask', of: id });
    this.#watch(id, pending);
    this.#nudge();
  }

  #nudge(): void {
    if (this.#nudging === null) {
      this.#nudging = setTimeout(() => {
        this.#nudging = null;
        if (this.#pending.size > 0) {
          this.#post({ op: 'nudge' });
        }
      }, NUDGE);
    }
  }

  /** A message that needs no reply. */
  #post(data: JSONObject): void {
    if (this.#end) {
      return;
    }
    try {
      this.#comm.send(data);
    } catch (error) {
      this.#lose('lost', trans.__('The helper kernel can not be reached.'), error);
    }
  }

  #receive(message: KernelMessage.ICommMsgMsg): void {
    const data: Message = messageOf(message.content.data);
    this.#count(data);
    if (data.id === undefined) {
      return;
    }
    const pending = this.#pending.get(data.id);
    if (!pending) {
      return;
    }
    if (data.state !== undefined) {
      pending.questions = 0;
      if (data.state === 'unknown') {
        this.#send(data.id, pending);
      }
      return;
    }
    this.#settle(data.id);
    if (data.error !== undefined) {
      pending.reject(
        new HelperError(data.error, trans.__('The helper kernel: %1', data.message ?? ''))
      );
      return;
    }
    const buffers = (message.buffers ?? []).map(bytesOf);
    if (data.packed !== true) {
      pending.resolve({ result: data.result, buffers });
      return;
    }
    // A handler that returned this promise would hold up every message of the kernel.
    void unzip(buffers[0] ?? new Uint8Array()).then(
      result => pending.resolve({ result, buffers: buffers.slice(1) }),
      (error: unknown) =>
        pending.reject(
          new HelperError('unexpected', trans.__('The helper kernel sent what can not be read.'), {
            cause: error
          })
        )
    );
  }

  #count(data: Message): void {
    const told = data.hints ? 1 : 0;
    const isComplete = data.count === this.#heard + told;
    if (!isComplete && data.count <= this.#heard) {
      // An older message came again.
      return;
    }
    this.#heard = data.count;
    if (!isComplete) {
      this.#hints.emit(null);
    } else if (data.hints) {
      this.#unacknowledged += 1;
      if (this.#unacknowledged >= HINTS_PER_ACKNOWLEDGEMENT) {
        this.#unacknowledged = 0;
        this.#post({ op: 'ack' });
      }
      this.#hints.emit(new Map(Object.entries(data.hints)));
    }
  }

  #settle(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending) {
      this.#pending.delete(id);
      clearTimeout(pending.timer ?? undefined);
      pending.forget();
    }
    return pending;
  }

  #lose(reason: string, message: string, cause?: unknown): void {
    if (this.#end) {
      return;
    }
    const error = new HelperError(reason, message, { cause });
    this.#end = error;
    clearTimeout(this.#nudging ?? undefined);
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id)?.reject(error);
    }
    this.#lost.emit(error);
  }

  readonly #comm: HelperChannel.IComm;
  readonly #silence: number;
  readonly #onRequest: () => void;
  readonly #pending = new Map<string, Pending>();
  readonly #hints = new Signal<this, Hints | null>(this);
  readonly #lost = new Signal<this, HelperError>(this);
  #instance = '';
  #number = 0;
  #heard = 0;
  #unacknowledged = 0;
  #nudging: ReturnType<typeof setTimeout> | null = null;
  #end: HelperError | null = null;
  #isDisposed = false;
}

export namespace HelperChannel {
  /** The part of a kernel connection that is needed. */
  export interface IKernel {
    createComm(target: string): IComm;
  }

  /** The part of a comm that is needed. */
  export interface IComm {
    readonly commId: string;
    open(data?: JSONValue): unknown;
    send(data: JSONValue, metadata?: JSONObject, buffers?: ArrayBuffer[]): unknown;
    close(): unknown;
    onMsg: Kernel.IComm['onMsg'];
    onClose: Kernel.IComm['onClose'];
  }

  export interface IOptions {
    /** How long a reply may take before the program is asked for it; ms. */
    readonly silence?: number | undefined;
    /** Called once for each request. */
    readonly onRequest?: (() => void) | undefined;
  }

  export interface IRequestOptions {
    readonly signal?: AbortSignal | undefined;
    readonly buffers?: readonly Uint8Array<ArrayBuffer>[];
  }
}

interface Pending {
  resolve(reply: Reply<unknown>): void;
  reject(error: unknown): void;
  send(): void;
  forget(): void;
  questions: number;
  timer: ReturnType<typeof setTimeout> | null;
}

type Send = (message: JSONObject, buffers: readonly Uint8Array<ArrayBuffer>[]) => void;

/** What the program sends. */
interface Message {
  /** Of the request; left out in hints. */
  readonly id?: string;
  /** How many hints were sent so far, this one included. */
  readonly count: number;
  readonly hints?: Readonly<Record<string, readonly string[] | null>>;
  readonly state?: 'working' | 'unknown';
  readonly error?: string;
  readonly message?: string;
  /** The result is in the first buffer. */
  readonly packed?: boolean;
  readonly result?: unknown;
}

function isWhole(bytes: Uint8Array<ArrayBuffer>): boolean {
  return bytes.byteLength === bytes.buffer.byteLength;
}

function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(buffer)) {
    return new Uint8Array(buffer);
  }
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
}

/** The program of the same version wrote it; what another one writes on this comm is no message of ours. */
function messageOf(data: JSONValue): Message {
  const isOne = typeof data === 'object' && data !== null && !Array.isArray(data);
  const value: object = isOne ? data : {};
  return { count: 0, ...value };
}
