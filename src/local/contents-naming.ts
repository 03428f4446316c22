import type { Contents } from '@jupyterlab/services';

import { nameOf, parentOf } from '../sync/path';
import type { Naming, NamingExample, NamingQuestion } from '../sync/replica';
import { abortable } from './bounded';
import { childrenOf } from './contents-files';
import { wholeSideError } from './failures';
import { fullPath } from './local-context';
import type { LocalContext } from './local-context';

type Trait = keyof Naming;

/** What was learned, by contents manager and folder: it holds for as long as the page does. */
const learned = new WeakMap<Contents.IManager, Map<string, boolean>>();

/**
 * Learns how the file system below a project's folder takes names, by asking for what is there under another spelling.
 *
 * @param ownFile - a file that is most likely there, as the contents manager names it
 */
export async function namingOf(
  context: LocalContext,
  question: NamingQuestion,
  ownFile: string | null,
  signal: AbortSignal
): Promise<Naming> {
  const learn = async (trait: Trait): Promise<boolean | null> => {
    const known = learned.get(context.contents) ?? new Map<string, boolean>();
    learned.set(context.contents, known);
    const key = `${trait} ${context.root}`;
    for (const example of examplesOf(context, question[trait], trait, ownFile)) {
      if (known.has(key)) {
        break;
      }
      const answer = await abortable(isOneName(context, example), signal);
      if (answer !== null) {
        known.set(key, answer);
      }
    }
    return known.get(key) ?? null;
  };
  return {
    case: await learn('case'),
    unicode: await learn('unicode'),
    windows: await learn('windows')
  };
}

/** As the contents manager names them. */
function examplesOf(
  context: LocalContext,
  asked: NamingExample | null | undefined,
  trait: Trait,
  ownFile: string | null
): NamingExample[] {
  const examples: NamingExample[] = [];
  if (asked) {
    const { listed, other } = asked;
    examples.push({ listed: fullPath(context, listed), other: fullPath(context, other) });
  }
  if (trait === 'windows' && asked !== undefined) {
    // Separators are those of the whole server.
    for (const listed of [context.root, ownFile]) {
      if (listed?.includes('/')) {
        examples.push({ listed, other: listed.replaceAll('/', '\\') });
      }
    }
  }
  return examples;
}

/** null where it can't be told. */
async function isOneName(
  { files }: LocalContext,
  { listed, other }: NamingExample
): Promise<boolean | null> {
  /** null where there is no such directory. */
  const isListed = async (path: string): Promise<boolean | null> => {
    const parent = await files.list(parentOf(path));
    return parent && childrenOf(parent).some(({ name }) => name === nameOf(path));
  };
  try {
    // Somebody may have taken the one away, or made the other, just now: then a listing says so; or made it anew before that.
    const isFound = async () => (await files.stat(other)) !== null;
    const isOne = await isFound();
    const isAsListed = isOne
      ? (await isListed(other)) === false
      : (await isListed(listed)) === true;
    return isAsListed && (await isFound()) === isOne ? isOne : null;
  } catch (error) {
    const whole = wholeSideError(error);
    if (whole) {
      throw whole;
    }
    return null;
  }
}
