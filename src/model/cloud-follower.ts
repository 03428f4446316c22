import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { Credentials } from '../cloud/credentials';
import { asProjectsError } from './errors';
import type { Registry } from './registry';
import type { SettingsSource } from './settings';

/** Follows the cloud that is set, and the key that the browser keeps for it. */
export class CloudFollower implements IDisposable {
  constructor(options: CloudFollower.IOptions) {
    this.#options = options;
    this.#cloudUrl = options.settings.current.cloudUrl;
    options.settings.changed.connect(this.#onSettingsChanged, this);
    options.credentials.changed.connect(this.#onCredentialsChanged, this);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  #onSettingsChanged(): void {
    const { settings, registry, onError } = this.#options;
    if (settings.current.cloudUrl !== this.#cloudUrl) {
      this.#cloudUrl = settings.current.cloudUrl;
      registry.changeCloud().catch(onError);
    }
  }

  /** Another tab signed in or out, or in with another key. */
  #onCredentialsChanged(credentials: Credentials): void {
    const { registry, onError } = this.#options;
    if (credentials.get(this.#cloudUrl) !== registry.session.key) {
      registry.refresh().catch(error => {
        if (asProjectsError(error).code === 'failed') {
          onError(error);
        }
      });
    }
  }

  readonly #options: CloudFollower.IOptions;
  #cloudUrl: string;
  #isDisposed = false;
}

export namespace CloudFollower {
  export interface IOptions {
    readonly registry: Registry;
    readonly settings: SettingsSource;
    readonly credentials: Credentials;
    readonly onError: (error: unknown) => void;
  }
}
