import type { Journal, Memory } from '../../src/sync/memory';
import { EMPTY_MEMORY } from '../../src/sync/memory';
import { MemoryJournal } from '../support/memory-journal';
import type { Page, World } from './world';

/** A saved state, or null for a file that a save was cut short in. */
interface Generation {
  readonly number: number;
  readonly memory: Memory;
}

/** The two files of a device's state, as `StateStore` keeps them, without SQLite. */
export interface QuickFiles {
  generations: [Generation | null, Generation | null];
}

/** A journal, and a second look at what is saved: another page may have saved. */
export interface QuickState {
  readonly journal: Journal;
  reload(): Promise<void>;
}

/** Opens what is saved; each save goes through the world as a write of one of the two files does. */
export async function openQuickState(
  world: World,
  page: Page,
  files: QuickFiles
): Promise<QuickState> {
  const networkError = () => new Error('the state could not be saved');
  const ask = <T>(label: string, phases: readonly (() => T)[]) =>
    world.request<T>({
      page,
      to: 'jupyter',
      label,
      phases,
      suffers: ({ kind }) =>
        ['lost-request', 'lost-answer', 'crash', 'status'].includes(kind) ||
        (kind === 'kill' && phases.length > 1),
      suffer: () => {
        throw networkError();
      },
      networkError
    });
  const load = () => ask('load state', [() => newestOf(files)]);
  let { at: held, generation: current } = await load();
  const save = async (memory: Memory): Promise<void> => {
    const at = held === 0 ? 1 : 0;
    const next: Generation = { number: (current?.number ?? 0) + 1, memory };
    await ask('put state', [
      () => {
        files.generations[at] = null;
      },
      () => {
        files.generations[at] = next;
      }
    ]);
    current = next;
    held = at;
  };
  return {
    journal: {
      load: () => Promise.resolve(current?.memory ?? EMPTY_MEMORY),
      intend: async intents => save(await changed(current, journal => journal.intend(intents))),
      commit: async change => save(await changed(current, journal => journal.commit(change)))
    },
    reload: async () => {
      ({ at: held, generation: current } = await load());
    }
  };
}

interface Found {
  readonly at: 0 | 1 | null;
  readonly generation: Generation | null;
}

function newestOf({ generations }: QuickFiles): Found {
  const [a, b] = generations;
  if (b && (!a || b.number > a.number)) {
    return { at: 1, generation: b };
  }
  return { at: a ? 0 : null, generation: a };
}

async function changed(
  current: Generation | null,
  change: (journal: Journal) => Promise<void>
): Promise<Memory> {
  const journal = new MemoryJournal();
  journal.memory = current?.memory ?? EMPTY_MEMORY;
  await change(journal);
  return journal.memory;
}
