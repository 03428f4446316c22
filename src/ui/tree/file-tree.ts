import type { FileStatus, FileStatusWord } from '../../tokens';
import { copiesIn } from '../open-conflicts';

/** A file or folder of a project, with what is below it. */
export interface TreeNode {
  readonly name: string;
  /** Relative to the project's root; '' for the root itself. */
  readonly path: string;
  readonly isFolder: boolean;
  /** What was told of this very path; null for a folder of which nothing is to be said. */
  readonly file: FileStatus | null;
  /** Its own; of a folder the worst of itself and all below. */
  readonly worst: FileStatusWord;
  /** How many of itself and all below have each status; a conflict and its copy are one. */
  readonly counts: Counts;
  /** Folders first, then by name. */
  readonly children: readonly TreeNode[];
}

export type Counts = Readonly<Partial<Record<FileStatusWord, number>>>;

/** What asks most of the person comes first. */
export const WORST_FIRST: readonly FileStatusWord[] = [
  'conflict',
  'problem',
  'syncing',
  'local-change',
  'cloud-change',
  'synced',
  'ignored'
];

interface Draft {
  readonly name: string;
  readonly path: string;
  isFolder: boolean;
  file: FileStatus | null;
  readonly children: Map<string, Draft>;
}

/** The tree of the files' paths; statuses roll up to the folders. */
export function buildTree(files: readonly FileStatus[]): TreeNode {
  const root = draft('', '', true);
  const folders = new Map([['', root]]);
  for (const file of files) {
    const slash = file.path.lastIndexOf('/');
    const parent = folderAt(folders, file.path.slice(0, Math.max(0, slash)));
    const name = file.path.slice(slash + 1);
    const known = parent.children.get(name);
    if (known) {
      known.file = file;
      known.isFolder ||= file.kind === 'directory';
      continue;
    }
    const made = draft(name, file.path, file.kind === 'directory');
    made.file = file;
    parent.children.set(name, made);
    if (made.isFolder) {
      folders.set(file.path, made);
    }
  }
  return nodeOf(root, {
    collator: new Intl.Collator(undefined, { numeric: true }),
    copies: copiesIn(files)
  });
}

function folderAt(folders: Map<string, Draft>, path: string): Draft {
  const known = folders.get(path);
  if (known) {
    return known;
  }
  const slash = path.lastIndexOf('/');
  const parent = folderAt(folders, path.slice(0, Math.max(0, slash)));
  const name = path.slice(slash + 1);
  const found = parent.children.get(name) ?? draft(name, path, true);
  found.isFolder = true;
  parent.children.set(name, found);
  folders.set(path, found);
  return found;
}

function draft(name: string, path: string, isFolder: boolean): Draft {
  return { name, path, isFolder, file: null, children: new Map() };
}

interface Making {
  readonly collator: Intl.Collator;
  readonly copies: ReadonlySet<string>;
}

function nodeOf(from: Draft, making: Making): TreeNode {
  const { collator, copies } = making;
  const children = [...from.children.values()]
    .map(child => nodeOf(child, making))
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || collator.compare(a.name, b.name));
  const counts: Partial<Record<FileStatusWord, number>> = {};
  const add = (status: FileStatusWord, count: number): void => {
    counts[status] = (counts[status] ?? 0) + count;
  };
  if (from.file && !copies.has(from.path)) {
    add(from.file.status, 1);
  }
  for (const child of children) {
    for (const status of WORST_FIRST) {
      const count = child.counts[status];
      if (count !== undefined) {
        add(status, count);
      }
    }
  }
  const { name, path, isFolder, file } = from;
  const rolledUp = WORST_FIRST.find(status => counts[status] !== undefined) ?? 'synced';
  const worst = !isFolder && file ? file.status : rolledUp;
  return { name, path, isFolder, file, worst, counts, children };
}

/** One line of the tree as it is shown. */
export interface Row {
  readonly node: TreeNode;
  /** From 1. */
  readonly level: number;
  /** Among those beside it, from 1. */
  readonly position: number;
  readonly setSize: number;
  /** Of a folder; false for a file. */
  readonly isOpen: boolean;
}

/** The lines that are shown, from the top: what is below a closed folder is not. */
export function rowsOf(root: TreeNode, isOpen: (path: string) => boolean): Row[] {
  const rows: Row[] = [];
  const add = ({ children }: TreeNode, level: number): void => {
    children.forEach((node, index) => {
      const open = node.isFolder && isOpen(node.path);
      rows.push({ node, level, position: index + 1, setSize: children.length, isOpen: open });
      if (open) {
        add(node, level + 1);
      }
    });
  };
  add(root, 1);
  return rows;
}
