import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { IProjects } from '../tokens';
import type { IPerson } from './person';
import type { Selection } from './selection';

/** One entry of a menu. */
export interface MenuEntry {
  readonly label: string;
  readonly isEnabled: boolean;
  readonly run: () => void;
}

/** What the components of the panel work with. */
export interface Ui {
  readonly projects: IProjects;
  readonly person: IPerson;
  readonly selection: Selection;
  readonly trans: TranslationBundle;
  /** Of numbers and times, a BCP 47 tag. */
  readonly locale: string;
  /** Runs a command as the person's own doing: it may ask, and shows its failures itself. */
  readonly run: (command: string, args?: Readonly<Record<string, string>>) => void;
  /** Whether there is such a command. */
  readonly has: (command: string) => boolean;
  /** Opens a file, relative to the Jupyter root; null where nothing opens files. */
  readonly openFile: ((path: string) => void) | null;
  /** Shows a menu at a place of the page, in pixels. */
  readonly showMenu:
    | ((entries: readonly MenuEntry[], place: { readonly x: number; readonly y: number }) => void)
    | null;
  /** Shows a file or folder, relative to the Jupyter root, in the file browser; null where there is none. */
  readonly reveal: ((path: string) => void) | null;
  /** Opens the settings; null where they can't be edited. */
  readonly openSettings: (() => void) | null;
}

const UiContext = createContext<Ui | null>(null);

export const UiProvider = UiContext.Provider;

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) {
    throw new Error('A component of the panel is used outside of UiProvider.');
  }
  return ui;
}
