import type { FileVersionRow } from '../database/tables';
import type { Entry } from './entry';
import { ancestorsOf, isWithin, pathFault } from './project-path';
import type { WorkingTree } from './working-tree';

export type OperationStatus = 'applied' | 'conflict' | 'missing_content' | 'forbidden' | 'invalid';

/** What became of one operation; refused, it changed nothing. */
export interface OperationResult {
  readonly status: OperationStatus;
  /** What the path holds now. */
  readonly entry: Entry | null;
  /** For a person: why it was refused. */
  readonly message?: string;
}

/** What must hold of what is at a path now (null: nothing is) for an operation to be applied. */
export type Precondition = (current: Entry | null) => boolean;

/** @param version - a file_version_id; null: nothing may be there. */
export function isVersion(version: string | null): Precondition {
  const wanted = version?.toLowerCase() ?? null;
  return current => (current?.file_version_id ?? null) === wanted;
}

/** @param version - of this project; null: it has none of that id. */
export async function put(
  tree: WorkingTree,
  path: string,
  version: FileVersionRow | null,
  holds: Precondition
): Promise<OperationResult> {
  const fault = pathFault(path);
  if (fault !== null) {
    return invalid(fault);
  }
  const current = await tree.get(path);
  if (!version || version.state === 'announced') {
    return refused(
      'missing_content',
      current,
      version ? 'its content has not arrived' : 'this project has no such version'
    );
  }
  if (current?.file_version_id === version.id) {
    return applied(current);
  }
  if (!holds(current)) {
    return conflict(current, 'it has changed');
  }
  if (current?.kind === 'directory') {
    return conflict(current, 'it is a directory');
  }
  const obstacle = await makeParents(tree, path);
  return obstacle ?? applied(tree.put(path, version, current));
}

export async function remove(
  tree: WorkingTree,
  path: string,
  holds: Precondition
): Promise<OperationResult> {
  const fault = pathFault(path);
  if (fault !== null) {
    return invalid(fault);
  }
  const current = await tree.get(path);
  if (!current) {
    return conflict(null, 'it is gone already');
  }
  if (!holds(current)) {
    return conflict(current, 'it has changed');
  }
  if (current.kind === 'directory' && (await tree.below(path)).length > 0) {
    return conflict(current, 'it is not empty');
  }
  tree.remove(current);
  return applied(null);
}

export async function makeDirectory(tree: WorkingTree, path: string): Promise<OperationResult> {
  const fault = pathFault(path);
  if (fault !== null) {
    return invalid(fault);
  }
  const current = await tree.get(path);
  if (current) {
    return current.kind === 'directory' ? applied(current) : conflict(current, 'it is a file');
  }
  const obstacle = await makeParents(tree, path);
  return obstacle ?? applied(tree.makeDirectory(path));
}

export interface Move {
  readonly from: string;
  readonly to: string;
  /** Of what is moved. */
  readonly holds: Precondition;
  /** Nothing that is moved may have changed later than that; null: it may. */
  readonly ifRevision: number | null;
}

export async function move(
  tree: WorkingTree,
  { from, to, holds, ifRevision }: Move
): Promise<OperationResult> {
  const fault = pathFault(from) ?? pathFault(to);
  if (fault !== null) {
    return invalid(fault);
  }
  if (isWithin(to, from)) {
    return invalid("it can't be moved into itself");
  }
  const source = await tree.get(from);
  const target = await tree.get(to);
  if (!source) {
    return conflict(target, 'what was to be moved is gone');
  }
  if (!holds(source)) {
    return conflict(source, 'what was to be moved has changed');
  }
  if (target) {
    return conflict(target, 'something is there already');
  }
  if (ifRevision !== null && (await tree.lastRevisionIn(source)) > ifRevision) {
    return conflict(source, 'something in it has changed');
  }
  const below = source.kind === 'directory' ? await tree.below(from) : [];
  const moved = (entry: Entry) => `${to}${entry.path.slice(from.length)}`;
  const deepFault = below.map(entry => pathFault(moved(entry))).find(each => each !== null);
  if (deepFault != null) {
    return invalid(`of something in it, ${deepFault}`);
  }
  const obstacle = await makeParents(tree, to);
  if (obstacle) {
    return obstacle;
  }
  const entry = tree.relocate(source, to);
  for (const each of below) {
    tree.relocate(each, moved(each));
  }
  return applied(entry);
}

/** Answers what stands in the way, having made nothing; null: all parents are there now. */
async function makeParents(tree: WorkingTree, path: string): Promise<OperationResult | null> {
  const missing: string[] = [];
  for (const parent of ancestorsOf(path)) {
    const held = await tree.get(parent);
    if (held?.kind === 'file') {
      return conflict(null, `"${parent}" is a file`);
    }
    if (!held) {
      missing.push(parent);
    }
  }
  missing.forEach(parent => tree.makeDirectory(parent));
  return null;
}

function applied(entry: Entry | null): OperationResult {
  return { status: 'applied', entry };
}

function conflict(entry: Entry | null, message: string): OperationResult {
  return refused('conflict', entry, message);
}

function invalid(message: string): OperationResult {
  return refused('invalid', null, message);
}

function refused(status: OperationStatus, entry: Entry | null, message: string): OperationResult {
  return { status, entry, message };
}
