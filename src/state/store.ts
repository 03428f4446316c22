import type { IDisposable } from '@lumino/disposable';
import type { Kysely } from 'kysely';
import type { SqlJsStatic } from 'sql.js';

import type { Breathe } from '../sync/breathe';
import type { Conflict, Journal } from '../sync/memory';
import type { Activity } from '../tokens';
import { ACTIVITY_LIMIT, insertActivities, readActivities } from './activity-rows';
import { readConflicts } from './conflict-rows';
import { StateDatabase } from './database';
import { DeferredChanges } from './deferred-changes';
import { Generations } from './generations';
import { KeptTrees } from './kept-trees';
import { describeDamage, openNewest } from './load-state';
import { loadSqlJs } from './load-sql-js';
import type { LocalProject, LocalProjectPatch, NewLocalProject } from './local-project';
import { writeIntents } from './intent-rows';
import { readMemory, writeMemoryChange } from './memory-rows';
import {
  deleteProject,
  insertProject,
  patchProject,
  readProjects,
  requireTie
} from './project-rows';
import { SaveQueue } from './save-queue';
import { StateError, wordsOf } from './state-error';
import type { StateStorage } from './storage';
import type { Tables } from './tables';
import { trans } from '../sync/words';

/**
 * What is remembered of the projects that are tied to folders of this Jupyter server, in SQLite, saved through a
 * `StateStorage`.
 *
 * #### Notes
 * What a method was given is durable when its promise resolves. A rejection with StateError `not-saved` means that
 * none of it was kept. No credential is ever in it.
 *
 * ```ts
 * const store = await StateStore.open({ storage });
 * await store.addProject({ id, cloudUrl, name: 'thesis', ownerId, path: 'work/thesis' });
 * const memory = await store.journal(id).load();
 * ```
 */
