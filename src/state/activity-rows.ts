import type { Kysely } from 'kysely';

import type { Breathe } from '../sync/breathe';
import type { Activity } from '../tokens';
import { chunksOf } from './chunks';
import type { ActivityRow, Tables } from './tables';

/** How many are remembered; the oldest go. */
export const ACTIVITY_LIMIT = 2000;

/** Newest first. */
export async function readActivities(db: Kysely<Tables>): Promise<Activity[]> {
  const rows = await db
    .selectFrom('activities')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(ACTIVITY_LIMIT)
    .execute();
  return rows.map(activityFromRow);
}

/** In the order in which they happened. */
export async function insertActivities(
  db: Kysely<Tables>,
  activities: readonly Activity[],
  breathe: Breathe
): Promise<void> {
  for (const chunk of chunksOf(activities)) {
    await breathe();
    await db.insertInto('activities').values(chunk.map(activityToRow)).execute();
  }
  await db
    .deleteFrom('activities')
    .where('id', '<=', eb =>
      eb.selectFrom('activities').select('id').orderBy('id', 'desc').offset(ACTIVITY_LIMIT).limit(1)
    )
    .execute();
}

type Selected = Omit<ActivityRow, 'id'>;

function activityFromRow(row: Selected): Activity {
  return {
    at: row.at,
    projectId: row.project_id,
    projectTitle: row.project_title,
    kind: row.kind,
    path: row.path,
    text: row.text,
    ...(row.side !== null && { side: row.side }),
    ...(row.change !== null && { change: row.change })
  };
}

function activityToRow(activity: Activity): Selected {
  return {
    at: activity.at,
    project_id: activity.projectId,
    project_title: activity.projectTitle,
    kind: activity.kind,
    path: activity.path,
    text: activity.text,
    side: activity.side ?? null,
    change: activity.change ?? null
  };
}
