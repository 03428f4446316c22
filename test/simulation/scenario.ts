import type { Folding } from '../../src/sync/fold';
import type { ConflictPolicy } from '../../src/sync/reconcile';
import type { ConflictChoice } from '../../src/sync/resolve';
import type { Edit } from './documents';
import type { Fault } from './world';

/** Who acts: the person at a device, or somebody in the cloud. */
export type Who = 'd0' | 'd1' | 'cloud';

/** What a person does. A number for a path picks one of those that are there. */
export type Act =
  | {
      readonly act: 'write';
      readonly who: Who;
      readonly path: string | number;
      readonly text: string;
    }
  | { readonly act: 'remove'; readonly who: Who; readonly path: string | number }
  | { readonly act: 'mkdir'; readonly who: Who; readonly path: string }
  | {
      readonly act: 'rename';
      readonly who: Who;
      readonly path: string | number;
      readonly to: string;
    }
  | { readonly act: 'swap'; readonly who: Who; readonly path: string | number; readonly to: number }
  /** A file becomes a folder, or a folder a file. */
  | {
      readonly act: 'turn';
      readonly who: Who;
      readonly path: string | number;
      readonly text: string;
    }
  /** One piece of a document: a line, or a notebook's cell. */
  | {
      readonly act: 'edit';
      readonly who: Who;
      readonly path: string | number;
      readonly edit: Edit;
    }
  /** A file of the very name that a conflict copy of the path's content would take. */
  | {
      readonly act: 'squat';
      readonly who: Who;
      readonly path: string | number;
      readonly text: string;
    }
  /** The project's folder is moved away, and later brought back. */
  | { readonly act: 'unroot'; readonly who: Who; readonly leave: 'nothing' | 'file' | 'folder' }
  | { readonly act: 'reroot'; readonly who: Who };

/** What a device is told to do. A choice is for one of its open conflicts; where there is none it syncs. */
export type Errand =
  | 'sync'
  | 'pull'
  | 'push'
  | 'verify'
  | 'approve'
  | 'restore'
  | 'keep-local'
  | 'keep-cloud'
  | 'keep-both';

/** A run of a device, in one of its tabs. */
export interface Going {
  readonly device: number;
  readonly tab?: 0 | 1;
  /** Default: sync. */
  readonly errand?: Errand;
}

/** A fault from a request on; it befalls the first that can suffer it, and whose label starts with `on`. */
export interface Trouble {
  readonly at: number;
  readonly fault: Fault;
  readonly on?: string;
}

/** Some offline work, then runs of some devices at once, disturbed while they go on. */
export interface Episode {
  readonly before: readonly Act[];
  readonly runs: readonly Going[];
  /** `at`: how many requests the episode has served by then. */
  readonly during: readonly { readonly at: number; readonly act: Act }[];
  readonly faults: readonly Trouble[];
  /** Nothing new fits on the disks, and the cloud takes no content, all the time. */
  readonly tight?: boolean;
}

/** All that a simulated run is made of: the same scenario always goes the same way. */
export interface Scenario {
  readonly seed: number;
  readonly devices: 1 | 2;
  readonly policy: ConflictPolicy;
  /** What people choose at the end where the policy is to ask. */
  readonly choice: ConflictChoice;
  readonly syncHidden: boolean;
  /** `turns`: of two tabs one runs at a time, and takes up what the other saved; `at-once`: neither knows of the other. */
  readonly tabs: 'one' | 'turns' | 'at-once';
  readonly hashes: boolean;
  readonly raw: boolean;
  readonly reversed: boolean;
  readonly trash: boolean;
  /** Ms. */
  readonly granularity: number;
  readonly pageSize: number;
  /** Ms, of each device's Jupyter server. */
  readonly skews: readonly number[];
  /** Which names each device's disk takes for one. */
  readonly foldings: readonly (Folding | null)[];
  /** A path that the first device's server can't touch. */
  readonly cursed: string | null;
  readonly word: 'approve' | 'restore';
  readonly episodes: readonly Episode[];
}