export class StateStore implements IDisposable {
  private constructor(
    options: StateStore.IOptions,
    sqlJs: SqlJsStatic,
    generations: Generations,
    database: StateDatabase
  ) {
    this.#options = options;
    this.#sqlJs = sqlJs;
    this.#generations = generations;
    this.#database = database;
    this.#durable = database.export();
    this.#queue = new SaveQueue({
      exclusively: work => this.#exclusively(work),
      save: () => this.#save(),
      revert: () => this.#revert()
    });
  }

  /**
   * Loads the newest state that is whole, or begins a fresh one when there is none. Writes nothing.
   *
   * @throws StateError `unreadable` when the storage could not be read, `newer-version` when a newer version of the
   * extension wrote the state
   */
  static async open(options: StateStore.IOptions): Promise<StateStore> {
    const generations = new Generations(options.storage, options.breathe);
    const mark = options.newestMark?.() ?? null;
    const { found, damaged } = await generations.read();
    const sqlJs = await (options.load ?? loadSqlJs)();
    const opened = await openNewest(sqlJs, found, damaged);
    generations.adopt(opened?.generation ?? null, damaged);
    const database = opened?.database ?? (await StateDatabase.create(sqlJs));
    const store = new StateStore(options, sqlJs, generations, database);
    store.#mark = mark;
    await store.#publishAll();
    if (damaged.length > 0) {
      options.onProblem?.(describeDamage(damaged, opened?.generation ?? null));
    }
    return store;
  }

  /** By path. */
  projects(): readonly LocalProject[] {
    return this.#projects;
  }

  /** @throws StateError `already-linked` when the project or the folder is tied already, `not-saved` */
  async addProject(project: NewLocalProject): Promise<LocalProject> {
    const added: LocalProject = {
      id: project.id,
      cloudUrl: project.cloudUrl,
      name: project.name,
      ownerId: project.ownerId,
      path: project.path,
      paused: project.paused ?? false,
      linkedAt: this.#newTie(project.id),
      lastSyncAt: null,
      cloudCursor: null,
      localCursor: null
    };
    await this.#write(db => insertProject(db, added));
    return added;
  }

  /**
   * @throws StateError `not-found`, `already-linked` when the new path is another project's, `not-saved`
   */
  updateProject(id: string, patch: LocalProjectPatch): Promise<void> {
    return this.#write(db => patchProject(db, id, patch));
  }

  /**
   * Notes a complete sync: shown at once, and saved along with the next change, so that a sync that found nothing to
   * do writes nothing.
   *
   * @param at ms since the epoch
   */
  noteSync(id: string, at: number): void {
    this.#deferred.patch(id, { lastSyncAt: at });
    this.#projects = this.#deferred.over(this.#projects);
  }

  /** Forgets the project, and all that its journal holds. Nothing happens when it is not here. */
  removeProject(id: string): Promise<void> {
    return this.#write(db => deleteProject(db, id));
  }

  /**
   * What the engine remembers of one project. Its methods reject with StateError `not-found` when it is not here, and
   * when it was untied since the journal was made, even if it is tied again.
   */
  journal(projectId: string): Journal {
    const tie = this.#projects.find(({ id }) => id === projectId)?.linkedAt ?? null;
    return {
      load: () =>
        this.#queue.read(async () => {
          await requireTie(this.#database.kysely, projectId, tie);
          const trees = this.#trees.get(projectId, tie);
          const memory = await readMemory(this.#database.kysely, projectId, trees, this.#breathe);
          const { base, local, cloud } = memory;
          if (!trees) {
            this.#trees.keep(projectId, tie, { base, local: local.entries, cloud: cloud.entries });
          }
          return memory;
        }),
      intend: intents =>
        this.#write(async db => {
          await requireTie(db, projectId, tie);
          await writeIntents(db, projectId, intents, this.#breathe);
        }),
      commit: change =>
        this.#write(
          async db => {
            await requireTie(db, projectId, tie);
            await writeMemoryChange(db, projectId, change, this.#breathe);
          },
          () => this.#trees.written(projectId, change)
        )
    };
  }

  /** A project's open conflicts, as they are saved. */
  conflicts(projectId: string): readonly Conflict[] {
    return this.#conflicts.get(projectId) ?? [];
  }

  /** Newest first. */
  activities(limit = ACTIVITY_LIMIT): readonly Activity[] {
    return this.#activities.slice(0, limit);
  }

  /** In the order in which they happened. They are saved along with the next change, or by `save`. */
  addActivities(activities: readonly Activity[]): void {
    this.#deferred.addActivities(activities);
    this.#activities = [...[...activities].reverse(), ...this.#activities].slice(0, ACTIVITY_LIMIT);
  }

  /** Makes durable what is not yet; writes nothing when all is. */
  save(): Promise<void> {
    return this.#queue.write(() =>
      Promise.resolve({ value: undefined, changed: !this.#deferred.isEmpty })
    );
  }

  /**
   * Looks whether another page saved a newer state, and takes it then. What was not saved yet here is kept.
   *
   * @returns whether there was one
   * @throws StateError `unreadable`, `newer-version`; what is in use stays then
   */
  reload(): Promise<boolean> {
    return this.#queue.read(() => this.#reload());
  }

  /** Whether another page is known to have saved since this one saved or looked. Asks no storage. */
  get isOutdated(): boolean {
    const mark = this.#options.newestMark?.() ?? null;
    return mark !== null && mark !== this.#mark;
  }

  /** How often a newer state of another page was taken: what was read of the journal before may be outdated then. */
  get reloads(): number {
    return this.#reloads;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** A save that runs is finished; what waits is refused. Deferred changes go unless `save` was awaited before. */
  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#queue.close(() => this.#database.close());
  }

  /** @param onWritten - called when the work changed something, which is not saved yet */
  #write<T>(
    work: (db: Kysely<Tables>) => Promise<T>,
    onWritten: () => void = () => undefined
  ): Promise<T> {
    return this.#queue.write(async () => {
      const before = this.#database.changes;
      const value = await this.#database.kysely.transaction().execute(work);
      const changed = this.#database.changes > before;
      if (changed) {
        onWritten();
      }
      await this.#breathe();
      return { value, changed };
    });
  }

  /**
   * Does the work, which ends with a save, on the newest state: a change is made to what the other pages saved, never
   * instead of it.
   */
  async #exclusively(work: () => Promise<void>): Promise<void> {
    const { exclusively = alone => alone(false) } = this.#options;
    await exclusively(async hadOthers => {
      if (hadOthers || this.isOutdated) {
        await this.#reload();
      }
      await work();
    });
  }

  async #reload(): Promise<boolean> {
    // Before the files: what is saved while they are read has another mark.
    const mark = this.#options.newestMark?.() ?? null;
    const { found, damaged } = await this.#generations.read();
    const news = found.filter(generation => this.#generations.isNews(generation));
    const opened = await openNewest(this.#sqlJs, news, damaged);
    this.#mark = mark;
    if (!opened) {
      return false;
    }
    this.#reloads += 1;
    this.#generations.adopt(opened.generation, damaged);
    this.#database.close();
    this.#database = opened.database;
    this.#trees.clear();
    this.#durable = opened.database.export();
    await this.#publishAll();
    return true;
  }

  async #save(): Promise<void> {
    const deferred = this.#deferred.take();
    try {
      await this.#database.kysely.transaction().execute(async db => {
        await insertActivities(db, deferred.activities, this.#breathe);
        const known = new Set((await readProjects(db)).map(({ id }) => id));
        for (const [id, patch] of deferred.patches) {
          if (known.has(id)) {
            await patchProject(db, id, patch);
          }
        }
      });
      await this.#breathe();
      const bytes = this.#database.export();
      await this.#breathe();
      await this.#options.beforeSave?.();
      await this.#breathe();
      const mark = await this.#generations.save(bytes);
      this.#durable = bytes;
      this.#trees.saved();
      this.#mark = mark;
      this.#options.afterSave?.(mark);
    } catch (error) {
      this.#deferred.putBack(deferred);
      throw error instanceof StateError
        ? error
        : new StateError(
            'not-saved',
            trans.__('What was synced could not be saved: %1', wordsOf(error)),
            {
              cause: error
            }
          );
    }
    await this.#publish();
  }

  #revert(): void {
    this.#database.close();
    this.#database = StateDatabase.reopen(this.#sqlJs, this.#durable);
    this.#trees.reverted();
  }

  /** Shows what is durable, and the deferred changes over it. */
  async #publishAll(): Promise<void> {
    await this.#publish();
    const saved = await readActivities(this.#database.kysely);
    this.#activities = [...this.#deferred.activities, ...saved].slice(0, ACTIVITY_LIMIT);
  }

  /** The same without the activities: those that are saved here are shown already. */
  async #publish(): Promise<void> {
    const { kysely } = this.#database;
    const projects = await readProjects(kysely);
    const conflicts = new Map<string, readonly Conflict[]>();
    for (const { id, linkedAt } of projects) {
      if (this.#ties.get(id) !== linkedAt) {
        // What was noted of an earlier tie says nothing of this one.
        this.#deferred.forget(id);
        this.#ties.set(id, linkedAt);
      }
      conflicts.set(id, await readConflicts(kysely, id));
    }
    this.#projects = this.#deferred.over(projects);
    this.#conflicts = conflicts;
  }

  /** When the project is tied, in ms since the epoch; later than each tie of it before, whatever the clock says. */
  #newTie(id: string): number {
    return Math.max((this.#options.now ?? Date.now)(), (this.#ties.get(id) ?? 0) + 1);
  }

  get #breathe(): Breathe {
    return this.#options.breathe ?? atOnce;
  }

  readonly #options: StateStore.IOptions;
  readonly #sqlJs: SqlJsStatic;
  readonly #generations: Generations;
  readonly #queue: SaveQueue;
  readonly #deferred = new DeferredChanges();
  readonly #trees = new KeptTrees();
  #reloads = 0;
  #database: StateDatabase;
  /** The database as it is saved, or as it was loaded. */
  #durable: Uint8Array;
  #projects: readonly LocalProject[] = [];
  #conflicts: ReadonlyMap<string, readonly Conflict[]> = new Map();
  #activities: readonly Activity[] = [];
  /** When each project was tied last, unlinked ones too. */
  readonly #ties = new Map<string, number>();
  /** Of the newest generation that is known here. */
  #mark: string | null = null;
  #isDisposed = false;
}

