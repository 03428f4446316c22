import type { LocalProject } from '../state/local-project';
import { createIgnores } from '../sync/ignore';
import type { Ignores } from '../sync/ignore';
import { isWithin } from '../sync/path';
import type { Registry } from './registry';
import type { SettingsSource } from './settings';

/** What a project leaves out: by the settings, by its own rules, and what belongs to others. */
export class ProjectIgnores {
  constructor(options: ProjectIgnores.IOptions) {
    this.#options = options;
  }

  of({ id, path }: Pick<LocalProject, 'id' | 'path'>): Ignores {
    const { registry, settings, sharedIgnores } = this.#options;
    const { ignore, syncHidden } = settings.current;
    const others = [registry.stateFolder, ...registry.linked().map(linked => linked.path)];
    const rules = {
      patterns: [...sharedIgnores(id), ...ignore],
      syncHidden,
      excluded: others
        .filter(other => other !== path && isWithin(other, path))
        .map(other => (path === '' ? other : other.slice(path.length + 1)))
    };
    const key = JSON.stringify(rules);
    const known = this.#made.get(id);
    if (known?.key === key) {
      return known.ignores;
    }
    const ignores = createIgnores(rules);
    this.#made.set(id, { key, ignores });
    return ignores;
  }

  readonly #options: ProjectIgnores.IOptions;
  /** By the project's id: compiling the patterns costs more than comparing them. */
  readonly #made = new Map<string, { readonly key: string; readonly ignores: Ignores }>();
}

export namespace ProjectIgnores {
  export interface IOptions {
    readonly registry: Registry;
    readonly settings: SettingsSource;
    /** The ignore patterns that all devices of a project share, as far as they are known. */
    readonly sharedIgnores: (projectId: string) => readonly string[];
  }
}
