import { hashOfText } from '../property/support/trees';
import type { Memory } from '../../src/sync/memory';
import type { RunOptions } from '../../src/sync/run';
import type { Committed } from './cloud-fetch';
import type { Device } from './device';
import { textOf } from './fake-disk';
import type { DiskFile } from './fake-disk';
import { checkMerges } from './merges';
import { ROOT } from './places';
import { Violation } from './violation';

/** As the guard has it: so many deletions are never taken for an accident. */
const FEW_DELETIONS = 4;

/** What a run is for, as far as it says what may be done. */
type Warrant = Pick<RunOptions, 'word' | 'changes' | 'resolution'> & {
  readonly keepBoth: string | null;
};

/**
 * Watches what a page's runs change: never away what the other side has all the time, never most of a side without a
 * person's word, only the one side in a one-way run, and no conflict that is the person's to settle.
 */
export class Proof {
  /** @param windowOf - since when, in the world's time, what came to a local path could go unseen */
  constructor(device: Device, windowOf: (path: string) => number | null) {
    this.#device = device;
    this.#windowOf = windowOf;
  }

  begin(warrant: Warrant): void {
    this.#warrant = warrant;
    this.#since = this.#device.scene.world.now;
    this.#memory = null;
    this.#deleted = { local: 0, cloud: 0 };
  }

  /** What was agreed when a round of the run began; what an interrupted run wrote may be agreed by now. */
  knows(memory: Memory): void {
    this.#memory = memory;
    this.#deleted = { local: 0, cloud: 0 };
  }

  /** The cloud is asked for this. */
  commits(operations: readonly Committed[]): void {
    const { disk, name, scene } = this.#device;
    if (this.#warrant.changes === 'local' && operations.length > 0) {
      throw new Violation('one-way', `${name} only pulls, and changes the cloud`);
    }
    for (const { op, path, from, if_version: version } of operations) {
      const at = path ?? from ?? '';
      const file = scene.cloud.fileAt(at);
      if (op === 'mkdir' || file?.version !== version || !file) {
        continue;
      }
      if (op !== 'move') {
        this.#leaveToPerson(at, file);
      }
      if (op === 'put') {
        continue;
      }
      const there = disk.get(`${ROOT}/${at}`);
      const isHere = there?.kind === 'file' && there.whole && there.writtenAt < this.#since;
      if (isHere && !this.#isChosen(at)) {
        throw new Violation('absence', `"${at}" goes in the cloud while ${name} has it`);
      }
      this.#needsRoot(at);
      if (op === 'delete') {
        this.#count('cloud');
      }
    }
  }

  /** The cloud was asked for this. */
  async committed(operations: readonly Committed[]): Promise<void> {
    const { cloud, writings } = this.#device.scene;
    const bases = new Map<string, string>();
    for (const [path, { sha256 }] of this.#memory?.base ?? []) {
      const text = sha256 === null ? undefined : writings.get(sha256);
      if (text !== undefined) {
        bases.set(path, text);
      }
    }
    const chosen = this.#warrant.resolution?.conflict.path;
    if (chosen !== undefined) {
      // A person's choice may replace what is a version by then.
      bases.delete(chosen);
    }
    await checkMerges(operations, bases, cloud, writings);
  }

  /** The Jupyter server is asked to write, make, delete or move this. */
  writes(full: string): void {
    const path = full.slice(ROOT.length + 1);
    if (!full.startsWith(`${ROOT}/`) || this.#isRecovered(path)) {
      return;
    }
    if (this.#warrant.changes === 'cloud') {
      throw new Violation(
        'one-way',
        `${this.#device.name} only pushes, and changes "${path}" here`
      );
    }
    const file = this.#device.scene.cloud.fileAt(path);
    if (file) {
      this.#leaveToPerson(path, file);
    }
  }

  /** The Jupyter server is asked to delete this. */
  deletes(full: string): void {
    const { disk, name, scene } = this.#device;
    const node = disk.get(full);
    if (node?.kind !== 'file' || !full.startsWith(`${ROOT}/`) || this.#isUnseen(full, node)) {
      return;
    }
    const path = full.slice(ROOT.length + 1);
    const since = scene.cloud.fileAt(path)?.since ?? null;
    if (node.whole && since !== null && since < this.#since && !this.#isChosen(path)) {
      throw new Violation('absence', `"${path}" goes on ${name} while the cloud has it`);
    }
    if (node.whole) {
      this.#count('local');
    }
  }

  /** Where it is the person who settles conflicts, neither of two contents that differed before the run is replaced. */
  #leaveToPerson(path: string, file: { readonly since: number; readonly text: string }): void {
    const { disk, traits, name } = this.#device;
    const there = disk.get(`${ROOT}/${path}`);
    const { keepBoth } = this.#warrant;
    const isWatched = traits.policy === 'ask' && this.#memory !== null && path !== keepBoth;
    if (!isWatched || there?.kind !== 'file' || !there.whole || this.#isRecovered(path)) {
      return;
    }
    const agreed = this.#memory?.base.get(path)?.sha256 ?? null;
    const [local, cloud] = [textOf(there.bytes), file.text];
    const isOld = there.writtenAt < this.#since && file.since < this.#since;
    const isConflict = local !== cloud && ![local, cloud].map(hashOfText).includes(agreed ?? '');
    if (isOld && isConflict && !this.#isUnseen(`${ROOT}/${path}`, there)) {
      throw new Violation(
        'ask',
        `the conflict at "${path}" is settled by ${name} without a person`
      );
    }
  }

  /** Nothing goes in the cloud for a folder that is gone as a whole. */
  #needsRoot(path: string): void {
    const { disk, name } = this.#device;
    const isGone = disk.asideSince !== null && disk.asideSince < this.#since;
    const root = disk.get(ROOT);
    const isEmptied = root?.kind === 'directory' && disk.tree(ROOT).size === 0;
    const isKnown = root?.kind !== 'directory' || (isEmptied && this.#agreedFiles >= 2);
    if (isGone && isKnown && !this.#warrant.word) {
      throw new Violation(
        'guards',
        `"${path}" goes in the cloud while the folder of ${name} is gone`
      );
    }
  }

  #isUnseen(full: string, { writtenAt }: DiskFile): boolean {
    const since = this.#windowOf(full);
    return since !== null && writtenAt >= since;
  }

  /** What the person's choice takes away is there on both sides. */
  #isChosen(path: string): boolean {
    return this.#warrant.resolution?.conflict.copy === path;
  }

  #isRecovered(path: string): boolean {
    return this.#memory?.intents.some(intent => intent.path === path) ?? false;
  }

  get #agreedFiles(): number {
    const { base = new Map() } = this.#memory ?? {};
    return [...base.values()].filter(node => node.kind === 'file').length;
  }

  /** With those that may enter it by what is recovered first. */
  get #baseFiles(): number {
    return this.#agreedFiles + (this.#memory?.intents.length ?? 0);
  }

  #count(side: 'local' | 'cloud'): void {
    this.#deleted[side] += 1;
    const count = this.#deleted[side];
    const isMost = count > FEW_DELETIONS && count > this.#baseFiles / 2;
    if (isMost && !this.#warrant.word) {
      throw new Violation(
        'guards',
        `${count} of ${this.#baseFiles} files go on one side (${side})`
      );
    }
  }

  readonly #device: Device;
  readonly #windowOf: (path: string) => number | null;
  #warrant: Warrant = { keepBoth: null };
  #since = 0;
  #memory: Memory | null = null;
  #deleted = { local: 0, cloud: 0 };
}
