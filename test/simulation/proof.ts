import type { Memory } from '../../src/sync/memory';
import type { Committed } from './cloud-fetch';
import type { Device } from './device';
import { ROOT } from './places';
import { Violation } from './violation';

/** As the guard has it: so many deletions are never taken for an accident. */
const FEW_DELETIONS = 4;

/**
 * Watches what a device's runs delete: never what the other side has all the time, and never most of a side without a
 * person's word.
 */
export class Proof {
  constructor(device: Device) {
    this.#device = device;
  }

  begin(hasWord: boolean): void {
    this.#hasWord = hasWord;
    this.#since = this.#device.world.now;
    this.#baseFiles = null;
    this.#deleted = { local: 0, cloud: 0 };
  }

  /** What was agreed when a round of the run began; what an interrupted run wrote may be agreed by now. */
  knows({ base, intents }: Memory): void {
    const files = [...base.values()].filter(node => node.kind === 'file').length;
    this.#baseFiles = files + intents.length;
    this.#deleted = { local: 0, cloud: 0 };
  }

  /** The cloud is asked for this. */
  commits(operations: readonly Committed[]): void {
    const { cloud, disk, name } = this.#device;
    for (const { op, path, from, if_version: version } of operations) {
      const left = op === 'delete' ? path : op === 'move' ? from : undefined;
      if (left === undefined || cloud.fileAt(left)?.version !== version) {
        continue;
      }
      const there = disk.get(`${ROOT}/${left}`);
      if (there?.kind === 'file' && there.whole && there.writtenAt < this.#since) {
        throw new Violation('absence', `"${left}" goes in the cloud while ${name} has it`);
      }
      if (op === 'delete') {
        this.#count('cloud');
      }
    }
  }

  /** The Jupyter server is asked to delete this. */
  deletes(full: string): void {
    const { cloud, disk, name } = this.#device;
    const node = disk.get(full);
    if (node?.kind !== 'file' || !full.startsWith(`${ROOT}/`)) {
      return;
    }
    const unseen = this.#device.windowOf(full);
    if (unseen !== null && node.writtenAt >= unseen) {
      return;
    }
    const path = full.slice(ROOT.length + 1);
    const since = cloud.fileAt(path)?.since ?? null;
    if (node.whole && since !== null && since < this.#since) {
      throw new Violation('absence', `"${path}" goes on ${name} while the cloud has it`);
    }
    if (node.whole) {
      this.#count('local');
    }
  }

  #count(side: 'local' | 'cloud'): void {
    this.#deleted[side] += 1;
    const count = this.#deleted[side];
    const isMost = count > FEW_DELETIONS && count > (this.#baseFiles ?? 0) / 2;
    if (isMost && !this.#hasWord) {
      throw new Violation(
        'guards',
        `${count} of ${this.#baseFiles} files go on one side (${side})`
      );
    }
  }

  readonly #device: Device;
  #hasWord = false;
  #since = 0;
  #baseFiles: number | null = null;
  #deleted = { local: 0, cloud: 0 };
}
