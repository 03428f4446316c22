import { useState } from 'react';

import type { FileStatus, FileStatusWord } from '../../tokens';
import { FILE_ICONS, FILE_TONES } from '../status-icons';
import { useUi } from '../ui-context';
import type { FoundFiles } from '../use-project-files';
import { fileStatusWords } from '../words';
import { Button } from './button';
import { Fold } from './fold';
import { StatusMark } from './status-mark';

/** So many rows at first, and more at a time. */
const STEP = 200;

/** What asks for attention comes first. */
const ORDER: readonly FileStatusWord[] = [
  'conflict',
  'problem',
  'syncing',
  'local-change',
  'cloud-change',
  'synced',
  'ignored'
];

/** The project's files, each with its status. */
export function FileList({ found }: { found: FoundFiles }) {
  const { trans } = useUi();
  const [shown, setShown] = useState(STEP);
  const { files, busy, error, look } = found;
  const sorted = files ? inOrder(files) : [];
  const more = sorted.length - shown;
  const title = files ? trans._n('%1 file', '%1 files', files.length) : trans.__('Files');
  return (
    <Fold title={title} open>
      {error && (
        <p className="jp-Projects-error" role="alert">
          {error}
        </p>
      )}
      {!files && busy && <p className="jp-Projects-quiet">{trans.__('Looking at both sides…')}</p>}
      {files?.length === 0 && (
        <p className="jp-Projects-quiet">
          {trans.__('The project is empty. What you put in the folder appears here.')}
        </p>
      )}
      <ul className="jp-Projects-files">
        {sorted.slice(0, shown).map(({ path, status, reason }) => (
          <li key={path}>
            <StatusMark
              icon={FILE_ICONS[status]}
              tone={FILE_TONES[status]}
              text={fileStatusWords(status, trans)}
              iconOnly
            />
            <span className="jp-Projects-path">{path}</span>
            {status !== 'synced' && (
              <span
                className={`jp-Projects-quiet${status === 'problem' ? '' : ' jp-Projects-reason'}`}
              >
                {reason || fileStatusWords(status, trans)}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className="jp-Projects-buttons">
        {more > 0 && (
          <Button onClick={() => setShown(shown + STEP)}>
            {trans._n('Show %1 more', 'Show %1 more', more)}
          </Button>
        )}
        <Button onClick={look} disabled={busy}>
          {busy ? trans.__('Looking…') : trans.__('Look again')}
        </Button>
      </div>
    </Fold>
  );
}

/** By what they ask for, then by path. */
export function inOrder(files: readonly FileStatus[]): readonly FileStatus[] {
  const rank = new Map(ORDER.map((status, index) => [status, index]));
  return [...files].sort(
    (a, b) =>
      (rank.get(a.status) ?? 0) - (rank.get(b.status) ?? 0) ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  );
}
