import { forEachLimited } from './batches';
import { sliceOf } from './content';
import type { Side } from './entry';
import type { Plan, PutStep } from './plan';
import type { Replica } from './replica';

/** Larger contents are not compared with what is unsaved; bytes. */
const MAX_SIZE = 16 * 1024 * 1024;
const READS_AT_ONCE = 4;

/** What people have typed into open documents, and not saved. Paths are relative to the project's folder. */
export interface Drafts {
  has(path: string): boolean;
  /**
   * Whether the document could take this for its file's content, and keep all that was typed. Whoever says no is asked again by each
   * later run.
   *
   * @param content - null where the file would go
   */
  admits(path: string, content: Uint8Array | null): boolean | Promise<boolean>;
}

interface Reading {
  readonly replicas: { readonly [side in Side]: Replica };
  readonly signal: AbortSignal;
  readonly drafts?: Drafts;
}

/** Files that the plan would change here under somebody's unsaved work, which does not go together with what would come. */
export async function heldByDrafts(
  { steps }: Plan,
  { drafts, ...reading }: Reading
): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  if (!drafts) {
    return held;
  }
  const coming: PutStep[] = [];
  for (const step of steps) {
    if (step.side !== 'local' || !drafts.has(step.path)) {
      continue;
    }
    if (step.kind === 'delete' && !(await drafts.admits(step.path, null))) {
      held.add(step.path);
    } else if (step.kind === 'put') {
      coming.push(step);
    }
  }
  await forEachLimited(coming, READS_AT_ONCE, async step => {
    const content = await contentOf(step, reading);
    if (!content || !(await drafts.admits(step.path, content))) {
      held.add(step.path);
    }
  });
  return held;
}

async function contentOf(
  { source }: PutStep,
  { replicas, signal }: Reading
): Promise<Uint8Array | null> {
  if (source.entry.size > MAX_SIZE) {
    return null;
  }
  if (source.side === 'merge') {
    return sliceOf(source.content);
  }
  const [result] = await replicas[source.side].read([source], { signal });
  return result?.status === 'read' ? sliceOf(result.content) : null;
}
