import type { TranslationBundle } from '@jupyterlab/translation';

import type { CloudProject } from '../cloud/schemas';
import type { LocalProject } from '../state/local-project';
import type { Connection, ProjectSummary, SyncReport } from '../tokens';
import type { Registry } from './registry';
import type { Runs } from './runs';
import { summaryOf } from './summary';
import { elsewhere, messageOf } from './words';

/** How things are, as one look at the registry and the runs tells it. */
export class Overview {
  constructor(options: Overview.IOptions) {
    this.#options = options;
  }

  get connection(): Connection {
    const { isReady, stateError, session } = this.#options.registry;
    if (!isReady) {
      return 'loading';
    }
    return stateError === '' ? session.connection : 'error';
  }

  get connectionMessage(): string {
    const { stateError, session } = this.#options.registry;
    return stateError || session.message;
  }

  /** Those of the cloud, and those tied to a folder here; by title. */
  projects(): readonly ProjectSummary[] {
    const { registry } = this.#options;
    const ids = new Set([...registry.linked(), ...registry.session.projects].map(({ id }) => id));
    return [...ids]
      .map(id => this.project(id))
      .sort((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
  }

  project(id: string): ProjectSummary {
    const { registry, runs, trans } = this.#options;
    const { session } = registry;
    const report = runs.lastReport(id);
    const cloud = session.projects.find(project => project.id === id) ?? null;
    const local = registry.tied(id);
    return summaryOf({
      id,
      cloud,
      local,
      role: session.roleIn(id),
      connection: this.connection,
      isRunning: runs.isRunning(id),
      conflicts: report?.conflicts.length ?? registry.store?.conflicts(id).length ?? 0,
      report,
      message: this.#elsewhere(report, local, cloud) || messageOf(report, trans)
    });
  }

  /** A project that the cloud can't show is not gone by that: nobody should unlink it for it. */
  #elsewhere(
    report: SyncReport | null,
    local: LocalProject | null,
    cloud: CloudProject | null
  ): string {
    if (report?.stopReason !== 'root-missing' || !local) {
      return '';
    }
    const { session } = this.#options.registry;
    const isUnseen = cloud === null && session.connection === 'online';
    return elsewhere(
      { cloudUrl: local.cloudUrl, currentUrl: session.cloudUrl, isUnseen },
      this.#options.trans
    );
  }

  readonly #options: Overview.IOptions;
}

export namespace Overview {
  export interface IOptions {
    readonly registry: Registry;
    readonly runs: Runs;
    readonly trans: TranslationBundle;
  }
}
