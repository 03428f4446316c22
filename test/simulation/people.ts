import type { Cloud } from './cloud';
import type { Device } from './device';
import { ROOT } from './places';
import { conflictPath } from '../../src/sync/conflict-name';
import { hashOfText } from '../property/support/trees';
import { edited } from './documents';
import type { Act } from './scenario';
import type { World } from './world';
import type { Writings } from './writings';

/** Somewhere that people work: paths are relative to the project's root. */
interface Place {
  tree(): Promise<Map<string, string | null>> | Map<string, string | null>;
  write(path: string, text: string): Promise<boolean> | boolean;
  remove(path: string): Promise<boolean> | boolean;
  makeFolder(path: string): Promise<boolean> | boolean;
  rename(from: string, to: string): Promise<boolean> | boolean;
  /** Only of a device. */
  setAside?(leave: 'nothing' | 'file' | 'folder'): void;
  bringBack?(): void;
}

/** What people have written, anywhere. */
export class People {
  constructor(world: World, devices: readonly Device[], cloud: Cloud, writings: Writings) {
    this.#world = world;
    this.#writings = writings;
    this.#places = new Map<string, Place>([['cloud', cloud]]);
    for (const { name, disk } of devices) {
      this.#places.set(name, {
        tree: () => disk.tree(ROOT),
        write: (path, text) => disk.write(`${ROOT}/${path}`, text),
        remove: path => disk.remove(`${ROOT}/${path}`),
        makeFolder: path => disk.makeFolder(`${ROOT}/${path}`),
        rename: (from, to) => disk.rename(`${ROOT}/${from}`, `${ROOT}/${to}`),
        setAside: leave => disk.setAside(ROOT, leave),
        bringBack: () => disk.bringBack(ROOT)
      });
    }
  }

  /** Whether anybody had to do with a conflict copy: then the engine can't be blamed for how many there are. */
  touchedCopies = false;

  async act(act: Act): Promise<void> {
    const place = this.#places.get(act.who);
    if (!place) {
      return;
    }
    if (act.act === 'unroot' || act.act === 'reroot') {
      this.#world.log(`   ${act.who}: ${act.act} ${'leave' in act ? act.leave : ''}`);
      if (act.act === 'unroot') {
        place.setAside?.(act.leave);
      } else {
        place.bringBack?.();
      }
      return;
    }
    const tree = await place.tree();
    const pick = (path: string | number) =>
      typeof path === 'string' ? path : [...tree.keys()][path % Math.max(1, tree.size)];
    const path = pick(act.path);
    if (path === undefined) {
      return;
    }
    const others = 'to' in act ? [pick(act.to) ?? ''] : [];
    this.touchedCopies ||= [path, ...others].some(each => each.includes('(conflict'));
    this.#world.log(
      `   ${act.who}: ${act.act} ${path} ${'to' in act ? act.to : ''}${'text' in act ? JSON.stringify(act.text) : ''}` +
        ('edit' in act ? `${act.edit.how} ${act.edit.at} ${act.edit.piece}` : '')
    );
    switch (act.act) {
      case 'write':
        await this.#write(place, path, act.text);
        return;
      case 'edit': {
        const text = tree.get(path);
        // Nobody edits what is half written: it may be taken for the write that was cut short.
        if (typeof text === 'string' && this.#writings.has(text)) {
          await this.#write(place, path, edited(path, text, act.edit));
        }
        return;
      }
      case 'squat': {
        const text = tree.get(path);
        if (typeof text === 'string') {
          this.touchedCopies = true;
          const isTaken = (each: string) => tree.has(each);
          await this.#write(place, conflictPath(path, hashOfText(text), isTaken), act.text);
        }
        return;
      }
      case 'remove':
        await place.remove(path);
        return;
      case 'mkdir':
        await place.makeFolder(path);
        return;
      case 'rename':
        await place.rename(path, act.to);
        return;
      case 'swap': {
        const other = pick(act.to);
        if (other !== undefined && other !== path && (await place.rename(path, 'swapped'))) {
          await place.rename(other, path);
          if (!(await place.rename('swapped', other))) {
            await place.rename('swapped', path);
          }
        }
        return;
      }
      case 'turn': {
        const isFile = typeof tree.get(path) === 'string';
        if (await place.remove(path)) {
          await this.#write(place, isFile ? `${path}/in.txt` : path, act.text);
        }
      }
    }
  }

  async #write(place: Place, path: string, text: string): Promise<void> {
    if (await place.write(path, text)) {
      this.#writings.add(text);
    }
  }

  readonly #world: World;
  readonly #writings: Writings;
  readonly #places: Map<string, Place>;
}
