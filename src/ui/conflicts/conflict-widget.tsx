import { MainAreaWidget } from '@jupyterlab/apputils';

import { projectsIcon } from '../icons';
import type { Review } from '../review/review-context';
import { ReviewWidget } from '../review/review-widget';
import { ConflictView } from './conflict-view';

/** A tab in which a conflict is compared and settled. */
export function conflictWidget(
  review: Review,
  projectId: string,
  path: string
): MainAreaWidget<ReviewWidget> {
  const { trans } = review;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const title = trans.__('Conflict: %1', name);
  const content = new ReviewWidget(review, title, () => (
    <ConflictView projectId={projectId} path={path} close={() => widget.dispose()} />
  ));
  const widget: MainAreaWidget<ReviewWidget> = new MainAreaWidget({ content });
  widget.title.label = title;
  widget.title.caption = trans.__('Compare and settle the conflict of %1', path);
  widget.title.icon = projectsIcon;
  widget.title.closable = true;
  return widget;
}
