import type { SqlJsStatic } from 'sql.js';

import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import { ContentsReplica } from '../../src/local/contents-replica';
import { ContentsStorage } from '../../src/local/contents-storage';
import { StateStore } from '../../src/state/store';
import { createIgnores } from '../../src/sync/ignore';
import type { Journal } from '../../src/sync/memory';
import type { ConflictPolicy } from '../../src/sync/reconcile';
import type { Operation, Outcome, Replica, TransferOptions } from '../../src/sync/replica';
import type { Resolution } from '../../src/sync/resolve';
import { run } from '../../src/sync/run';
import type { RunOptions, RunResult } from '../../src/sync/run';
import type { Word } from '../../src/sync/word';
import type { Cloud } from './cloud';
import { cloudFetch } from './cloud-fetch';
import type { FakeDisk } from './fake-disk';
import { FakeContents, settingsFor } from './fake-jupyter';
import type { JupyterTraits } from './fake-jupyter';
import { ROOT, STATE } from './places';
import { Proof } from './proof';
import type { QuickFiles } from './quick-state';
import { openQuickState } from './quick-state';
import { Violation } from './violation';
import type { Page, World } from './world';

export interface DeviceTraits extends JupyterTraits {
  readonly policy: ConflictPolicy;
}

const IGNORES = createIgnores({ patterns: [], syncHidden: false });

/** A Jupyter server with a browser, in which a page may be open. */
export class Device {
  constructor(
    readonly name: string,
    readonly world: World,
    readonly disk: FakeDisk,
    readonly cloud: Cloud,
    readonly traits: DeviceTraits,
    /** Where the state is a database; null: where it is not. */
    readonly sqlJs: SqlJsStatic | null
  ) {}

  readonly proof = new Proof(this);
  readonly quickFiles: QuickFiles = { generations: [null, null] };

  /** What the last run that ended said; null when its page went away. */
  last: RunResult | null = null;
  /** Whether a run told that it could not make a conflict copy: the next may make one under another name. */
  hadCopyTrouble = false;
  /** Whether a run told that a file may be cut short for good. */
  wasInterrupted = false;
  /** Applications of operations that are under way, by path: since when, in the world's time. */
  readonly applying = new Map<string, number>();

  /** Runs the engine once, in the page that is open, or a new one. Resolves when it ended or its page is gone. */
  async run(
    errand: { word?: Word; resolution?: Resolution; verify?: boolean } = {}
  ): Promise<void> {
    this.#page ??= new OpenPage(this, `${this.name}.${(this.#pages += 1)}`);
    const page = this.#page;
    this.last = null;
    this.proof.begin(errand.word !== undefined);
    const result = await Promise.race([page.run(errand), page.gone]);
    if (result) {
      this.last = result;
      this.hadCopyTrouble ||= result.report.problems.some(({ path }) => path.includes('(conflict'));
      this.wasInterrupted ||= result.report.problems.some(({ code }) => code === 'interrupted');
    }
    if (page.isGone || page.isBroken) {
      page.leave();
      this.#page = null;
      this.applying.clear();
    }
  }

