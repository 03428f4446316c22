import type { ISignal } from '@lumino/signaling';

import type { ConflictPolicy } from '../sync/reconcile';
import type { ChangeSource } from '../tokens';

/** The person's settings, as the model uses them. */
export interface Settings {
  /** The API base, as `https://host/api/projects`; '' when none is set. */
  readonly cloudUrl: string;
  /** Relative to the Jupyter root. */
  readonly projectsFolder: string;
  /** Relative to the Jupyter root. Read once, when the page opens. */
  readonly stateFolder: string;
  readonly autoSync: boolean;
  /** Seconds. */
  readonly syncInterval: number;
  readonly conflictPolicy: ConflictPolicy;
  readonly ignore: readonly string[];
  readonly syncHidden: boolean;
  /** Whether a helper may run in a kernel of its own. */
  readonly helperKernel: 'auto' | 'off';
  /** Whether open documents follow their files. */
  readonly followDisk: boolean;
  /** Whether they heed what a sync wrote. */
  readonly followSyncs: boolean;
  /** Whether they heed what the helper kernel sees. */
  readonly followHelper: boolean;
  /** Whether they heed what the Jupyter server tells of its clients. */
  readonly followServer: boolean;
  /** Whether their files are looked at when nobody told of a change. */
  readonly followLooks: boolean;
  /** Names of further model factories whose documents do. */
  readonly followDiskFactories: readonly string[];
  /** Whether the file browser shows the status of files in projects. */
  readonly fileBrowserBadges: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  cloudUrl: '',
  projectsFolder: 'Projects',
  stateFolder: 'Projects/_state',
  autoSync: true,
  syncInterval: 30,
  conflictPolicy: 'merge',
  ignore: [],
  syncHidden: false,
  helperKernel: 'auto',
  followDisk: true,
  followSyncs: true,
  followHelper: true,
  followServer: true,
  followLooks: true,
  followDiskFactories: [],
  fileBrowserBadges: true
};

/** Those that are on or off. */
type Flag = {
  [Name in keyof Settings]: Settings[Name] extends boolean ? Name : never;
}[keyof Settings];

/** Which setting turns off whom. */
const HEEDED = {
  sync: 'followSyncs',
  helper: 'followHelper',
  server: 'followServer',
  kernels: 'followLooks',
  look: 'followLooks'
} as const satisfies Record<ChangeSource | 'look', Flag>;

const POLICIES: readonly ConflictPolicy[] = ['merge', 'keep-both', 'ask'];

/** Seconds; more often would keep a server busy. */
const SHORTEST_INTERVAL = 5;

/** Where settings come from, and go on to. */
export interface SettingsSource {
  readonly current: Settings;
  readonly changed: ISignal<unknown, void>;
}

/** Takes what fits of a settings file, and the defaults for the rest: a person may have written anything there. */
export function settingsFrom(composite: Readonly<Record<string, unknown>>): Settings {
  const text = (name: 'cloudUrl' | 'projectsFolder' | 'stateFolder') => {
    const value = composite[name];
    return typeof value === 'string' ? value.trim() : DEFAULT_SETTINGS[name];
  };
  const flag = (name: Flag) => {
    const value = composite[name];
    return typeof value === 'boolean' ? value : DEFAULT_SETTINGS[name];
  };
  const lines = (name: 'ignore' | 'followDiskFactories') => {
    const value = composite[name];
    return Array.isArray(value) ? value.filter(line => typeof line === 'string') : [];
  };
  const { syncInterval, conflictPolicy } = composite;
  return {
    cloudUrl: text('cloudUrl').replace(/\/+$/, ''),
    projectsFolder: trimSlashes(text('projectsFolder')),
    stateFolder: trimSlashes(text('stateFolder')) || DEFAULT_SETTINGS.stateFolder,
    autoSync: flag('autoSync'),
    syncInterval:
      typeof syncInterval === 'number' && syncInterval > 0
        ? Math.max(SHORTEST_INTERVAL, syncInterval)
        : DEFAULT_SETTINGS.syncInterval,
    conflictPolicy:
      POLICIES.find(policy => policy === conflictPolicy) ?? DEFAULT_SETTINGS.conflictPolicy,
    ignore: lines('ignore'),
    syncHidden: flag('syncHidden'),
    helperKernel: composite['helperKernel'] === 'off' ? 'off' : DEFAULT_SETTINGS.helperKernel,
    followDisk: flag('followDisk'),
    followSyncs: flag('followSyncs'),
    followHelper: flag('followHelper'),
    followServer: flag('followServer'),
    followLooks: flag('followLooks'),
    followDiskFactories: lines('followDiskFactories'),
    fileBrowserBadges: flag('fileBrowserBadges')
  };
}

/** Whether open documents are to heed who tells of a change; 'look': nobody did, but now is a good moment to look. */
export function isHeeded(settings: Settings, source: ChangeSource | 'look'): boolean {
  return settings.followDisk && settings[HEEDED[source]];
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
