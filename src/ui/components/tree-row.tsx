import { caretDownIcon, caretRightIcon, fileIcon, folderIcon } from '@jupyterlab/ui-components';
import type { CSSProperties } from 'react';
import { memo } from 'react';

import { cloudIcon, deviceIcon } from '../icons';
import { FILE_ICONS, FILE_TONES } from '../status-icons';
import type { Row } from '../tree/file-tree';
import { fileWords, folderWords, isLeaving, statusLetter, worstCount } from '../tree/file-words';
import { useUi } from '../ui-context';

export interface TreeRowProps {
  readonly row: Row;
  readonly id: string;
  readonly isActive: boolean;
  /** Pixels from the top. */
  readonly top: number;
}

/** One file or folder: its name, on which side it is, and its status as icon, letter, colour and words. */
export const TreeRow = memo(function TreeRow({ row, id, isActive, top }: TreeRowProps) {
  const { trans } = useUi();
  const { node, level, position, setSize, isOpen } = row;
  const { name, isFolder, file, worst } = node;
  const words = isFolder ? folderWords(node, trans) : file ? fileWords(file, trans) : '';
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const Kind = isFolder ? folderIcon : fileIcon;
  const Status = FILE_ICONS[worst];
  const Where = file?.where === 'cloud' ? cloudIcon : deviceIcon;
  const count = isFolder && worst !== 'synced' ? worstCount(node.counts, worst) : 0;
  const style: CSSProperties & { '--jp-Projects-level': number } = {
    top,
    '--jp-Projects-level': level - 1
  };
  const leaving = file !== null && isLeaving(file) ? ' jp-mod-leaving' : '';
  return (
    <div
      id={id}
      className={`jp-Projects-row jp-mod-${worst}${isActive ? ' jp-mod-active' : ''}${leaving}`}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-selected={isActive}
      aria-expanded={isFolder ? isOpen : undefined}
      aria-label={trans.__('%1, %2', name, words)}
      title={`${name}\n${words}`}
      data-path={node.path}
      style={style}
    >
      <span className="jp-Projects-rowCaret">
        {isFolder && <Caret.react tag="span" className="jp-Projects-statusIcon" />}
      </span>
      <Kind.react tag="span" className="jp-Projects-statusIcon" />
      <span className="jp-Projects-rowName">{name}</span>
      {file?.where && <Where.react tag="span" className="jp-Projects-statusIcon" />}
      <span className={`jp-Projects-status jp-mod-${FILE_TONES[worst]}`}>
        <Status.react tag="span" className="jp-Projects-statusIcon" />
        <span className="jp-Projects-rowLetter">{statusLetter(worst, trans)}</span>
        {count > 0 && <span className="jp-Projects-rowCount">{count}</span>}
      </span>
    </div>
  );
});
