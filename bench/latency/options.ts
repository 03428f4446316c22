import { parseArgs } from 'node:util';

export interface Options {
  /** Names of measurements. */
  readonly only: readonly string[];
  /** Fewer samples. */
  readonly quick: boolean;
  readonly idleMinutes: number;
  /** A file for what the page did; null: none. */
  readonly profile: string | null;
}

export function optionsOf(args: string[], names: readonly string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'idle-minutes': { type: 'string', default: '2' },
      profile: { type: 'string' }
    }
  });
  const only = values.only?.split(',') ?? names;
  const unknown = only.find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--only takes some of ${names.join(', ')}; not "${unknown}"`);
  }
  const idleMinutes = Number(values['idle-minutes']);
  if (!(idleMinutes > 0)) {
    throw new Error('--idle-minutes takes a number');
  }
  return { only, quick: values.quick, idleMinutes, profile: values.profile ?? null };
}
