import { useSignal } from '../hooks';
import { useUi } from '../ui-context';
import { paceWords, progressPercent, progressWords } from '../words';
import { Button } from './button';

/** How far the project's running sync is; nothing when none runs. */
export function ProgressView({ projectId, title }: { projectId: string; title: string }) {
  const { projects, trans, locale } = useUi();
  useSignal(projects.progressChanged);
  const progress = projects.progress(projectId);
  if (!progress) {
    return null;
  }
  const words = progressWords(progress, locale, trans);
  const pace = paceWords(progress, locale, trans);
  const percent = progressPercent(progress);
  return (
    <div className="jp-Projects-progress">
      <div
        className={`jp-Projects-bar${percent === null ? ' jp-mod-unknown' : ''}`}
        role="progressbar"
        aria-label={trans.__('Sync of %1', title)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        aria-valuetext={words}
      >
        <div className="jp-Projects-barDone" style={{ width: `${percent ?? 100}%` }} />
      </div>
      <div className="jp-Projects-progressRow">
        <span>
          {words}
          {pace && <span className="jp-Projects-pace">{pace}</span>}
        </span>
        <Button
          onClick={() => projects.cancel(projectId)}
          hint={trans.__('Stops where it is safe; the next sync goes on from there')}
        >
          {trans.__('Cancel')}
        </Button>
      </div>
    </div>
  );
}
