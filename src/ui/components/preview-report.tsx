import type { TranslationBundle } from '@jupyterlab/translation';

import type { SyncReport } from '../../tokens';
import { formatBytes } from '../format';
import { groupsOf } from '../preview-groups';
import type { PreviewGroup } from '../preview-groups';
import { reportMessage } from '../report-words';
import { useUi } from '../ui-context';
import { ActionRows } from './action-rows';
import { Fold } from './fold';

/** Of more than so many actions a side is folded at first: the totals stay in sight. */
const FEW = 20;

/** What a sync would do: the totals, then what goes up and what comes down, each file with its rule and its bytes. */
export function PreviewReport({ report, title }: { report: SyncReport; title: string }) {
  const { trans, locale } = useUi();
  return (
    <div className="jp-Projects-preview">
      <p role="status">{reportMessage(report, title, trans).text}</p>
      {groupsOf(report.actions).map(group => {
        const words = groupWords(group, locale, trans);
        return (
          <Fold key={group.side} open={group.actions.length <= FEW} title={words}>
            <ActionRows actions={group.actions} label={words} />
          </Fold>
        );
      })}
      {report.conflicts.length > 0 && (
        <>
          <p>
            {trans._n(
              '%1 file differs on both sides. Nothing of it is lost: you choose after the sync.',
              '%1 files differ on both sides. Nothing of them is lost: you choose after the sync.',
              report.conflicts.length
            )}
          </p>
          <ul className="jp-Projects-actions" aria-label={trans.__('Conflicts')}>
            {report.conflicts.map(({ path, reason }) => (
              <li key={path}>
                <strong>{trans.__('Conflict')}</strong>{' '}
                <span className="jp-Projects-path">{path}</span>
                <span className="jp-Projects-quiet">{reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function groupWords(
  { side, actions, bytes, deletions }: PreviewGroup,
  locale: string,
  trans: TranslationBundle
): string {
  const changes =
    side === 'cloud'
      ? trans._n('Goes up: %1 change', 'Goes up: %1 changes', actions.length)
      : trans._n('Comes down: %1 change', 'Comes down: %1 changes', actions.length);
  return [
    changes,
    bytes > 0 ? formatBytes(bytes, locale) : '',
    deletions > 0 ? trans._n('%1 deletion', '%1 deletions', deletions) : ''
  ]
    .filter(Boolean)
    .join(', ');
}
