import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { joinPath } from '../sync/path';
import type { FilesChanged, Moved } from '../tokens';
import type { HelperKeeper } from './helper-keeper';
import type { LocalHints } from './local-hints';
import type { Registry } from './registry';
import type { Runs } from './runs';

/** What changed on the Jupyter server, as soon as it is known here: what a sync wrote, what the helper kernel saw, and what the server told. */
export class LocalChanges implements IDisposable {
  constructor(options: LocalChanges.IOptions) {
    this.#options = options;
    options.localHints.heard.connect((_, change) => this.#changed.emit(change), this);
    options.helper.hints.connect(
      (_, paths) => this.#changed.emit({ source: 'helper', paths }),
      this
    );
    options.runs.changed.connect((_, projectId) => this.#onRun(projectId), this);
  }

  get changed(): ISignal<this, FilesChanged> {
    return this.#changed;
  }

  /** Fires with what a sync moved here; paths relative to the Jupyter root. */
  get moved(): ISignal<this, readonly Moved[]> {
    return this.#moved;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  #onRun(projectId: string): void {
    const { runs, registry } = this.#options;
    const project = registry.tied(projectId);
    const report = runs.isRunning(projectId) ? null : runs.lastReport(projectId);
    if (!project || !report || report.dryRun) {
      return;
    }
    const inFolder = (path: string) => joinPath(project.path, path);
    const moves = report.actions.flatMap(({ side, kind, from, path }) =>
      side === 'local' && kind === 'move' && from !== undefined
        ? [{ from: inFolder(from), path: inFolder(path) }]
        : []
    );
    if (moves.length > 0) {
      this.#moved.emit(moves);
    }
    const written = report.actions.filter(({ side }) => side === 'local');
    if (written.length > 0) {
      this.#changed.emit({ source: 'sync', paths: written.map(({ path }) => inFolder(path)) });
    }
  }

  readonly #options: LocalChanges.IOptions;
  readonly #changed = new Signal<this, FilesChanged>(this);
  readonly #moved = new Signal<this, readonly Moved[]>(this);
  #isDisposed = false;
}

export namespace LocalChanges {
  export interface IOptions {
    readonly helper: HelperKeeper;
    readonly localHints: LocalHints;
    readonly runs: Runs;
    readonly registry: Registry;
  }
}
