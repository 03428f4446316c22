import type { Kysely } from 'kysely';

import { localProjectFromRow, localProjectToRow } from './local-project';
import type { LocalProject, LocalProjectPatch } from './local-project';
import { StateError } from './state-error';
import type { Tables } from './tables';
import { trans } from '../sync/words';

/** By path. */
export async function readProjects(db: Kysely<Tables>): Promise<LocalProject[]> {
  const rows = await db.selectFrom('local_projects').selectAll().orderBy('path').execute();
  return rows.map(localProjectFromRow);
}

/** @throws StateError `already-linked` when the project, or the folder, is tied already */
export async function insertProject(db: Kysely<Tables>, project: LocalProject): Promise<void> {
  const taken = await db
    .selectFrom('local_projects')
    .select(['id', 'path'])
    .where(eb => eb.or([eb('id', '=', project.id), eb('path', '=', project.path)]))
    .executeTakeFirst();
  if (taken) {
    throw new StateError(
      'already-linked',
      taken.id === project.id
        ? trans.__('The project is tied to the folder "%1" already.', taken.path)
        : trans.__('The folder "%1" is tied to another project already.', taken.path)
    );
  }
  await db.insertInto('local_projects').values(localProjectToRow(project)).execute();
}

/**
 * @throws StateError `not-found` when there is no such project, `already-linked` when its new folder is another's
 */
export async function patchProject(
  db: Kysely<Tables>,
  id: string,
  patch: LocalProjectPatch
): Promise<void> {
  const before = await requireProject(db, id);
  const after = localProjectToRow({ ...before, ...patch });
  const other = await db
    .selectFrom('local_projects')
    .select('id')
    .where('path', '=', after.path)
    .where('id', '!=', id)
    .executeTakeFirst();
  if (other) {
    throw new StateError(
      'already-linked',
      trans.__('The folder "%1" is tied to another project already.', after.path)
    );
  }
  if (JSON.stringify(after) !== JSON.stringify(localProjectToRow(before))) {
    await db.updateTable('local_projects').set(after).where('id', '=', id).execute();
  }
}

/** Takes all that is remembered of it along, but for its activity. */
export async function deleteProject(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('local_projects').where('id', '=', id).execute();
}

/** @throws StateError `not-found` */
export async function requireProject(db: Kysely<Tables>, id: string): Promise<LocalProject> {
  const row = await db
    .selectFrom('local_projects')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) {
    throw new StateError(
      'not-found',
      trans.__('The project is not tied to a folder of this server.')
    );
  }
  return localProjectFromRow(row);
}

/**
 * Checks that the project is still tied as it was.
 *
 * @param tie - its `linkedAt`; null when it was not tied
 * @throws StateError `not-found`
 */
export async function requireTie(
  db: Kysely<Tables>,
  id: string,
  tie: number | null
): Promise<void> {
  const { linkedAt } = await requireProject(db, id);
  if (linkedAt !== tie) {
    throw new StateError('not-found', trans.__('The project was unlinked, and linked anew since.'));
  }
}
