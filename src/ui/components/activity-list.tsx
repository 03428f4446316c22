import { useState } from 'react';

import { formatAgo } from '../format';
import { useNow, useSignal } from '../hooks';
import { useUi } from '../ui-context';
import { Button } from './button';

/** So many lines at first, and more at a time. */
const STEP = 50;

/** What was done, newest first: of one project, or of all. */
export function ActivityList({ projectId }: { projectId?: string }) {
  const { projects, trans, locale } = useUi();
  const now = useNow();
  const [shown, setShown] = useState(STEP);
  useSignal(projects.activityChanged);
  const lines = projects.activity.filter(
    line => projectId === undefined || line.projectId === projectId
  );
  if (lines.length === 0) {
    return (
      <p className="jp-Projects-quiet">
        {trans.__('Nothing yet. What is synced, and what goes wrong, appears here.')}
      </p>
    );
  }
  const more = lines.length - shown;
  return (
    <>
      <ul className="jp-Projects-activity">
        {lines.slice(0, shown).map((line, index) => (
          <li key={lines.length - index} className={`jp-mod-${line.kind}`}>
            <span>{line.text}</span>
            {line.path !== null && !line.text.includes(line.path) && (
              <span className="jp-Projects-path">{line.path}</span>
            )}
            <span className="jp-Projects-quiet">
              {projectId === undefined && `${line.projectTitle} · `}
              <time dateTime={line.at} title={new Date(line.at).toLocaleString(locale)}>
                {formatAgo(line.at, now, locale, trans)}
              </time>
            </span>
          </li>
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
