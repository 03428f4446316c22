import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { CloudEvents } from '../cloud/events';
import type { CloudSession } from './cloud-session';
import type { Presence } from './presence';
import type { Registry } from './registry';

/** What the cloud tells of changes, as whoever is signed in hears it. */
export class CloudHints implements IDisposable {
  constructor(options: CloudHints.IOptions) {
    this.#options = options;
    options.registry.changed.connect(this.#follow, this);
  }

  /** Fires with the project's id; null where it may be any. */
  get changed(): ISignal<this, string | null> {
    return this.#changed;
  }

  /** Fires when there may be other projects, or other permissions. */
  get projectsChanged(): ISignal<this, void> {
    return this.#projectsChanged;
  }

  /** Fires when `isOpen` may have changed. */
  get stateChanged(): ISignal<this, void> {
    return this.#stateChanged;
  }

  /** Whether each change is told at once. */
  get isOpen(): boolean {
    return this.#events?.state === 'open';
  }

  start(): void {
    this.#isOn = true;
    this.#follow();
  }

  stop(): void {
    this.#isOn = false;
    this.#follow();
  }

  wake(reason: Presence.Reason): void {
    this.#events?.wake(reason);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#events?.dispose();
    this.#events = null;
    Signal.clearData(this);
  }

  /** Listens to the cloud that is set, with the key that it knows the person by. */
  #follow(): void {
    const { session } = this.#options.registry;
    const key = this.#isOn && !this.#isDisposed && session.account ? session.key : null;
    if (session === this.#session && key === this.#key) {
      return;
    }
    this.#events?.dispose();
    this.#session = session;
    this.#key = key;
    this.#events = key === null ? null : this.#listen(session);
    this.#stateChanged.emit();
  }

  #listen(session: CloudSession): CloudEvents {
    const events = new CloudEvents({ client: session.client });
    events.connected.connect(() => this.#changed.emit(null));
    events.changed.connect((_, { type, projectId }) => {
      if (type !== 'project.changed') {
        this.#projectsChanged.emit();
      }
      this.#changed.emit(projectId);
    });
    events.stateChanged.connect(() => this.#stateChanged.emit());
    events.start();
    return events;
  }

  readonly #options: CloudHints.IOptions;
  readonly #changed = new Signal<this, string | null>(this);
  readonly #projectsChanged = new Signal<this, void>(this);
  readonly #stateChanged = new Signal<this, void>(this);
  #events: CloudEvents | null = null;
  #session: CloudSession | null = null;
  #key: string | null = null;
  #isOn = false;
  #isDisposed = false;
}

export namespace CloudHints {
  export interface IOptions {
    readonly registry: Registry;
  }
}
