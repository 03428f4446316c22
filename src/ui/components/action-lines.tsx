import type { Action } from '../../tokens';
import { formatBytes } from '../format';
import { useUi } from '../ui-context';
import { actionWords } from '../words';

/** Actions as the items of a list: what is done to which path, and why. */
export function ActionLines({ actions }: { actions: readonly Action[] }) {
  const { trans, locale } = useUi();
  return (
    <>
      {actions.map(action => (
        <li key={`${action.side} ${action.kind} ${action.path}`}>
          <strong>{actionWords(action, trans)}</strong>{' '}
          <span className="jp-Projects-path">
            {action.from === undefined
              ? action.path
              : trans.__('%1 → %2', action.from, action.path)}
          </span>{' '}
          {action.bytes > 0 && <span>({formatBytes(action.bytes, locale)})</span>}
          <span className="jp-Projects-quiet">{action.reason}</span>
        </li>
      ))}
    </>
  );
}
