import type { Random } from '../simulation/random';
import type { Proven } from './proof';

/** How a round ended: what was hit, in words, and what was proven after it. */
export interface RoundResult extends Proven {
  readonly hit: string;
}

/** Rounds of one kind, on servers that they share. */
export interface Scenario {
  /** Plays a round. Rejects with a `Violation` where something does not hold after it. */
  play(random: Random, name: string): Promise<RoundResult>;
  /** Where all that its servers keep lies. */
  readonly folder: string;
  /** Writes what the servers said beside it. */
  saveLogs(): Promise<void>;
  /** Ends the servers; their folder stays. */
  stop(): Promise<void>;
}

/** Sets a scenario up in a new folder; words where this machine can't have it. */
export type MakeScenario = (folder: string) => Promise<Scenario | string>;
