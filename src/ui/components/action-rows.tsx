import type { Action } from '../../tokens';
import { formatBytes } from '../format';
import { useUi } from '../ui-context';
import { useWindow } from '../use-window';
import { actionWords } from '../words';
import { ActionLines } from './action-lines';

/** Up to so many are all there, and as high as they need; of more only those in sight are. */
const MOST = 100;

export interface ActionRowsProps {
  readonly actions: readonly Action[];
  /** What the list is of. */
  readonly label: string;
}

/** What is done to which path, and why; however many. */
export function ActionRows({ actions, label }: ActionRowsProps) {
  return actions.length > MOST ? (
    <ManyActions actions={actions} label={label} />
  ) : (
    <ul className="jp-Projects-actions" aria-label={label}>
      <ActionLines actions={actions} />
    </ul>
  );
}

function ManyActions({ actions, label }: ActionRowsProps) {
  const { trans, locale } = useUi();
  const { scroller, rowHeight, shown, onScroll } = useWindow<HTMLDivElement>(actions.length);
  return (
    <div
      ref={scroller}
      className="jp-Projects-window"
      role="list"
      aria-label={label}
      tabIndex={0}
      onScroll={onScroll}
      style={{ height: actions.length * rowHeight }}
    >
      <div
        role="presentation"
        className="jp-Projects-rows"
        style={{ height: actions.length * rowHeight }}
      >
        {actions.slice(shown.from, shown.to).map((action, index) => {
          const { side, kind, path, from, bytes, reason } = action;
          const place = from === undefined ? path : trans.__('%1 → %2', from, path);
          const size = bytes > 0 ? formatBytes(bytes, locale) : '';
          return (
            <div
              key={`${side} ${kind} ${path}`}
              className="jp-Projects-row jp-mod-tall"
              role="listitem"
              aria-setsize={actions.length}
              aria-posinset={shown.from + index + 1}
              title={[actionWords(action, trans), place, size, reason].filter(Boolean).join('\n')}
              style={{ top: (shown.from + index) * rowHeight }}
            >
              <span className="jp-Projects-rowName">
                <strong>{actionWords(action, trans)}</strong> {place}
              </span>
              <span className="jp-Projects-rowName jp-Projects-quiet">
                {[reason, size].filter(Boolean).join(' · ')}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
