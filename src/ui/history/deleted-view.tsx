import { useCallback, useState } from 'react';

import type { DeletedFile } from '../../tokens';
import { Button } from '../components/button';
import { errorMessage } from '../error-message';
import { formatBytes } from '../format';
import { useNow } from '../hooks';
import { useReview } from '../review/review-context';
import { useLoad } from '../review/use-load';
import { whenWords } from '../review/when-words';
import { whyNot } from './history-view';

/** So many rows at first, and more at a time. */
const STEP = 200;

export interface DeletedViewProps {
  readonly projectId: string;
  readonly showHistory: (path: string) => void;
}

/** The files that a project no longer has; each can come back. */
export function DeletedView({ projectId, showHistory }: DeletedViewProps) {
  const { projects, person, trans, locale } = useReview();
  const { value, error, isBusy, again } = useLoad(
    useCallback(() => projects.deletedFiles(projectId), [projects, projectId])
  );
  const now = useNow();
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(STEP);
  const [working, setWorking] = useState(false);
  const [said, setSaid] = useState<{ text: string; isBad: boolean } | null>(null);
  const project = projects.projects.find(({ id }) => id === projectId);
  const isLinked = project ? project.localPath !== null : false;
  const found = (value ?? []).filter(({ path }) =>
    path.toLowerCase().includes(search.trim().toLowerCase())
  );
  const restore = async ({ path }: DeletedFile): Promise<void> => {
    const isMeant = await person.confirm(
      trans.__('Restore “%1”?', path),
      trans.__('The file comes back as it was last, here and in the cloud.'),
      trans.__('Restore')
    );
    if (!isMeant) {
      return;
    }
    setWorking(true);
    setSaid(null);
    try {
      const [last] = await projects.history(projectId, path);
      if (!last) {
        setSaid({
          text: trans.__('The cloud keeps no version of “%1” any more.', path),
          isBad: true
        });
        return;
      }
      const why = whyNot(await projects.restoreVersion(projectId, path, last.versionId));
      setSaid(
        why === null
          ? { text: trans.__('“%1” is back, here and in the cloud.', path), isBad: false }
          : {
              text: why || trans.__('The sync was stopped, and nothing was restored.'),
              isBad: true
            }
      );
      again();
    } catch (reason) {
      setSaid({ text: errorMessage(reason), isBad: true });
    } finally {
      setWorking(false);
    }
  };
  return (
    <div className="jp-Projects-reviewPage">
      <header className="jp-Projects-reviewHead">
        <h2>{trans.__('Deleted files of “%1”', project?.title ?? projectId)}</h2>
        <p className="jp-Projects-reviewQuiet">
          {trans.__(
            'The cloud keeps the versions of deleted files for a time. A restored file comes back on both sides.'
          )}
        </p>
        {error && (
          <div className="jp-Projects-error" role="alert">
            <p>{error}</p>
            <Button onClick={again}>{trans.__('Look again')}</Button>
          </div>
        )}
        {!value && isBusy && <p role="status">{trans.__('Asking the cloud…')}</p>}
        {value?.length === 0 && <p>{trans.__('No file of this project was deleted.')}</p>}
        {said && (
          <p
            className={said.isBad ? 'jp-Projects-error' : undefined}
            role={said.isBad ? 'alert' : 'status'}
          >
            {said.text}
          </p>
        )}
        {value && value.length > 0 && (
          <label className="jp-Projects-pick">
            {trans.__('Search:')}{' '}
            <input
              type="search"
              className="jp-mod-styled"
              value={search}
              onChange={event => setSearch(event.target.value)}
            />
          </label>
        )}
      </header>
      {found.length > 0 && (
        <div
          className="jp-Projects-tableScroll"
          tabIndex={0}
          role="group"
          aria-label={trans.__('Deleted files')}
        >
          <table className="jp-Projects-versions">
            <thead>
              <tr>
                <th scope="col">{trans.__('File')}</th>
                <th scope="col">{trans.__('Deleted')}</th>
                <th scope="col">{trans.__('Who')}</th>
                <th scope="col">{trans.__('Size')}</th>
                <th scope="col">{trans.__('Get it back')}</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, shown).map(file => (
                <tr key={file.path}>
                  <th scope="row" className="jp-Projects-path">
                    {file.path}
                  </th>
                  <td title={new Date(file.deletedAt).toLocaleString(locale)}>
                    {whenWords(file.deletedAt, now, locale, trans)}
                  </td>
                  <td>{file.author?.name || trans.__('not known')}</td>
                  <td>{formatBytes(file.size, locale)}</td>
                  <td>
                    <span className="jp-Projects-buttons">
                      <Button
                        disabled={working || !isLinked}
                        hint={
                          isLinked
                            ? trans.__('Restore “%1” as it was last', file.path)
                            : trans.__('Open the project on this server first.')
                        }
                        onClick={() => void restore(file)}
                      >
                        {trans.__('Restore')}
                      </Button>
                      <Button
                        hint={trans.__('Show the versions of “%1”', file.path)}
                        onClick={() => showHistory(file.path)}
                      >
                        {trans.__('History')}
                      </Button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > shown && (
        <Button onClick={() => setShown(shown + STEP)}>
          {trans._n('Show %1 more', 'Show %1 more', found.length - shown)}
        </Button>
      )}
    </div>
  );
}
