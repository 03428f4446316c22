import type { TranslationBundle } from '@jupyterlab/translation';
import { useState } from 'react';

import type { ActivityKind } from '../activity/kinds';
import { ACTIVITY_KINDS, filterActivity } from '../activity/kinds';
import { useNow, useSignal } from '../hooks';
import { useUi } from '../ui-context';
import { ActivityLine } from './activity-line';
import { Button } from './button';

/** So many lines at first, and more at a time. */
const STEP = 50;

/** What was done, newest first: of one project, or of all; by file and by kind where a person looks for some. */
export function ActivityList({ projectId }: { projectId?: string }) {
  const { projects, trans } = useUi();
  const now = useNow();
  const [shown, setShown] = useState(STEP);
  const [text, setText] = useState('');
  const [kind, setKind] = useState<ActivityKind | null>(null);
  useSignal(projects.activityChanged);
  const ofProject = { projectId: projectId ?? null, text: '', kind: null };
  const all = filterActivity(projects.activity, ofProject);
  if (all.length === 0) {
    return (
      <p className="jp-Projects-quiet">
        {trans.__('Nothing yet. What is synced, and what goes wrong, appears here.')}
      </p>
    );
  }
  const lines = filterActivity(all, { ...ofProject, text, kind });
  const more = lines.length - shown;
  return (
    <>
      <div className="jp-Projects-filter" role="search" aria-label={trans.__('Activity')}>
        <input
          type="search"
          className="jp-mod-styled"
          aria-label={trans.__('Only files with')}
          placeholder={trans.__('Only files with')}
          value={text}
          spellCheck={false}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape' && text !== '') {
              event.stopPropagation();
              setText('');
            }
          }}
        />
        <select
          className="jp-mod-styled"
          aria-label={trans.__('Only')}
          value={kind ?? ''}
          onChange={({ target }) =>
            setKind(ACTIVITY_KINDS.find(each => each === target.value) ?? null)
          }
        >
          <option value="">{trans.__('Everything')}</option>
          {ACTIVITY_KINDS.map(each => (
            <option key={each} value={each}>
              {kindWords(each, trans)}
            </option>
          ))}
        </select>
      </div>
      {lines.length === 0 && (
        <p className="jp-Projects-quiet" role="status">
          {trans.__('Nothing of that kind.')}
        </p>
      )}
      <ul className="jp-Projects-activity">
        {lines.slice(0, shown).map((line, index) => (
          <ActivityLine
            key={lines.length - index}
            line={line}
            now={now}
            namesProject={projectId === undefined}
          />
        ))}
      </ul>
      {more > 0 && (
        <Button onClick={() => setShown(shown + STEP)}>
          {trans._n('Show %1 more', 'Show %1 more', more)}
        </Button>
      )}
    </>
  );
}

function kindWords(kind: ActivityKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'up':
      return trans.__('What went up');
    case 'down':
      return trans.__('What came down');
    case 'deleted':
      return trans.__('What was deleted');
    case 'conflict':
      return trans.__('Conflicts');
    case 'problem':
      return trans.__('Problems');
    case 'other':
      return trans.__('Stops, links, and the rest');
  }
}
