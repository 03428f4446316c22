import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import { ancestorsOf } from '../sync/path';
import type { SyncReport } from '../tokens';
import { CloudHints } from './cloud-hints';
import { asProjectsError } from './errors';
import type { HelperKeeper } from './helper-keeper';
import { LastResort } from './last-resort';
import type { LocalHints } from './local-hints';
import type { Overview } from './overview';
import type { Scope } from './pending';
import { Presence } from './presence';
import type { ProjectIgnores } from './project-ignores';
import type { Registry } from './registry';
import type { Runs } from './runs';
import { Scheduler } from './scheduler';
import type { SettingsSource } from './settings';
import type { Syncing } from './syncing';

/** How long a page that nobody looks at lets the others come first, in ms. */
const HIDDEN_DELAY = 3000;
/** How long changes of projects and permissions may come in before they are looked at together, in ms. */
const PROJECTS_QUIET = 300;

/**
 * The syncs that nobody asked for: woken by hints, and as a last resort from time to time while the page is visible, at the
 * interval of the settings where hints may be missing; only of projects that are not paused, and while the cloud answers.
 */
export class Unasked implements IDisposable {
  constructor(options: Unasked.IOptions) {
    this.#options = options;
    const { registry, runs, settings, ignores, localHints, helper, onError } = options;
    this.#cloudHints = new CloudHints({ registry });
    this.#scheduler = new Scheduler({
      projects: () => this.#watched(),
      isLeftOut: (id, path) => {
        const project = registry.tied(id);
        const isIgnored = project && ignores.of(project);
        return (
          !isIgnored ||
          isIgnored(path, 'file') ||
          ancestorsOf(path).some(above => isIgnored(above, 'directory'))
        );
      },
      run: (id, scope) => this.#sync(id, scope),
      delay: () => (this.#presence.isHidden ? HIDDEN_DELAY : 0),
      onError
    });
    this.#lastResort = new LastResort({
      look: () => this.#lookAround(),
      interval: () => settings.current.syncInterval * 1000,
      isCalm: () => this.#isCalm(),
      onError
    });
    this.#projects = new Debouncer(() => this.#refresh(), PROJECTS_QUIET);
    localHints.changed.connect((_, paths) => this.#scheduler.here(paths), this);
    localHints.seen.connect((_, paths) => this.#scheduler.here(paths, 'never'), this);
    // What a run writes through this page is told while it runs.
    localHints.saved.connect((_, paths) => this.#scheduler.here(paths, 'at-once'), this);
    this.#cloudHints.changed.connect((_, id) => this.#inCloud(id), this);
    this.#cloudHints.projectsChanged.connect(() => {
      this.#projects.invoke().catch(onError);
    }, this);
    this.#cloudHints.stateChanged.connect(this.#pace, this);
    helper.changed.connect(this.#pace, this);
    registry.changed.connect(this.#pace, this);
    this.#presence.back.connect(this.#onBack, this);
    runs.changed.connect(this.#onRunsChanged, this);
    settings.changed.connect(this.#apply, this);
    registry.ready
      .then(() => {
        this.#isReady = true;
        this.#apply();
      })
      .catch(onError);
  }

  get isDisposed(): boolean {
    return this.#lastResort.isDisposed;
  }

  dispose(): void {
    this.#lastResort.dispose();
    this.#projects.dispose();
    this.#scheduler.dispose();
    this.#presence.dispose();
    this.#cloudHints.dispose();
    this.#options.localHints.dispose();
    Signal.clearData(this);
  }

  #watched() {
    return this.#isOnline ? this.#options.registry.linked().filter(({ paused }) => !paused) : [];
  }

  get #isOnline(): boolean {
    const { settings, overview } = this.#options;
    return settings.current.autoSync && overview.connection === 'online';
  }

  /** Whether all was well with each project when it was looked at last, and each change since is told. */
  #isCalm(): boolean {
    const { helper, runs } = this.#options;
    return (
      this.#isOnline &&
      this.#cloudHints.isOpen &&
      helper.seesAll &&
      this.#watched().every(({ id }) => outcomeOf(runs.lastReport(id)).isTrusted)
    );
  }

  #pace(): void {
    this.#lastResort.pace();
  }

  async #sync(projectId: string, scope: Scope): Promise<void> {
    const { registry, syncing } = this.#options;
    const project = registry.tied(projectId);
    if (!project) {
      return;
    }
    try {
      await syncing.syncUnasked(project, scope);
    } catch (error) {
      // Unlinked while the run waited for its turn.
      if (asProjectsError(error).code !== 'not-linked') {
        throw error;
      }
    }
  }

  /** Rejects while the cloud can't be reached: the next try then waits longer. */
  async #lookAround(): Promise<void> {
    const { registry, overview } = this.#options;
    await registry.requireStore();
    if (overview.connection === 'offline' || overview.connection === 'error') {
      await registry.refresh();
    }
    this.#scheduler.everything();
  }

  #inCloud(projectId: string | null): void {
    const changed = projectId === null ? this.#watched().map(({ id }) => id) : [projectId];
    changed.forEach(id => this.#scheduler.inCloud(id));
  }

  async #refresh(): Promise<void> {
    try {
      await this.#options.registry.refresh();
    } catch (error) {
      // The session shows what else went wrong.
      if (asProjectsError(error).code === 'failed') {
        this.#options.onError(error);
      }
    }
  }

  #onBack(_: Presence, reason: Presence.Reason): void {
    if (!this.#isOn) {
      return;
    }
    this.#cloudHints.wake(reason);
    this.#lastResort.refresh();
  }

  #onRunsChanged(runs: Runs, projectId: string): void {
    if (runs.isRunning(projectId)) {
      this.#scheduler.began(projectId);
    } else {
      this.#scheduler.ended(projectId, outcomeOf(runs.lastReport(projectId)));
      this.#pace();
    }
  }

  #apply(): void {
    const { settings, localHints } = this.#options;
    if (this.isDisposed) {
      return;
    }
    this.#pace();
    const isOn = this.#isReady && settings.current.autoSync;
    if (isOn === this.#isOn) {
      return;
    }
    this.#isOn = isOn;
    if (isOn) {
      this.#cloudHints.start();
      localHints.start();
      this.#lastResort.start();
    } else {
      this.#cloudHints.stop();
      localHints.stop();
      this.#lastResort.stop();
    }
  }

  readonly #options: Unasked.IOptions;
  readonly #presence = new Presence();
  readonly #cloudHints: CloudHints;
  readonly #scheduler: Scheduler;
  readonly #lastResort: LastResort;
  readonly #projects: Debouncer<void>;
  #isReady = false;
  #isOn = false;
}

export namespace Unasked {
  export interface IOptions {
    readonly registry: Registry;
    readonly runs: Runs;
    readonly syncing: Syncing;
    readonly overview: Overview;
    readonly settings: SettingsSource;
    readonly ignores: ProjectIgnores;
    readonly localHints: LocalHints;
    readonly helper: HelperKeeper;
    readonly onError: (error: unknown) => void;
  }
}

function outcomeOf(report: SyncReport | null): Scheduler.Outcome {
  const state = report?.state;
  return {
    isTrusted: (state === 'synced' || state === 'conflicts') && report?.dryRun === false,
    written: (report?.actions ?? [])
      .filter(({ side }) => side === 'local')
      .flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]))
  };
}
