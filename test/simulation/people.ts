import type { Cloud } from './cloud';
import type { Device } from './device';
import { ROOT } from './places';
import type { Act } from './scenario';
import type { World } from './world';

/** Somewhere that people work: paths are relative to the project's root. */
interface Place {
  tree(): Promise<Map<string, string | null>> | Map<string, string | null>;
  write(path: string, text: string): Promise<boolean> | boolean;
  remove(path: string): Promise<boolean> | boolean;
  makeFolder(path: string): Promise<boolean> | boolean;
  rename(from: string, to: string): Promise<boolean> | boolean;
}

/** What people have written, anywhere. */
export class People {
  constructor(world: World, devices: readonly Device[], cloud: Cloud) {
    this.#world = world;
    this.#places = new Map<string, Place>([['cloud', cloud]]);
    for (const { name, disk } of devices) {
      this.#places.set(name, {
        tree: () => disk.tree(ROOT),
        write: (path, text) => disk.write(`${ROOT}/${path}`, text),
        remove: path => disk.remove(`${ROOT}/${path}`),
        makeFolder: path => disk.makeFolder(`${ROOT}/${path}`),
        rename: (from, to) => disk.rename(`${ROOT}/${from}`, `${ROOT}/${to}`)
      });
    }
  }

  /** Every text that a person wrote. */
  readonly texts = new Set<string>();
  /** Whether anybody had to do with a conflict copy: then the engine can't be blamed for how many there are. */
  touchedCopies = false;

  async act(act: Act): Promise<void> {
    const place = this.#places.get(act.who);
    if (!place) {
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
      `   ${act.who}: ${act.act} ${path} ${'to' in act ? act.to : ''}${'text' in act ? `"${act.text}"` : ''}`
    );
    switch (act.act) {
      case 'write':
        await this.#write(place, path, act.text);
        return;
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
      this.texts.add(text);
    }
  }

  readonly #world: World;
  readonly #places: Map<string, Place>;
}
