import type { KeyboardEvent } from 'react';

import { useSignal } from '../hooks';
import { useUi } from '../ui-context';

/** Looks for projects, and for files of the one that is unfolded. Escape empties it. */
export function SearchBox() {
  const { selection, trans } = useUi();
  useSignal(selection.changed);
  const { query } = selection;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && query !== '') {
      event.preventDefault();
      event.stopPropagation();
      selection.search('');
    }
  };
  return (
    <div className="jp-Projects-search" role="search">
      <input
        type="search"
        className="jp-mod-styled"
        aria-label={trans.__('Search projects and files')}
        placeholder={trans.__('Search projects and files')}
        value={query}
        onChange={event => selection.search(event.target.value)}
        onKeyDown={onKeyDown}
        spellCheck={false}
      />
    </div>
  );
}
