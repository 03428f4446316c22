import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { ProjectsError } from '../../tokens';

interface TextArgument {
  readonly type: 'string';
  readonly description: string;
  /** The values it may have; any but '' when left out. */
  readonly choices?: readonly string[];
  /** null means something else than left out. */
  readonly nullable?: true;
}

interface FlagArgument {
  readonly type: 'boolean';
  readonly description: string;
}

/** What a command takes, by name. */
export type Arguments = Readonly<Record<string, TextArgument | FlagArgument>>;

type ValueOf<A> = A extends { readonly nullable: true } ? TextOf<A> | null : TextOf<A>;

type TextOf<A> = A extends { readonly choices: readonly (infer C)[] }
  ? C
  : A extends FlagArgument
    ? boolean
    : string;

/** What a call gave of them. */
export type Values<A extends Arguments> = { readonly [K in keyof A]?: ValueOf<A[K]> };

/** The JSON schema of a command's arguments. */
export function schemaOf(args: Arguments): ReadonlyJSONObject {
  const properties: Record<string, ReadonlyJSONObject> = {};
  for (const [name, argument] of Object.entries(args)) {
    properties[name] = {
      type: isNullable(argument) ? [argument.type, 'null'] : argument.type,
      description: argument.description,
      ...('choices' in argument && argument.choices
        ? { enum: [...argument.choices, ...(isNullable(argument) ? [null] : [])] }
        : {})
    };
  }
  return { type: 'object', properties, additionalProperties: false };
}

/**
 * The arguments of a call, checked. What is undefined counts as not given; null too, but where it is a value.
 *
 * @throws A `ProjectsError` `invalid-arguments`.
 */
export function valuesOf<A extends Arguments>(
  id: string,
  args: A,
  given: ReadonlyPartialJSONObject
): Values<A> {
  const values: Record<string, string | boolean | null> = {};
  for (const [name, value] of Object.entries(given)) {
    const argument = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === null && argument && isNullable(argument)) {
      values[name] = null;
      continue;
    }
    if (value === undefined || value === null || isLuminos(name)) {
      continue;
    }
    if (!argument) {
      const known = Object.keys(args).join(', ') || 'none';
      throw invalid(id, `there is no argument "${name}"; known: ${known}`);
    }
    if (argument.type === 'boolean') {
      if (typeof value !== 'boolean') {
        throw invalid(id, `"${name}" must be true or false`);
      }
      values[name] = value;
      continue;
    }
    if (typeof value !== 'string' || value.trim() === '') {
      throw invalid(id, `"${name}" must be a text that is not empty`);
    }
    if (argument.choices && !argument.choices.includes(value)) {
      throw invalid(id, `"${name}" must be one of ${argument.choices.join(', ')}`);
    }
    values[name] = value;
  }
  return values as Values<A>;
}

function isNullable(argument: TextArgument | FlagArgument): boolean {
  return 'nullable' in argument && argument.nullable === true;
}

/** A key binding adds `_luminoEvent` to what it calls with. */
function isLuminos(name: string): boolean {
  return name.startsWith('_');
}

function invalid(id: string, why: string): ProjectsError {
  return new ProjectsError('invalid-arguments', `${id}: ${why}.`);
}
