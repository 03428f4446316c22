import { MainAreaWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';

import { projectsIcon } from '../icons';
import type { Review } from '../review/review-context';
import { ReviewWidget } from '../review/review-widget';
import { DeletedView } from './deleted-view';
import { HistoryView } from './history-view';

/** A tab with the versions of a file. */
export function historyWidget(
  review: Review,
  projectId: string,
  path: string
): MainAreaWidget<ReviewWidget> {
  const { trans } = review;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return tab(review, trans.__('History: %1', name), () => (
    <HistoryView projectId={projectId} path={path} />
  ));
}

/** A tab with the deleted files of a project. */
export function deletedWidget(
  review: Review,
  projectId: string,
  showHistory: (path: string) => void
): MainAreaWidget<ReviewWidget> {
  const title = review.projects.projects.find(({ id }) => id === projectId)?.title ?? '';
  return tab(review, review.trans.__('Deleted files: %1', title), () => (
    <DeletedView projectId={projectId} showHistory={showHistory} />
  ));
}

function tab(
  review: Review,
  title: string,
  view: () => ReactElement
): MainAreaWidget<ReviewWidget> {
  const widget = new MainAreaWidget({ content: new ReviewWidget(review, title, view) });
  widget.title.label = title;
  widget.title.caption = title;
  widget.title.icon = projectsIcon;
  widget.title.closable = true;
  return widget;
}
