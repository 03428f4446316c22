import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { projectsIcon } from '../icons';
import type { Review } from './review-context';
import { ReviewProvider } from './review-context';

/** A view of a review, for a tab of the main area. */
export class ReviewWidget extends ReactWidget {
  constructor(review: Review, view: () => ReactElement) {
    super();
    this.#review = review;
    this.#view = view;
    this.addClass('jp-Projects-review');
    this.node.tabIndex = -1;
  }

  protected override render() {
    return <ReviewProvider value={this.#review}>{this.#view()}</ReviewProvider>;
  }

  readonly #review: Review;
  readonly #view: () => ReactElement;
}

/** A tab of the main area with a view. @param close - closes the tab */
export function reviewTab(
  review: Review,
  title: string,
  view: (close: () => void) => ReactElement
): MainAreaWidget<ReviewWidget> {
  const content = new ReviewWidget(review, () => view(() => widget.dispose()));
  const widget: MainAreaWidget<ReviewWidget> = new MainAreaWidget({ content });
  // Of the main area's own, the one is empty, and the other the same for all tabs.
  widget.toolbar.hide();
  content.node.setAttribute('role', 'region');
  content.node.setAttribute('aria-label', title);
  widget.title.label = title;
  widget.title.caption = title;
  widget.title.icon = projectsIcon;
  widget.title.closable = true;
  return widget;
}
