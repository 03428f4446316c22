import type { Contents } from '@jupyterlab/services';

import { ancestorsOf, nameOf } from '../sync/path';
import type { Problem } from '../sync/problem';
import { trans } from '../sync/words';

/**
 * Symbolic links by their path in the project, each with the link's own time of modification as the contents API tells it. '' is
 * the project's folder itself, or what lies on the way to it.
 */
export type LinkTimes = ReadonlyMap<string, string>;

/**
 * What the helper kernel learned of a project's links, as the local replicas have it remembered between looks; null where it never
 * looked. Where it did, the project's folder was a true directory.
 */
export function linksFrom(cursor: string | null): LinkTimes | null {
  const told: unknown = cursor?.startsWith('{') ? JSON.parse(cursor) : null;
  if (typeof told !== 'object' || told === null || !('links' in told)) {
    return null;
  }
  const { links } = told;
  return typeof links !== 'object' || links === null
    ? null
    : new Map(Object.entries(links).map(([path, time]) => [path, String(time)]));
}

/** The same links always give the same text. */
export function cursorOf(links: LinkTimes): string {
  const sorted = [...links].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ links: Object.fromEntries(sorted) });
}

export function isLinkProblem(path: string): Problem {
  return {
    path,
    code: 'unreadable',
    message: trans.__('"%1" is a symbolic link: it is not followed, and not synced.', path)
  };
}

/**
 * The links that a side which can't tell them apart must leave alone: what was known for a link stays one until the helper kernel
 * has seen it to be something else.
 */
export class KnownLinks {
  /**
   * @param cursor - what is remembered of them
   * @param sightings - those that this page has seen, remembered or not yet
   */
  constructor(cursor: string | null, sightings: LinkTimes) {
    const remembered = linksFrom(cursor);
    const times = new Map([...(remembered ?? []), ...sightings]);
    this.isRootReplaced = remembered !== null && times.has('');
    times.delete('');
    this.#times = times;
    this.#cursor = cursor;
    this.#isNews = times.size > 0 && (remembered === null || times.size > remembered.size);
    for (const [path, time] of times) {
      this.#moved.add(markOf(nameOf(path), time));
    }
  }

  /** Whether the project's folder was a directory once and is reached by a link now. */
  readonly isRootReplaced: boolean;

  /** What is to be remembered, and whether that is worth a save of its own. */
  get memory(): { readonly cursor: string | null; readonly isFar: boolean } {
    return {
      cursor: this.#isNews ? cursorOf(this.#times) : this.#cursor,
      isFar: this.#isNews
    };
  }

  /** Whether a listing shows a known link at the path: also one that was moved with its folder. */
  meets(path: string, { name, last_modified: time }: Contents.IModel): boolean {
    return this.#times.size > 0 && (this.#times.has(path) || this.#moved.has(markOf(name, time)));
  }

  /** The known link that the path is, or lies behind; null where there is none. */
  on(path: string): string | null {
    return this.#times.size === 0
      ? null
      : ([...ancestorsOf(path), path].find(each => this.#times.has(each)) ?? null);
  }

  readonly #times: LinkTimes;
  readonly #moved = new Set<string>();
  readonly #cursor: string | null;
  readonly #isNews: boolean;
}

/** The name too: a folder has the time of the link that was made in it last. */
function markOf(name: string, time: string): string {
  return `${time} ${name}`;
}