  /** What is remembered; opens the state in a page of its own. */
  async memory() {
    this.#page ??= new OpenPage(this, `${this.name}.${(this.#pages += 1)}`);
    return (await this.#page.journal()).load();
  }

  close(): void {
    if (this.#page) {
      this.world.close(this.#page);
      this.#page = null;
      this.applying.clear();
    }
  }

  /** Between the look at a target and the write lies a moment that the contents API can't close: since when it is open. */
  windowOf(path: string): number | null {
    const applied = this.applying.get(path);
    const checked = this.disk.checkedAt(path);
    return applied !== undefined && checked !== null && checked >= applied ? checked : null;
  }

  get isLinked(): boolean {
    return this.#isLinked;
  }

  linked(): void {
    this.#isLinked = true;
  }

  #page: OpenPage | null = null;
  #pages = 0;
  #isLinked = false;
}

class OpenPage implements Page {
  constructor(
    readonly device: Device,
    readonly name: string
  ) {
    this.gone = new Promise(resolve => (this.#leave = () => resolve(null)));
    const { disk, cloud, world, traits } = device;
    const settings = settingsFor(disk, this, traits);
    const windowOf = (path: string) => device.windowOf(path);
    const onDelete = (path: string) => device.proof.deletes(path);
    const contents = new FakeContents({ disk, page: this, traits, settings, windowOf, onDelete });
    this.#storage = new ContentsStorage({ contents, serverSettings: settings, folder: STATE });
    const client = new CloudClient({
      baseUrl: cloud.baseUrl,
      token: () => cloud.key,
      fetch: cloudFetch(world, cloud, this, operations => device.proof.commits(operations)),
      random: () => world.random.next()
    });
    this.#replicas = {
      local: new Watched(
        new ContentsReplica({ contents, serverSettings: settings, root: ROOT }),
        device
      ),
      cloud: new CloudReplica({ client, projectId: cloud.projectId })
    };
  }

  readonly gone: Promise<null>;
  isGone = false;
  /** True when the state could not be opened, or is closed: the next run opens it anew. */
  isBroken = false;

  leave(): void {
    this.isGone = true;
    this.#leave();
  }

  async run(errand: Pick<RunOptions, 'word' | 'resolution' | 'verify'>): Promise<RunResult | null> {
    let journal: Journal;
    try {
      journal = await this.journal();
    } catch (error) {
      if (error instanceof Violation) {
        throw error;
      }
      this.device.world.log(`   ${this.name} has no state: ${String(error)}`);
      this.isBroken = true;
      return null;
    }
    const { policy } = this.device.traits;
    const result = await run({
      ...errand,
      projectId: this.device.cloud.projectId,
      replicas: this.#replicas,
      journal,
      ignores: IGNORES,
      conflictPolicy: () => policy,
      signal: new AbortController().signal,
      now: () => this.device.world.now
    });
    if (result.error instanceof Violation) {
      throw result.error;
    }
    const { state, stopReason, problems, conflicts } = result.report;
    this.device.world.log(
      `   ${this.name} ran: ${state}${stopReason ? ` (${stopReason})` : ''}` +
        problems.map(({ path, code, message }) => `; ${path}: ${code}: ${message}`).join('') +
        conflicts.map(({ path, copy }) => `; conflict ${path} > ${copy}`).join('')
    );
    return result;
  }

  async journal(): Promise<Journal> {
    const { device } = this;
    const { cloud, sqlJs, world } = device;
    if (!sqlJs) {
      this.#quick ??= await openQuickState(world, this, device.quickFiles);
      return truthful(this.#quick, device);
    }
    this.#store ??= await StateStore.open({
      storage: this.#storage,
      load: () => Promise.resolve(sqlJs),
      now: () => world.now
    });
    const store = this.#store;
    if (store.projects().length === 0) {
      if (device.isLinked) {
        throw new Violation('state', 'what was saved of the project is gone');
      }
      await store.addProject({
        id: cloud.projectId,
        cloudUrl: cloud.baseUrl,
        name: 'p',
        ownerId: 'alice',
        path: ROOT
      });
      device.linked();
    }
    return truthful(store.journal(cloud.projectId), device);
  }

  #leave: () => void = () => undefined;
  #store: StateStore | null = null;
  #quick: Journal | null = null;
  readonly #storage: ContentsStorage;
  readonly #replicas: RunOptions['replicas'];
}

/** Checks that the base says nothing but what both sides did hold. */
function truthful(journal: Journal, { disk, cloud, world, proof }: Device): Journal {
  return {
    load: async () => {
      const memory = await journal.load();
      proof.knows(memory);
      return memory;
    },
    intend: async intents => {
      world.log(`   intends ${intents.map(({ path }) => path).join(', ')}`);
      await journal.intend(intents);
    },
    commit: async change => {
      if (change.settled && change.settled.length > 0) {
        world.log(`   settles ${change.settled.join(', ')}`);
      }
      for (const [path, node] of change.base ?? []) {
        const sha256 = node?.sha256 ?? null;
        if (sha256 === null) {
          continue;
        }
        const held = {
          local: disk.everHeld(sha256),
          cloud: await cloud.everHeld(sha256)
        };
        if (!held.local || !held.cloud) {
          const side = held.local ? 'the cloud' : 'the folder';
          world.log(`   base[${path}] = ${sha256.slice(0, 8)}`);
          throw new Violation('base-truth', `"${path}" is agreed on, but ${side} never held that`);
        }
      }
      await journal.commit(change);
    }
  };
}

/** A replica that tells which operations are under way. */
class Watched implements Replica {
  constructor(replica: ContentsReplica, device: Device) {
    this.#replica = replica;
    this.#device = device;
  }

  readonly side = 'local';
  readonly atomic = false;

  scan(...given: Parameters<Replica['scan']>) {
    return this.#replica.scan(...given);
  }

  read(...given: Parameters<Replica['read']>) {
    return this.#replica.read(...given);
  }

  refuses(...given: Parameters<Replica['refuses']>) {
    return this.#replica.refuses(...given);
  }

  async apply(operations: readonly Operation[], options: TransferOptions): Promise<Outcome[]> {
    const { applying, world } = this.#device;
    const paths = operations.map(each => (each.op === 'move' ? each.from : each.path));
    paths.forEach(path => applying.set(`${ROOT}/${path}`, world.now));
    try {
      return await this.#replica.apply(operations, options);
    } finally {
      paths.forEach(path => applying.delete(`${ROOT}/${path}`));
    }
  }

  readonly #replica: ContentsReplica;
  readonly #device: Device;
}
