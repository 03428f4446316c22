import { useState } from 'react';

import type { ProjectSummary, SyncReport } from '../../tokens';
import { useAttempt } from '../hooks';
import { reportMessage } from '../report-words';
import { useUi } from '../ui-context';
import { ActionLines } from './action-lines';
import { Button } from './button';
import { Fold } from './fold';

/** So many actions are listed. */
const MOST = 200;

/** What a sync of the project would do, on demand; forgotten when a sync has done something. */
export function PreviewView({ project }: { project: ProjectSummary }) {
  const { projects, trans } = useUi();
  const { busy, start } = useAttempt();
  const [report, setReport] = useState<SyncReport | null>(null);
  const last = projects.lastReport(project.id);
  const [seen, setSeen] = useState(last);
  if (last !== seen) {
    setSeen(last);
    if (last && last.actions.length > 0) {
      setReport(null);
    }
  }
  const ask = (): void =>
    start(trans.__('The preview failed'), async () =>
      setReport(await projects.preview({ projectId: project.id }))
    );
  return (
    <Fold title={trans.__('What would a sync do?')}>
      {report && <PreviewReport report={report} title={project.title} />}
      <div className="jp-Projects-buttons">
        <Button
          onClick={ask}
          disabled={busy}
          hint={trans.__('Looks at both sides and changes nothing')}
        >
          {busy ? trans.__('Looking…') : report ? trans.__('Look again') : trans.__('Look')}
        </Button>
      </div>
    </Fold>
  );
}

function PreviewReport({ report, title }: { report: SyncReport; title: string }) {
  const { trans } = useUi();
  const more = report.actions.length - MOST;
  return (
    <>
      <p role="status">{reportMessage(report, title, trans).text}</p>
      <ul className="jp-Projects-actions">
        <ActionLines actions={report.actions.slice(0, MOST)} />
        {report.conflicts.map(({ path, reason }) => (
          <li key={`conflict ${path}`}>
            <strong>{trans.__('Conflict')}</strong> <span className="jp-Projects-path">{path}</span>
            <span className="jp-Projects-quiet">{reason}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p>{trans._n('and %1 more', 'and %1 more', more)}</p>}
    </>
  );
}
