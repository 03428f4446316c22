import type { IDisposable } from '@lumino/disposable';

import { sleep } from '../cloud/backoff';
import { randomId } from '../cloud/random-id';
import type { StateStorage } from '../state/storage';
import { LeaseFile } from './lease-file';
import type { LeaseProgress, LeaseRecord, LeaseText } from './lease-file';
import { LeaseHold } from './lease-hold';

/** How long a lease holds that nobody renews, in ms. */
const TTL = 24_000;
/** How often one that is waited for is looked at, in ms; and how soon one that was taken is looked at again. */
const POLL = 1000;
/** The shortest time that somebody who takes it at the same moment is given to write, in ms. */
const SETTLE = 100;

/**
 * Which browser may change things: a file on the Jupyter server that says who does, renewed while they do. It keeps apart
 * what Web Locks can't: two browsers, and two pages on plain http.
 *
 * #### Notes
 * No clock is compared with another: a lease is stale when this page saw its file unchanged for the time to live. The file
 * is never deleted, since that would fill the person's trash.
 *
 * The contents API has no compare-and-swap. Who takes a lease writes it, waits twice as long as that took, and has it when the
 * file still says so. A window remains: of two that read a free lease at the same moment, the second's write may arrive
 * after the first has looked again. Both have it then, until the first looks next: one second after it took it, and in each third
 * of the time to live. The preconditions of every write keep the files safe meanwhile.
 *
 * A page that gave it back and finds it as it left it may begin while it settles, with writes that check their precondition in the
 * same step; nothing is saved before it has settled.
 */
export class Lease implements IDisposable {
  constructor(options: Lease.IOptions) {
    this.#file = new LeaseFile(options.storage);
    this.#page = options.page ?? randomId();
    this.#owner = options.browser ?? this.#page;
    this.#clock = options.clock ?? BROWSER_CLOCK;
    this.#onError = options.onError;
    this.#ttl = options.ttl ?? TTL;
  }

  get isHeld(): boolean {
    return this.#holds.size > 0;
  }

  /** Since `caughtUp` another page wrote the lease: what this one remembers of the state may be outdated. */
  get hadOthers(): boolean {
    return this.#hadOthers;
  }

  /** What the others saved is known here now. */
  caughtUp(): void {
    this.#hadOthers = false;
  }

  /**
   * Takes it, waiting for as long as another has it.
   *
   * @throws StateError `not-saved` when it can't be read or written; the signal's reason when that is aborted
   */
  async take(options: Lease.ITakeOptions & Lease.IWaitOptions): Promise<LeaseHold> {
    for (;;) {
      const taken = await this.tryTake(options);
      if (taken instanceof LeaseHold) {
        return taken;
      }
      options.onWait?.(taken);
      await this.#clock.sleep(POLL * (0.75 + Math.random() / 2), options.signal);
    }
  }

