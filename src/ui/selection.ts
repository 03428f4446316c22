import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The sections of the list of projects. */
export type Section = 'here' | 'mine' | 'shared';

/** What the first sync of a folder is to be, while its steps are gone through. */
export type Setup =
  | { readonly kind: 'create'; readonly path: string }
  | { readonly kind: 'open'; readonly projectId: string };

/** What is remembered of the panel over a reload; plain JSON. */
export interface Layout {
  readonly projectId: string | null;
  readonly showsActivity: boolean;
  readonly folded: readonly string[];
  /** Open folders, by the project's id. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
  readonly setup: Setup | null;
  readonly skipsSetup: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** So many open folders are remembered of a project. */
const MOST_FOLDERS = 500;

/** Which project is unfolded in the panel, and what of it. The only state beside the model's. */
export class Selection {
  /** null when none is unfolded. */
  get projectId(): string | null {
    return this.#projectId;
  }

  get showsActivity(): boolean {
    return this.#showsActivity;
  }

  /** What is looked for among projects and files; '' when nothing is. */
  get query(): string {
    return this.#query;
  }

  /** What was chosen for a first sync; null when nothing was. */
  get setup(): Setup | null {
    return this.#setup;
  }

  /** Whether the person wants no guide through the first sync. */
  get skipsSetup(): boolean {
    return this.#skipsSetup;
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  select(projectId: string | null): void {
    if (projectId !== this.#projectId) {
      this.#projectId = projectId;
      this.#changed.emit();
    }
  }

  showActivity(shows: boolean): void {
    if (shows !== this.#showsActivity) {
      this.#showsActivity = shows;
      this.#changed.emit();
    }
  }

  search(query: string): void {
    if (query !== this.#query) {
      this.#query = query;
      this.#changed.emit();
    }
  }

  isFolded(section: Section): boolean {
    return this.#folded.has(section);
  }

  fold(section: Section, folded: boolean): void {
    if (folded !== this.#folded.has(section)) {
      const sections = new Set(this.#folded);
      this.#folded = toggled(sections, section, folded);
      this.#changed.emit();
    }
  }

  /** Paths relative to the project's root; another set when one was opened or closed. */
  openFolders(projectId: string): ReadonlySet<string> {
    return this.#folders.get(projectId) ?? NONE;
  }

  openFolder(projectId: string, path: string, open: boolean): void {
    const known = this.openFolders(projectId);
    if (open !== known.has(path)) {
      this.#folders.set(projectId, toggled(new Set(known), path, open));
      this.#changed.emit();
    }
  }

  choose(setup: Setup | null): void {
    this.#setup = setup;
    this.#changed.emit();
  }

  skipSetup(skips: boolean): void {
    if (skips !== this.#skipsSetup) {
      this.#skipsSetup = skips;
      this.#changed.emit();
    }
  }

  toJSON(): Layout {
    const folders = [...this.#folders]
      .filter(([, paths]) => paths.size > 0)
      .map(([id, paths]) => [id, [...paths].slice(-MOST_FOLDERS)] as const);
    return {
      projectId: this.#projectId,
      showsActivity: this.#showsActivity,
      folded: [...this.#folded],
      folders: Object.fromEntries(folders),
      setup: this.#setup,
      skipsSetup: this.#skipsSetup
    };
  }

  /** Takes up what was remembered; of what is not of this shape nothing. */
  restore(layout: unknown): void {
    if (!isRecord(layout)) {
      return;
    }
    const { projectId, showsActivity, folded, folders, setup, skipsSetup } = layout;
    this.#projectId = typeof projectId === 'string' ? projectId : null;
    this.#showsActivity = showsActivity === true;
    this.#folded = new Set(stringsOf(folded));
    this.#folders = new Map(
      Object.entries(isRecord(folders) ? folders : {}).map(([id, paths]) => [
        id,
        new Set(stringsOf(paths))
      ])
    );
    this.#setup = setupOf(setup);
    this.#skipsSetup = skipsSetup === true;
    this.#changed.emit();
  }

  #projectId: string | null = null;
  #showsActivity = false;
  #query = '';
  #folded: ReadonlySet<string> = NONE;
  #folders = new Map<string, ReadonlySet<string>>();
  #setup: Setup | null = null;
  #skipsSetup = false;
  readonly #changed = new Signal<this, void>(this);
}

function toggled(set: Set<string>, value: string, isIn: boolean): ReadonlySet<string> {
  if (isIn) {
    set.add(value);
  } else {
    set.delete(value);
  }
  return set;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
}

function setupOf(value: unknown): Setup | null {
  if (!isRecord(value)) {
    return null;
  }
  const { kind, path, projectId } = value;
  if (kind === 'create' && typeof path === 'string') {
    return { kind, path };
  }
  return kind === 'open' && typeof projectId === 'string' ? { kind, projectId } : null;
}
