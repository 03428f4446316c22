import { useState } from 'react';

import type { ProjectSummary, SyncReport } from '../../tokens';
import { useAttempt } from '../hooks';
import { useUi } from '../ui-context';
import { Button } from './button';
import { Fold } from './fold';
import { PreviewReport } from './preview-report';

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
