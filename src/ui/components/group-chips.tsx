import { FILE_ICONS, FILE_TONES } from '../status-icons';
import { groupWords } from '../tree/file-words';
import type { Group } from '../tree/groups';
import { GROUPS, GROUP_STATUS } from '../tree/groups';
import { useUi } from '../ui-context';

export interface GroupChipsProps {
  readonly counts: ReadonlyMap<Group, number>;
  /** null: all files are shown. */
  readonly chosen: Group | null;
  readonly onChoose: (group: Group | null) => void;
}

/** How many files there are of each kind that asks for something; a click shows these alone. */
export function GroupChips({ counts, chosen, onChoose }: GroupChipsProps) {
  const { trans } = useUi();
  const groups = GROUPS.filter(group => counts.has(group));
  if (groups.length === 0) {
    return null;
  }
  return (
    <div className="jp-Projects-chips" role="group" aria-label={trans.__('Show only')}>
      {groups.map(group => {
        const status = GROUP_STATUS[group];
        const Icon = FILE_ICONS[status];
        const isChosen = group === chosen;
        return (
          <button
            key={group}
            type="button"
            className={`jp-Projects-chip jp-Projects-status jp-mod-${FILE_TONES[status]}`}
            aria-pressed={isChosen}
            onClick={() => onChoose(isChosen ? null : group)}
          >
            <Icon.react tag="span" className="jp-Projects-statusIcon" />
            <span>{trans.__('%1 %2', groupWords(group, trans), counts.get(group) ?? 0)}</span>
          </button>
        );
      })}
    </div>
  );
}
