import { CloudClient } from '../../src/cloud/client';
import { CloudReplica } from '../../src/cloud/replica';
import { ContentsReplica } from '../../src/local/contents-replica';
import { ContentsStorage } from '../../src/local/contents-storage';
import { StateStore } from '../../src/state/store';
import { createIgnores } from '../../src/sync/ignore';
import type { Ignores } from '../../src/sync/ignore';
import type { Journal } from '../../src/sync/memory';
import { joined } from '../../src/model/joined';
import type { ConflictChoice } from '../../src/sync/resolve';
import { run } from '../../src/sync/run';
import type { RunOptions, RunResult } from '../../src/sync/run';
import { cloudFetch } from './cloud-fetch';
import type { Device } from './device';
import { FakeContents, settingsFor } from './fake-jupyter';
import { ROOT, STATE } from './places';
import { Proof } from './proof';
import { openQuickState } from './quick-state';
import type { QuickState } from './quick-state';
import { truthful } from './truthful';
import { Violation } from './violation';
import { Watched } from './watched';
import type { Page } from './world';

/** What a page's run is for. A choice is for one of the open conflicts. */
export type Task = Pick<RunOptions, 'word' | 'verify' | 'changes'> & {
  readonly choice?: ConflictChoice;
};

const IGNORES: { readonly [hidden in 'synced' | 'left']: Ignores } = {
  synced: createIgnores({ patterns: [], syncHidden: true }),
  left: createIgnores({ patterns: [], syncHidden: false })
};

/** A page of a browser: the engine, between the device's files and the cloud. */
export class OpenPage implements Page {
  constructor(
    readonly device: Device,
    readonly name: string
  ) {
    this.gone = new Promise(resolve => (this.#leave = () => resolve(null)));
    const { disk, traits } = device;
    const { cloud, world } = device.scene;
    this.#proof = new Proof(device, path => this.#windowOf(path));
    const proof = this.#proof;
    const settings = settingsFor(disk, this, traits);
    const contents = new FakeContents({
      disk,
      page: this,
      traits,
      settings,
      windowOf: path => this.#windowOf(path),
      onDelete: path => proof.deletes(path),
      onWrite: path => proof.writes(path),
      onCheck: path => this.#checks.set(path, world.now)
    });
    this.#storage = new ContentsStorage({ contents, serverSettings: settings, folder: STATE });
    const client = new CloudClient({
      baseUrl: cloud.baseUrl,
      token: () => cloud.key,
      fetch: cloudFetch(world, cloud, this, {
        before: operations => proof.commits(operations),
        after: operations => proof.committed(operations)
      }),
      random: () => world.random.next()
    });
    this.#replicas = {
      local: new Watched(
        new ContentsReplica({ contents, serverSettings: settings, root: ROOT }),
        this.#applying,
        () => world.now
      ),
      cloud: this.#searched(new CloudReplica({ client, projectId: cloud.projectId }))
    };
  }

  readonly gone: Promise<null>;
  isGone = false;
  /** True when the state could not be opened, or is closed: the next run opens it anew. */
  isBroken = false;
  /** True while a run found that what was cut short is nowhere whole, and has not ended: it will tell of it, unless the page dies first. */
  owesWord = false;

  leave(): void {
    this.isGone = true;
    this.#leave();
  }

  /** @param isStale - another page may have saved since this one looked */
  async run({ choice, ...task }: Task, isStale: boolean): Promise<RunResult | null> {
    let journal: Journal;
    try {
      journal = await this.journal();
      if (isStale) {
        await (this.#store ?? this.#quick)?.reload();
      }
    } catch (error) {
      if (error instanceof Violation) {
        throw error;
      }
      this.device.scene.world.log(`   ${this.name} has no state: ${String(error)}`);
      this.isBroken = true;
      return null;
    }
    const all = choice ? (await journal.load()).conflicts : [];
    const asked = all.filter(({ copy }) => copy === null);
    const open = asked.length > 0 ? asked : all;
    if (!choice || open.length === 0) {
      return this.#once(journal, task);
    }
    // As people's choices are carried out: what is to be taken away is a version in the cloud first.
    const { path } = this.device.scene.world.random.pick(open);
    this.device.scene.world.log(`   ${this.name}: ${choice} ${path}`);
    const before = await this.#once(journal, {}, path);
    const { state } = before.report;
    const conflict = before.conflicts.find(each => each.path === path);
    if (state === 'failed' || state === 'stopped' || !conflict) {
      return before;
    }
    const after = await this.#once(journal, { resolution: { conflict, choice } }, path);
    const { problems } = joined(before.report, after.report);
    return { ...after, report: { ...after.report, problems } };
  }

  async #once(
    journal: Journal,
    task: Partial<RunOptions>,
    keepBoth: string | null = null
  ): Promise<RunResult> {
    const { traits, scene } = this.device;
    const { world, cloud } = scene;
    this.#proof.begin({ ...task, keepBoth });
    this.owesWord = false;
    const result = await run({
      ...task,
      projectId: cloud.projectId,
      replicas: this.#replicas,
      journal,
      ignores: traits.syncHidden ? IGNORES.synced : IGNORES.left,
      conflictPolicy: path => (path === keepBoth ? 'keep-both' : traits.policy),
      signal: new AbortController().signal,
      now: () => world.now
    });
    this.owesWord = false;
    if (result.error instanceof Violation) {
      throw result.error;
    }
    const { state, stopReason, problems, conflicts } = result.report;
    world.log(
      `   ${this.name} ran: ${state}${stopReason ? ` (${stopReason})` : ''}` +
        problems.map(({ path, code, message }) => `; ${path}: ${code}: ${message}`).join('') +
        conflicts.map(({ path, copy }) => `; conflict ${path} > ${copy}`).join('')
    );
    return result;
  }

  async journal(): Promise<Journal> {
    const { device } = this;
    const { cloud, sqlJs, world } = device.scene;
    if (!sqlJs) {
      this.#quick ??= await openQuickState(world, this, device.quickFiles);
      return truthful(this.#quick.journal, device, this.#proof);
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
      device.isLinked = true;
    }
    return truthful(store.journal(cloud.projectId), device, this.#proof);
  }

  #searched(replica: CloudReplica): CloudReplica {
    const recall = replica.recall.bind(replica);
    replica.recall = async (...given) => {
      const found = await recall(...given);
      this.owesWord ||= found === null;
      return found;
    };
    return replica;
  }

  /** Between the look at a target and the write lies a moment that the contents API can't close: since when it is open. */
  #windowOf(path: string): number | null {
    const applied = this.#applying.get(path);
    const checked = this.#checks.get(path);
    return applied !== undefined && checked !== undefined && checked >= applied ? checked : null;
  }

  #leave: () => void = () => undefined;
  #store: StateStore | null = null;
  #quick: QuickState | null = null;
  readonly #storage: ContentsStorage;
  readonly #replicas: RunOptions['replicas'];
  readonly #proof: Proof;
  /** Applications of operations that are under way, by path: since when, in the world's time. */
  readonly #applying = new Map<string, number>();
  /** When a request of this page last learned what the path holds. */
  readonly #checks = new Map<string, number>();
}
