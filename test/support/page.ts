import type { Contents, ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import { Credentials } from '../../src/cloud/credentials';
import { buildProjects } from '../../src/model/create-projects';
import type { KernelServices } from '../../src/model/create-projects';
import type { Projects } from '../../src/model/projects';
import { DEFAULT_SETTINGS } from '../../src/model/settings';
import type { Settings, SettingsSource } from '../../src/model/settings';

/** Settings that a test changes. */
class TestSettings implements SettingsSource {
  constructor(public current: Settings) {}

  readonly changed = new Signal<unknown, void>(this);
}

/** What a browser keeps: a page that goes leaves it to the next. */
export class BrowserStorage implements Credentials.Keep {
  getItem(name: string): string | null {
    return this.#kept.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#kept.set(name, value);
  }

  removeItem(name: string): void {
    this.#kept.delete(name);
  }

  readonly #kept = new Map<string, string>();
}

/** The model as a page of JupyterLab has it, without the page. */
export function openPage(options: {
  readonly contents: Contents.IManager;
  readonly serverSettings: ServerConnection.ISettings;
  /** The cloud's API base. */
  readonly cloudUrl: string;
  readonly storage: BrowserStorage;
  /** Default: a server without kernels. */
  readonly services?: KernelServices;
  /** Default: it syncs when it is told to only. */
  readonly settings?: Partial<Settings>;
  readonly onError: (error: unknown) => void;
}): Projects {
  const { contents, serverSettings, cloudUrl, storage, services, settings, onError } = options;
  return buildProjects({
    contents,
    serverSettings,
    services: services ?? null,
    settings: new TestSettings({ ...DEFAULT_SETTINGS, cloudUrl, autoSync: false, ...settings }),
    credentials: new Credentials({ jupyterUrl: serverSettings.baseUrl, storage, events: null }),
    trans: nullTranslator.load('jupyterlab_projects'),
    onError
  });
}
