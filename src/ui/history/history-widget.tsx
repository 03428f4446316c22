import type { Widget } from '@lumino/widgets';

import type { Review } from '../review/review-context';
import { reviewTab } from '../review/review-widget';
import { DeletedView } from './deleted-view';
import { HistoryView } from './history-view';

/** A tab with the versions of a file. */
export function historyWidget(review: Review, projectId: string, path: string): Widget {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return reviewTab(review, review.trans.__('History: %1', name), () => (
    <HistoryView projectId={projectId} path={path} />
  ));
}

/** A tab with the deleted files of a project. */
export function deletedWidget(
  review: Review,
  projectId: string,
  showHistory: (path: string) => void
): Widget {
  const title = review.projects.projects.find(({ id }) => id === projectId)?.title ?? '';
  return reviewTab(review, review.trans.__('Deleted files: %1', title), () => (
    <DeletedView projectId={projectId} showHistory={showHistory} />
  ));
}
