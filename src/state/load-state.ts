import type { SqlJsStatic } from 'sql.js';

import { DamagedDatabaseError, StateDatabase } from './database';
import type { Damage, Generation } from './generations';
import { trans } from '../sync/words';

/** The newest of the generations that opens. */
export interface OpenedState {
  readonly database: StateDatabase;
  readonly generation: Generation;
}

/**
 * Opens the first generation that passes its checks, and adds those that don't to `damaged`.
 *
 * @param generations newest first
 * @throws StateError `newer-version`: an older generation behind such a one is not taken, for it would be saved over
 */
export async function openNewest(
  sqlJs: SqlJsStatic,
  generations: readonly Generation[],
  damaged: Damage[]
): Promise<OpenedState | null> {
  for (const generation of generations) {
    try {
      return { database: await StateDatabase.open(sqlJs, generation.bytes), generation };
    } catch (error) {
      if (!(error instanceof DamagedDatabaseError)) {
        throw error;
      }
      damaged.push({ file: generation.file, reason: error.message, bytes: generation.whole });
    }
  }
  return null;
}

/** What a person should know of the damage, and of what was done about it. */
export function describeDamage(damaged: readonly Damage[], used: Generation | null): string {
  const files = damaged.map(({ file, reason }) => `${file}: ${reason}`).join('; ');
  return used
    ? trans.__(
        "One of the two files with the saved state can't be used (%1). The state saved in %2 is used.",
        files,
        used.file
      )
    : trans.__(
        "The saved state can't be used (%1). A new one was begun: link your folders to their projects again; nothing is deleted by that, and what is equal is not transferred.",
        files
      );
}
