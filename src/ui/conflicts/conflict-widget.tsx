import type { Widget } from '@lumino/widgets';

import type { Review } from '../review/review-context';
import { reviewTab } from '../review/review-widget';
import { ConflictView } from './conflict-view';

/** A tab in which a conflict is compared and settled. */
export function conflictWidget(review: Review, projectId: string, path: string): Widget {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return reviewTab(review, review.trans.__('Conflict: %1', name), close => (
    <ConflictView projectId={projectId} path={path} close={close} />
  ));
}
