import type { Contents, ServerConnection, ServiceManager } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { Credentials } from '../cloud/credentials';
import { ContentsStorage } from '../local/contents-storage';
import { LocalReplicas } from '../local/local-replicas';
import { STATE_FILES } from '../state/generations';
import { StateStore } from '../state/store';
import { breather } from '../sync/breathe';
import { CloudSession } from './cloud-session';
import { Lease } from './lease';
import { leasedSave } from './leased-save';
import { HelperKeeper } from './helper-keeper';
import { LocalHints } from './local-hints';
import { ProjectIgnores } from './project-ignores';
import { Projects } from './projects';
import { Registry } from './registry';
import { RequestCounter } from './request-counter';
import { Runs } from './runs';
import { settingsFrom } from './settings';
import type { Settings, SettingsSource } from './settings';
import { SharedDrafts } from './shared-drafts';
import { Syncing } from './syncing';
import { Tabs } from './tabs';

/** Builds the model on a JupyterLab application's services. */
export function createProjects(options: {
  readonly serviceManager: ServiceManager.IManager;
  readonly settings: ISettingRegistry.ISettings;
  readonly translator: ITranslator;
}): Projects {
  const { serviceManager, settings, translator } = options;
  return buildProjects({
    contents: serviceManager.contents,
    serverSettings: serviceManager.serverSettings,
    services: serviceManager,
    settings: new RegistrySettings(settings),
    credentials: new Credentials({ jupyterUrl: serviceManager.serverSettings.baseUrl }),
    trans: translator.load('jupyterlab_projects'),
    onError: error => {
      console.error('jupyterlab-projects:', error);
    }
  });
}

/** What a server with kernels has. */
export type KernelServices = Pick<ServiceManager.IManager, 'kernels' | 'sessions' | 'kernelspecs'>;

/** Builds the model on parts that are given. */
export function buildProjects(parts: {
  readonly contents: Contents.IManager;
  readonly serverSettings: ServerConnection.ISettings;
  /** null where there are no kernels. */
  readonly services: KernelServices | null;
  readonly settings: SettingsSource;
  readonly credentials: Credentials;
  readonly trans: TranslationBundle;
  readonly onError: (error: unknown) => void;
}): Projects {
  const { contents, serverSettings, services, settings, credentials, trans, onError } = parts;
  const counter = new RequestCounter();
  const onRequest = counter.toJupyter;
  const tabs = new Tabs({ jupyterUrl: serverSettings.baseUrl });
  const { stateFolder } = settings.current;
  const storage = new ContentsStorage({
    contents,
    serverSettings,
    folder: stateFolder,
    onRequest
  });
  const lease = new Lease({ storage, browser: tabs.browser, page: tabs.page, onError });
  const runs = new Runs({ tabs, lease });
  const ownFile = `${stateFolder}/${STATE_FILES[0]}`;
  const registry = new Registry({
    stateFolder,
    openStore: () =>
      StateStore.open({
        storage,
        exclusively: work => tabs.alone(() => leasedSave(lease, work)),
        breathe: breather(),
        newestMark: () => tabs.newestMark,
        afterSave: mark => tabs.tellSaved(mark),
        onProblem: message => onError(new Error(message))
      }),
    openSession: () =>
      new CloudSession({
        cloudUrl: settings.current.cloudUrl,
        credentials,
        onRequest: counter.toCloud
      }),
    tabs,
    onError
  });
  const ignores = new ProjectIgnores({
    registry,
    settings,
    sharedIgnores: id => registry.session.replicas.sharedIgnores(id)
  });
  const helper = new HelperKeeper({
    registry,
    settings,
    ignores,
    load:
      services &&
      (async () => {
        const { HelperKernel } = await import('../local/helper/kernel');
        const { sessions, kernelspecs } = services;
        const lock = <T>(work: () => Promise<T>) => tabs.oneByOne('helper', work);
        return new HelperKernel({
          kernelspecs,
          sessions,
          contents,
          serverSettings,
          stateFolder,
          lock,
          onRequest
        });
      }),
    onError
  });
  const local = new LocalReplicas({
    contents,
    serverSettings,
    stateFolder,
    ownFile,
    projects: () => registry.linked().map(({ path }) => path),
    helper: () => helper.use(),
    onRequest
  });
  const drafts = new SharedDrafts({ tabs });
  const syncing = new Syncing({
    registry,
    drafts,
    runs,
    settings,
    counter,
    localReplica: async ({ path }) => {
      await helper.settled();
      return local.at(path);
    },
    cloudReplica: ({ id }) => registry.session.replicas.replica(id),
    ignores,
    onHelperFailed: error => helper.failed(error),
    trans,
    onError
  });
  return new Projects({
    registry,
    runs,
    syncing,
    drafts,
    settings,
    contents,
    ignores,
    helper,
    localHints: new LocalHints({
      contents,
      serverSettings,
      kernels: services?.kernels ?? null,
      helper,
      settings,
      onError
    }),
    credentials,
    trans,
    onError
  });
}

/** The settings of the registry, as the model uses them. */
class RegistrySettings implements SettingsSource {
  constructor(settings: ISettingRegistry.ISettings) {
    this.current = settingsFrom(settings.composite);
    settings.changed.connect(this.#onChanged, this);
  }

  current: Settings;

  get changed(): ISignal<unknown, void> {
    return this.#changed;
  }

  #onChanged({ composite }: ISettingRegistry.ISettings): void {
    this.current = settingsFrom(composite);
    this.#changed.emit();
  }

  readonly #changed = new Signal<this, void>(this);
}
