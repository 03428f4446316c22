import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { Review } from './review-context';
import { ReviewProvider } from './review-context';

/** A view of a review, for a tab of the main area. */
export class ReviewWidget extends ReactWidget {
  constructor(review: Review, label: string, view: () => ReactElement) {
    super();
    this.#review = review;
    this.#view = view;
    this.addClass('jp-Projects-review');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', label);
    this.node.tabIndex = -1;
  }

  protected override render() {
    return <ReviewProvider value={this.#review}>{this.#view()}</ReviewProvider>;
  }

  readonly #review: Review;
  readonly #view: () => ReactElement;
}
