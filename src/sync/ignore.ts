import ignore from 'ignore';

import type { EntryKind } from './entry';
import { isWithin } from './path';

/** What is left out where the person says nothing else: in .gitignore syntax. */
export const DEFAULT_IGNORES: readonly string[] = [
  '.git/',
  '.ipynb_checkpoints/',
  '.venv/',
  'venv/',
  '.tox/',
  '.nox/',
  '.conda/',
  '.mypy_cache/',
  '.pytest_cache/',
  '.ruff_cache/',
  '__pycache__/',
  '*.py[cod]',
  '*$py.class',
  'node_modules/',
  '.Trash-*/',
  '.DS_Store',
  'Thumbs.db',
  '*~',
  '.~*',
  '.#*',
  '*.swp',
  '*.tmp'
];

export interface IgnoreOptions {
  /** Patterns in .gitignore syntax, added after the defaults: `!pattern` takes a default back. */
  readonly patterns: readonly string[];
  /** Whether names that start with a dot are synced. */
  readonly syncHidden: boolean;
  /** Folders left out whatever the patterns say, relative to the project's root. */
  readonly excluded?: readonly string[];
}

/** Tells what is neither read, nor written, nor deleted. Paths must be valid ones. */
export type Ignores = (path: string, kind: EntryKind) => boolean;

export function createIgnores({ patterns, syncHidden, excluded = [] }: IgnoreOptions): Ignores {
  const rules = ignore().add([...DEFAULT_IGNORES, ...patterns]);
  return (path, kind) =>
    (!syncHidden && isHidden(path)) ||
    excluded.some(folder => isWithin(path, folder)) ||
    rules.ignores(kind === 'directory' ? `${path}/` : path);
}

/** True when a component starts with a dot: what people don't see in the file browser. */
export function isHidden(path: string): boolean {
  return path.startsWith('.') || path.includes('/.');
}
