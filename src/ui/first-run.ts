import type { IProjects } from '../tokens';
import type { Selection, Setup } from './selection';

/** The steps to a first synced project. */
export type Step = 'sign-in' | 'choose' | 'start';

export const STEPS: readonly Step[] = ['sign-in', 'choose', 'start'];

type Source = Pick<IProjects, 'connection' | 'cloudUrl' | 'projects'>;

/** Whether the person is to be led: no folder is tied to a project yet, and they did not decline it. */
export function isFirstRun(
  { connection, cloudUrl, projects }: Source,
  selection: Pick<Selection, 'skipsSetup'>
): boolean {
  const isAble = cloudUrl !== '' && (connection === 'signed-out' || connection === 'online');
  const isNew = projects.every(({ localPath }) => localPath === null);
  return isAble && isNew && (connection === 'signed-out' || !selection.skipsSetup);
}

/** Where the person is: what was chosen holds while they are away, as long as it can be had. */
export function stepOf(
  { connection, projects }: Pick<Source, 'connection' | 'projects'>,
  setup: Setup | null
): Step {
  if (connection === 'signed-out') {
    return 'sign-in';
  }
  const isThere =
    setup?.kind === 'create' || projects.some(({ id }) => setup && id === setup.projectId);
  return setup && isThere ? 'start' : 'choose';
}
