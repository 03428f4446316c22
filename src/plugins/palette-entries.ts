import type { IPaletteItem } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { IProjects, ProjectSummary } from '../tokens';
import { CommandIDs } from './commands/ids';

/** More projects than this have no entries of their own: the palette is for what is at hand. Those synced last come first. */
const MOST = 20;

/** Entries of the palette that are about one project each, kept as the projects are. */
export class PaletteEntries implements IDisposable {
  /** @param add - adds an entry, until what it gives is disposed of */
  constructor(options: PaletteEntries.IOptions) {
    this.#options = options;
    options.projects.projectsChanged.connect(this.#update, this);
    this.#update();
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    this.#options.projects.projectsChanged.disconnect(this.#update, this);
    this.#clear();
  }

  #update(): void {
    const { projects, add, trans } = this.#options;
    const wanted = atHand(projects.projects).flatMap(project =>
      commandsOf(project).map(command => ({ command, project }))
    );
    const state = JSON.stringify(
      wanted.map(({ command, project }) => [command, project.id, project.title])
    );
    if (state === this.#state) {
      return;
    }
    this.#state = state;
    this.#clear();
    this.#entries = wanted.map(({ command, project }) =>
      add({
        command,
        category: trans.__('Projects'),
        args: { projectId: project.id, interactive: true }
      })
    );
  }

  #clear(): void {
    this.#entries.forEach(entry => entry.dispose());
    this.#entries = [];
  }

  readonly #options: PaletteEntries.IOptions;
  #entries: readonly IDisposable[] = [];
  #state = '';
  #isDisposed = false;
}

export namespace PaletteEntries {
  export interface IOptions {
    readonly projects: Pick<IProjects, 'projects' | 'projectsChanged'>;
    readonly add: (item: IPaletteItem) => IDisposable;
    readonly trans: TranslationBundle;
  }
}

/** Those with a folder here first, and of these the ones that were synced last. */
function atHand(projects: readonly ProjectSummary[]): readonly ProjectSummary[] {
  const rank = ({ localPath, lastSync }: ProjectSummary): string =>
    localPath === null ? '' : `linked ${lastSync ?? ''}`;
  return [...projects].sort((a, b) => order(rank(b), rank(a))).slice(0, MOST);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function commandsOf({ localPath, paused, role }: ProjectSummary): readonly string[] {
  const share = role === null ? [] : [CommandIDs.share];
  return localPath === null
    ? [...(role === 'finder' ? [] : [CommandIDs.open]), ...share]
    : [
        CommandIDs.sync,
        CommandIDs.preview,
        CommandIDs.show,
        paused ? CommandIDs.resume : CommandIDs.pause,
        ...share
      ];
}
