import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';

import { errorMessage } from '../ui/error-message';
import type { Selection } from '../ui/selection';

const KEY = 'jupyterlab-projects:panel';

/** How long the panel is left alone before its layout is written down, in ms. */
const CALM = 300;

/** Remembers the panel's layout over a reload, with JupyterLab's own. What the person does before it was read holds. */
export function keepLayout(selection: Selection, state: IStateDB): IDisposable {
  const report = (error: unknown): void =>
    console.warn('jupyterlab-projects: the panel’s layout is not remembered.', errorMessage(error));
  let isTouched = false;
  const saver = new Debouncer(() => {
    state.save(KEY, JSON.parse(JSON.stringify(selection))).catch(report);
  }, CALM);
  selection.changed.connect(() => {
    isTouched = true;
    void saver.invoke();
  });
  state
    .fetch(KEY)
    .then(layout => {
      if (!isTouched) {
        selection.restore(layout);
      }
    })
    .catch(report);
  return saver;
}
