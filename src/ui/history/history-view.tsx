import { useCallback, useMemo, useState } from 'react';

import type { FileVersion, SyncReport } from '../../tokens';
import { Button } from '../components/button';
import { cloudWords } from '../conflicts/side-words';
import { errorMessage } from '../error-message';
import { formatBytes } from '../format';
import { useNow } from '../hooks';
import { useReport } from '../review/use-report';
import { useReview } from '../review/review-context';
import { useLoad } from '../review/use-load';
import { whenWords } from '../review/when-words';
import { VersionDiff } from './version-diff';

/** Larger versions are not compared; bytes. */
const LARGEST = 8 * 1024 * 1024;

export interface HistoryViewProps {
  readonly projectId: string;
  /** Relative to the project's root. */
  readonly path: string;
}

/** The versions of a file: any two can be compared, and any restored. */
export function HistoryView({ projectId, path }: HistoryViewProps) {
  const { projects, person, trans, locale } = useReview();
  const { value, error, isBusy, again } = useLoad(
    useCallback(() => projects.history(projectId, path), [projects, projectId, path])
  );
  useReport(
    projectId,
    useCallback(
      ({ actions }) => {
        if (actions.some(action => action.path === path)) {
          again();
        }
      },
      [path, again]
    )
  );
  const [chosen, setChosen] = useState<{ before: string; after: string } | null>(null);
  const [working, setWorking] = useState(false);
  const [said, setSaid] = useState<{ text: string; isBad: boolean } | null>(null);
  const project = projects.projects.find(({ id }) => id === projectId);
  const now = useNow();
  const wordsOf = (version: FileVersion): string =>
    cloudWords(
      { author: version.author, at: version.createdAt, size: version.size },
      { account: projects.account, now, locale, trans }
    );
  const versions = value ?? [];
  const pair = chosen ?? {
    before: versions[1]?.versionId ?? versions[0]?.versionId ?? '',
    after: versions[0]?.versionId ?? ''
  };
  const restore = async (version: FileVersion): Promise<void> => {
    const isMeant = await person.confirm(
      trans.__('Restore this version?'),
      trans.__(
        '“%1” gets what it held %2, here and in the cloud. What it holds now stays a version, unsynced edits too.',
        path,
        whenWords(version.createdAt, now, locale, trans)
      ),
      trans.__('Restore')
    );
    if (!isMeant) {
      return;
    }
    setWorking(true);
    setSaid(null);
    try {
      const why = whyNot(await projects.restoreVersion(projectId, path, version.versionId));
      setSaid(
        why === null
          ? { text: trans.__('“%1” is restored, here and in the cloud.', path), isBad: false }
          : {
              text: why || trans.__('The sync was stopped, and nothing was restored.'),
              isBad: true
            }
      );
      setChosen(null);
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
        <h2>{trans.__('History of “%1”', path)}</h2>
        {project && (
          <p className="jp-Projects-reviewQuiet">{trans.__('Project: %1', project.title)}</p>
        )}
        {error && (
          <div className="jp-Projects-error" role="alert">
            <p>{error}</p>
            <Button onClick={again}>{trans.__('Look again')}</Button>
          </div>
        )}
        {!value && isBusy && <p role="status">{trans.__('Asking the cloud…')}</p>}
        {value?.length === 0 && <p>{trans.__('The cloud keeps no version of this file.')}</p>}
        {said && (
          <p
            className={said.isBad ? 'jp-Projects-error' : undefined}
            role={said.isBad ? 'alert' : 'status'}
          >
            {said.text}
          </p>
        )}
        {working && <p role="status">{trans.__('Working…')}</p>}
      </header>
      {versions.length > 0 && (
        <div
          className="jp-Projects-tableScroll"
          tabIndex={0}
          role="group"
          aria-label={trans.__('Versions')}
        >
          <table className="jp-Projects-versions">
            <thead>
              <tr>
                <th scope="col">{trans.__('From')}</th>
                <th scope="col">{trans.__('To')}</th>
                <th scope="col">{trans.__('When')}</th>
                <th scope="col">{trans.__('Who')}</th>
                <th scope="col">{trans.__('Size')}</th>
                <th scope="col">{trans.__('Restore')}</th>
              </tr>
            </thead>
            <tbody>
              {versions.map((version, index) => {
                const { versionId, createdAt, author, size } = version;
                const words = wordsOf(version);
                const full = new Date(createdAt).toLocaleString(locale);
                return (
                  <tr key={versionId}>
                    {(['before', 'after'] as const).map(end => (
                      <td key={end}>
                        <input
                          type="radio"
                          name={`jp-projects-${projectId}-${path}-${end}`}
                          aria-label={
                            end === 'before'
                              ? trans.__('Compare from the version %1', words)
                              : trans.__('Compare to the version %1', words)
                          }
                          checked={pair[end] === versionId}
                          onChange={() => setChosen({ ...pair, [end]: versionId })}
                        />
                      </td>
                    ))}
                    <td title={full}>
                      {whenWords(createdAt, now, locale, trans)}
                      {index === 0 && (
                        <span className="jp-Projects-reviewQuiet"> {trans.__('(newest)')}</span>
                      )}
                      {version.path !== path && (
                        <div className="jp-Projects-reviewQuiet">
                          {trans.__('then “%1”', version.path)}
                        </div>
                      )}
                    </td>
                    <td>{author?.name || trans.__('not known')}</td>
                    <td>{formatBytes(size, locale)}</td>
                    <td>
                      <Button
                        disabled={working || project?.localPath === null}
                        hint={
                          project?.localPath === null
                            ? trans.__('Open the project on this server first.')
                            : trans.__('Restore the version %1', words)
                        }
                        onClick={() => void restore(version)}
                      >
                        {trans.__('Restore')}
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {versions.length > 1 && (
        <Comparison
          projectId={projectId}
          path={path}
          before={versions.find(({ versionId }) => versionId === pair.before)}
          after={versions.find(({ versionId }) => versionId === pair.after)}
        />
      )}
    </div>
  );
}

interface ComparisonProps {
  readonly projectId: string;
  readonly path: string;
  readonly before: FileVersion | undefined;
  readonly after: FileVersion | undefined;
}

function Comparison({ projectId, path, before, after }: ComparisonProps) {
  const { projects, trans, locale } = useReview();
  const ids = [before, after].map(version =>
    version && version.size <= LARGEST ? version.versionId : null
  );
  const [beforeId = null, afterId = null] = ids;
  const { value, error } = useLoad(
    useCallback(async () => {
      const read = (id: string | null) =>
        id === null ? null : projects.versionContent(projectId, path, id);
      const [left, right] = await Promise.all([read(beforeId), read(afterId)]);
      return { key: `${beforeId} ${afterId}`, left, right };
    }, [projects, projectId, path, beforeId, afterId])
  );
  const contents = useMemo(() => {
    if (!value || value.key !== `${beforeId} ${afterId}` || !before || !after) {
      return null;
    }
    // A time that stays as it is: the comparison is not made anew for it.
    const named = (version: FileVersion, content: Uint8Array<ArrayBuffer> | null) => {
      const when = new Date(version.createdAt).toLocaleString(locale);
      const who = version.author?.name ?? '';
      return {
        label: who ? trans.__('%1, %2', when, who) : when,
        size: version.size,
        when,
        who,
        content
      };
    };
    return { before: named(before, value.left), after: named(after, value.right) };
  }, [value, beforeId, afterId, before, after, locale, trans]);
  if (beforeId !== null && beforeId === afterId) {
    return (
      <p className="jp-Projects-reviewQuiet">
        {trans.__('Choose two different versions to compare.')}
      </p>
    );
  }
  if (error) {
    return (
      <p className="jp-Projects-error" role="alert">
        {error}
      </p>
    );
  }
  return contents ? (
    <section aria-label={trans.__('What differs')}>
      <VersionDiff path={path} before={contents.before} after={contents.after} />
    </section>
  ) : (
    <p role="status">{trans.__('Asking the cloud…')}</p>
  );
}

/** Why a restoring sync did not do it; '' where it does not say, null where it did. */
export function whyNot({ state, problems }: SyncReport): string | null {
  return state === 'failed' || state === 'stopped' ? (problems[0]?.message ?? '') : null;
}
