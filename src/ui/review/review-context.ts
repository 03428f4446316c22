import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { IProjects } from '../../tokens';
import type { IPerson } from '../person';

/** What the views work with in which contents are compared. */
export interface Review {
  readonly projects: IProjects;
  readonly person: IPerson;
  readonly trans: TranslationBundle;
  /** Of numbers and times, a BCP 47 tag. */
  readonly locale: string;
  /** Renders outputs; without it they are told by their kind. */
  readonly rendermime: IRenderMimeRegistry | null;
  /** Knows the languages of texts; without it they are plain. */
  readonly editors: IEditorServices | null;
  readonly showConflict: (projectId: string, path: string) => void;
}

const ReviewContext = createContext<Review | null>(null);

export const ReviewProvider = ReviewContext.Provider;

export function useReview(): Review {
  const review = useContext(ReviewContext);
  if (!review) {
    throw new Error('A component of a review is used outside of ReviewProvider.');
  }
  return review;
}
