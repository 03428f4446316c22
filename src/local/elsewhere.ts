import type { Contents } from '@jupyterlab/services';

import type { Tree, Entry } from '../sync/entry';
import { ancestorsOf, joinPath } from '../sync/path';
import { abortable, mapBounded } from './bounded';
import { childrenOf } from './contents-files';
import { wholeSideError } from './failures';
import { lastModifiedOf } from './local-context';
import type { LocalContext } from './local-context';

/**
 * Folders of the server that can be reached from within a project by a link alone: what holds it, the extension's own folder, the
 * folders of other projects, and what holds those. Used for one look.
 *
 * #### Notes
 * The contents API does not mark links. A folder that lists the same things as another, with the same two time stamps each, of two
 * moments at least, is that other one. They are asked for when a folder is met that is not as it was known: a look that finds nothing new costs nothing.
 */
export class Elsewhere {
  /** @param places - by their paths from the Jupyter root */
  constructor(context: LocalContext, known: Tree<Entry>, places: readonly string[]) {
    this.#context = context;
    this.#known = known;
    this.#places = placesOf(context, places);
  }

  /**
   * The place that this folder of the project is, by its path from the Jupyter root; null where it is none of them.
   *
   * @param path - in the project; '' for the project's own folder
   * @throws ReplicaError where the server can't be reached
   */
  async find(
    path: string,
    children: readonly Contents.IModel[],
    signal: AbortSignal
  ): Promise<string | null> {
    if (this.#places.length === 0 || !this.#isNews(path, children)) {
      return null;
    }
    this.#listings ??= this.#list(signal);
    const own = joinPath(this.#context.root, path);
    const marks = new Set(children.map(markOf));
    for (const [place, theirs] of await this.#listings) {
      const alike = theirs.filter(mark => marks.has(mark));
      // Some of it may have changed between the two looks.
      const isMost = alike.length * 2 >= Math.max(marks.size, theirs.length);
      if (place !== own && isMost && wereMadeApart(alike)) {
        return place;
      }
    }
    return null;
  }

  /** Whether at least half of it is not what was known there. */
  #isNews(path: string, children: readonly Contents.IModel[]): boolean {
    const known = children.filter(({ name, type, size, last_modified: time }) => {
      const entry = this.#known.get(joinPath(path, name));
      return type === 'directory'
        ? entry?.kind === 'directory'
        : entry?.kind === 'file' && entry.size === size && lastModifiedOf(entry) === time;
    });
    return children.length > 0 && known.length * 2 <= children.length;
  }

  async #list(signal: AbortSignal): Promise<(readonly [string, readonly string[]])[]> {
    const { files, maxConcurrency } = this.#context;
    const listed = await mapBounded(this.#places, Math.min(8, maxConcurrency), async place => {
      try {
        const model = await abortable(files.list(place), signal);
        return [place, model ? childrenOf(model).map(markOf) : []] as const;
      } catch (error) {
        signal.throwIfAborted();
        const whole = wholeSideError(error);
        if (whole) {
          throw whole;
        }
        // What the server does not list there, it does not list by a link either.
        return [place, []] as const;
      }
    });
    return listed.filter(([, marks]) => marks.length > 0);
  }

  readonly #context: LocalContext;
  readonly #known: Tree<Entry>;
  readonly #places: readonly string[];
  #listings: Promise<readonly (readonly [string, readonly string[]])[]> | null = null;
}

function placesOf({ contents, root }: LocalContext, places: readonly string[]): string[] {
  if (places.length === 0) {
    return [];
  }
  const drive = contents.driveName(root);
  const all = [root, ...places].flatMap(place => ['', ...ancestorsOf(place), place]);
  return [...new Set(all)].filter(place => contents.driveName(place) === drive);
}

/** Whether they are of two moments at least: twins that were made in one tick of the clock look alike too. */
function wereMadeApart(marks: readonly string[]): boolean {
  return new Set(marks.map(mark => (JSON.parse(mark) as unknown[]).at(-1))).size >= 2;
}

function markOf({ name, type, size, created, last_modified }: Contents.IModel): string {
  return JSON.stringify([name, type, size, created, last_modified]);
}
