import { RulesChanged } from '../cloud/shared-rules';
import type { LocalProject, NewLocalProject } from '../state/local-project';
import { breather } from '../sync/breathe';
import type { Journal } from '../sync/memory';
import { EMPTY_MEMORY } from '../sync/memory';
import type { Replica } from '../sync/replica';
import { run } from '../sync/run';
import type { FirstPreview, ProjectChoice } from '../tokens';
import { rethrow } from './errors';
import type { Linking } from './linking';
import type { ProjectIgnores } from './project-ignores';
import type { SettingsSource } from './settings';
import type { Syncing } from './syncing';

/** How often the cloud may have other rules than were known. */
const TRIES = 3;

/** What a first sync would do, before a folder and a project are tied to each other. Changes nothing anywhere. */
export class FirstLook {
  constructor(options: FirstLook.IOptions) {
    this.#options = options;
  }

  /** Without a project's id: of a new project for the folder. */
  async preview({ projectId, path }: ProjectChoice): Promise<FirstPreview> {
    const { linking, syncing } = this.#options;
    const place = await linking.place({
      ...(projectId !== undefined && { projectId }),
      ...(path !== undefined && { path })
    });
    const project = { ...UNTIED, ...place };
    const { local, cloud } = await syncing.replicas(project);
    const replicas = { local, cloud: projectId === undefined ? emptied(cloud) : cloud };
    return { path: place.path, report: await this.#look(project, replicas).catch(rethrow) };
  }

  async #look(
    project: LocalProject,
    replicas: { readonly local: Replica; readonly cloud: Replica }
  ): Promise<FirstPreview['report']> {
    const { ignores, settings } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const { report, error } = await run({
        projectId: project.id,
        replicas,
        journal: NOTHING_KNOWN,
        ignores: ignores.of(project),
        conflictPolicy: () => settings.current.conflictPolicy,
        signal: new AbortController().signal,
        dryRun: true,
        breathe: breather(),
        now: () => performance.now()
      });
      if (error instanceof RulesChanged && attempt < TRIES) {
        continue;
      }
      if (error) {
        throw error;
      }
      return report;
    }
  }

  readonly #options: FirstLook.IOptions;
}

export namespace FirstLook {
  export interface IOptions {
    readonly linking: Pick<Linking, 'place'>;
    readonly settings: SettingsSource;
    readonly ignores: Pick<ProjectIgnores, 'of'>;
    readonly syncing: Pick<Syncing, 'replicas'>;
  }
}

const UNTIED: Omit<LocalProject, keyof NewLocalProject> & { readonly paused: boolean } = {
  paused: false,
  linkedAt: 0,
  lastSyncAt: null,
  cloudCursor: null,
  localCursor: null
};

const NOTHING_KNOWN: Journal = {
  load: () => Promise.resolve(EMPTY_MEMORY),
  intend: () => Promise.reject(new Error('A preview writes nothing.')),
  commit: () => Promise.reject(new Error('A preview remembers nothing.'))
};

/** A project that is yet to be made: it holds nothing, and refuses what the cloud refuses. */
function emptied(cloud: Replica): Replica {
  return {
    side: 'cloud',
    atomic: cloud.atomic,
    scan: () =>
      Promise.resolve({
        entries: new Map(),
        cursor: null,
        root: 'present',
        unknown: [],
        problems: []
      }),
    read: () => Promise.resolve([]),
    apply: () => Promise.resolve([]),
    refuses: (path, kind) => cloud.refuses(path, kind)
  };
}
