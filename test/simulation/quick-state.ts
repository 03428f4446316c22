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

/** Opens what is saved; each save goes through the world as a write of one of the two files does. */
export async function openQuickState(
  world: World,
  page: Page,
  files: QuickFiles
): Promise<Journal> {
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
  let current = await ask('load state', [() => newestOf(files)]);
  const save = async (memory: Memory): Promise<void> => {
    const at = current && files.generations[0] === current ? 1 : 0;
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
  };
  return {
    load: () => Promise.resolve(current?.memory ?? EMPTY_MEMORY),
    intend: async intents => save(await changed(current, journal => journal.intend(intents))),
    commit: async change => save(await changed(current, journal => journal.commit(change)))
  };
}

function newestOf({ generations }: QuickFiles): Generation | null {
  const [a, b] = generations;
  return a && b ? (a.number > b.number ? a : b) : (a ?? b);
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
