import { parseArgs } from 'node:util';

import { CommandError } from '../errors';

type OptionTypes = Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;

/** What a command was given: its words, and its options. */
export class Arguments {
  readonly #values: Record<string, unknown>;
  readonly #words: readonly string[];

  /** Throws a `CommandError` for an option that the command has not. */
  constructor(args: readonly string[], options: OptionTypes) {
    try {
      const { values, positionals } = parseArgs({
        args: [...args],
        options,
        allowPositionals: true
      });
      this.#values = values;
      this.#words = positionals;
    } catch (error) {
      throw new CommandError(error instanceof Error ? error.message : String(error));
    }
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') {
      throw new CommandError(`--${name} is needed.`);
    }
    return value;
  }

  list(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
  }

  /** A whole number in the range. */
  number(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) {
      return undefined;
    }
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new CommandError(`--${name} takes a whole number from ${least} to ${most}.`);
    }
    return value;
  }

  /** Bytes, as 1500, 16MB or 2GB. */
  bytes(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) {
      return undefined;
    }
    const [, digits = '', unit = ''] = /^(\d+)\s*(|KB|MB|GB|TB)$/i.exec(text.trim()) ?? [];
    const value = Number(digits) * 1024 ** ['', 'KB', 'MB', 'GB', 'TB'].indexOf(unit.toUpperCase());
    if (digits === '' || value < 1 || !Number.isSafeInteger(value)) {
      throw new CommandError(`--${name} takes a size in bytes, as 1500, 16MB or 2GB.`);
    }
    return value;
  }

  /** The words after the command, as many as are named. */
  words(...names: string[]): string[] {
    if (this.#words.length !== names.length) {
      throw new CommandError(
        names.length === 0
          ? `Not understood: ${this.#words.join(' ')}`
          : `This command takes ${names.join(' and ')}.`
      );
    }
    return [...this.#words];
  }
}