  /**
   * Takes it when nobody else has it. While this page has it, a further hold costs nothing.
   *
   * @returns the hold; else what the other's lease says, null where that can't be read now
   * @throws as `take`
   */
  async tryTake(options: Lease.ITakeOptions): Promise<LeaseHold | LeaseRecord | null> {
    for (let collisions = 0; ; collisions++) {
      if (this.isHeld) {
        if (options.isEager !== true) {
          await this.#settled;
        }
        if (this.isHeld) {
          return this.#newHold();
        }
        continue;
      }
      const began = this.#clock.now();
      const read = await this.#file.read();
      const found = read?.record ?? null;
      if (read && !this.#isFree(read, options.isTurn)) {
        if (!this.#isSibling(found)) {
          return found;
        }
        this.#hadOthers = true;
        return new LeaseHold(SIBLINGS);
      }
      await this.#write(this.#owner, found);
      const took = this.#clock.now() - began;
      const settle = Math.max(SETTLE, 2 * took) * (1 + Math.random() / 2);
      if (options.isEager === true && found?.owner === null && found.page === this.#page) {
        const hold = this.#newHold();
        this.#settled = this.#settle(settle);
        return hold;
      }
      try {
        await this.#clock.sleep(settle, options.signal);
        if (await this.#mine()) {
          this.#hadOthers ||= found?.page !== this.#page;
          return this.#newHold();
        }
        const pause = SETTLE * 2 ** Math.min(collisions, 4) * Math.random();
        await this.#clock.sleep(pause, options.signal);
      } catch (error) {
        await this.#giveBack();
        throw error;
      }
    }
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** What holds there are, are lost. */
  dispose(): void {
    this.#isDisposed = true;
    this.#lose();
  }

  #newHold(): LeaseHold {
    const hold = new LeaseHold(this.#keeper);
    this.#holds.add(hold);
    if (this.#holds.size === 1) {
      this.#looked();
      this.#keep().catch(this.#onError);
    }
    return hold;
  }

  /** Looks whether it is still this page's after so many ms; never rejects. */
  async #settle(pause: number): Promise<void> {
    const kept = this.#kept?.signal;
    try {
      await this.#clock.sleep(pause, kept);
    } catch {
      return;
    }
    let isMine = false;
    try {
      isMine = (await this.#mine()) !== null;
    } catch (error) {
      this.#onError(error);
    }
    if (!isMine && kept?.aborted === false) {
      this.#lose();
    }
  }

  /** Looks at it, and renews it, for as long as it is held. */
  async #keep(): Promise<void> {
    const kept = new AbortController();
    this.#kept = kept;
    for (let pause = POLL; ; pause = this.#ttl / 3) {
      try {
        await this.#clock.sleep(pause, kept.signal);
      } catch {
        return;
      }
      await this.#renew().catch(this.#onError);
    }
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewNow().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #renewNow(): Promise<void> {
    this.#triedAt = this.#clock.now();
    try {
      const mine = await this.#mine();
      if (!mine) {
        this.#lose();
      } else if (this.isHeld) {
        await this.#write(this.#owner, mine);
        this.#looked();
      }
    } catch (error) {
      if (this.#age() >= this.#ttl) {
        this.#lose();
      }
      throw error;
    }
  }

  #lose(): void {
    const lost = [...this.#holds];
    this.#ended();
    this.#hadOthers = true;
    lost.forEach(hold => hold.lose());
  }