export namespace StateStore {
  export interface IOptions {
    readonly storage: StateStorage;
    /** Ms since the epoch. Default: Date.now. */
    readonly now?: () => number;
    /** Loads SQLite. Default: with the package that is in the bundle. */
    readonly load?: () => Promise<SqlJsStatic>;
    /** Awaited between the pieces of long work. Default: nothing comes in between. */
    readonly breathe?: Breathe;
    /** Told, in words for a person, when saved state was there and could not be used. */
    readonly onProblem?: (message: string) => void;
    /**
     * Called before each write to the storage; when it rejects, nothing is written and the change is taken back. Here
     * a page that lost its right to write is stopped.
     */
    readonly beforeSave?: () => Promise<void>;
    /**
     * Told after each write to the storage, with the mark of what was saved: no two generations have the same.
     */
    readonly afterSave?: (mark: string) => void;
    /**
     * The mark that `afterSave` was last told on any page that shares the storage; null when that is not known. Asked
     * often, so it must be cheap.
     */
    readonly newestMark?: () => string | null;
    /**
     * Does the work when no other page that shares the storage does such: each change with its save is one work. It is
     * told whether another page may have saved what no mark tells of. Default: at once.
     */
    readonly exclusively?: (work: (hadOthers: boolean) => Promise<void>) => Promise<void>;
  }
}

function atOnce(): Promise<void> {
  return Promise.resolve();
}