  #ended(): void {
    this.#holds.clear();
    this.#kept?.abort();
    this.#told = NOTHING_TOLD;
  }

  /** Never fails: who can't give it back harms nobody, it goes stale. */
  async #giveBack(): Promise<void> {
    try {
      await this.#renewing?.catch(this.#onError);
      // It may be a stranger's by now, or one more hold of this page's.
      const mine = await this.#mine();
      if (mine && !this.isHeld) {
        await this.#write(null, mine);
      }
    } catch (error) {
      this.#onError(error);
    }
  }

  #isFree({ text, record }: LeaseText, isTurn: boolean): boolean {
    const now = this.#clock.now();
    if (this.#seen?.text !== text) {
      this.#seen = { text, at: now };
    }
    if (record && (record.owner === null || record.page === this.#page)) {
      return true;
    }
    // Whoever has the turn knows that the page of this browser that had it is gone.
    return (isTurn && this.#isSibling(record)) || now - this.#seen.at >= this.#ttl;
  }

  /** Another page of this browser has it: Web Locks keep the two apart. */
  #isSibling(found: LeaseRecord | null): boolean {
    return found !== null && found.owner === this.#owner && found.page !== this.#page;
  }

  /** What the file says while it is this page's; else null. */
  async #mine(): Promise<LeaseRecord | null> {
    let read = await this.#file.read();
    if (read && !read.record) {
      // Somebody is writing it just now.
      await this.#clock.sleep(SETTLE);
      read = await this.#file.read();
    }
    const record = read?.record;
    return record?.owner === this.#owner && record.page === this.#page ? record : null;
  }

  #write(owner: string | null, before: LeaseRecord | null): Promise<void> {
    // A record of this page is never the same as an earlier one: that would be taken for a stale one.
    this.#sequence = Math.max(this.#sequence, before?.sequence ?? 0) + 1;
    return this.#file.write({
      owner,
      page: this.#page,
      sequence: this.#sequence,
      ...this.#told
    });
  }

  #looked(): void {
    this.#lookedAt = { now: this.#clock.now(), wall: this.#clock.wall() };
  }

  /** Since the last look, in ms: the longer that two clocks say, as one may stand still while the machine sleeps. */
  #age(): number {
    const { now, wall } = this.#lookedAt;
    return Math.max(this.#clock.now() - now, this.#clock.wall() - wall);
  }

  readonly #keeper: LeaseHold.Keeper = {
    renewWhenDue: async hold => {
      if (this.#holds.has(hold) && this.#age() >= this.#ttl / 3) {
        await this.#renew();
      }
    },
    settled: () => this.#settled,
    tell: (hold, projectId, progress) => {
      if (this.#holds.has(hold)) {
        this.#told = { projectId, progress };
        if (this.#clock.now() - this.#triedAt >= POLL) {
          this.#keeper.renewWhenDue(hold).catch(this.#onError);
        }
      }
    },
    release: async hold => {
      if (this.#holds.delete(hold) && !this.isHeld) {
        this.#ended();
        await this.#giveBack();
      }
    }
  };

  readonly #file: LeaseFile;
  readonly #owner: string;
  readonly #page: string;
  readonly #clock: Lease.Clock;
  readonly #onError: (error: unknown) => void;
  readonly #ttl: number;
  readonly #holds = new Set<LeaseHold>();
  #told: Told = NOTHING_TOLD;
  #hadOthers = false;
  #sequence = 0;
  /** What another's was when it was read last, and since when it is so. */
  #seen: { readonly text: string; readonly at: number } | null = null;
  #lookedAt = { now: 0, wall: 0 };
  #triedAt = -Infinity;
  #renewing: Promise<void> | null = null;
  /** Resolves when it is known whether what was taken is this page's. */
  #settled: Promise<void> = Promise.resolve();
  #kept: AbortController | null = null;
  #isDisposed = false;
}

export namespace Lease {
  export interface Clock {
    /** ms since some moment; grows steadily. */
    now(): number;
    /** ms since the epoch. */
    wall(): number;
    /** Rejects with the signal's reason when it is aborted before. */
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  }

  export interface IOptions {
    /** The state's folder. */
    readonly storage: Pick<StateStorage, 'read' | 'write'>;
    /** What all pages of this browser share, where Web Locks keep them apart; else null. */
    readonly browser?: string | null;
    /** Default: a random id. */
    readonly page?: string;
    readonly clock?: Clock;
    /** How long one holds that nobody renews, in ms; the same for all. */
    readonly ttl?: number;
    readonly onError: (error: unknown) => void;
  }

  export interface ITakeOptions {
    /** Whether this page has the turn among those of this browser. */
    readonly isTurn: boolean;
    /** Not to wait until it has settled where this page had it last: `LeaseHold.settled` does. Default false. */
    readonly isEager?: boolean;
    readonly signal?: AbortSignal;
  }

  export interface IWaitOptions {
    /** Called about once a second while another has it, with what its lease says. */
    readonly onWait?: (other: LeaseRecord | null) => void;
  }
}

interface Told {
  readonly projectId: string | null;
  readonly progress: LeaseProgress | null;
}

const NOTHING_TOLD: Told = { projectId: null, progress: null };

const BROWSER_CLOCK: Lease.Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep
};

/** Another page of this browser has the lease, and gives it back. */
const SIBLINGS: LeaseHold.Keeper = {
  renewWhenDue: () => Promise.resolve(),
  settled: () => Promise.resolve(),
  tell: () => undefined,
  release: () => Promise.resolve()
};
