import type { Activity } from '../../tokens';
import { mayBeUndone, versionBefore } from '../activity/undo';
import { formatAgo, formatBytes } from '../format';
import { useAttempt } from '../hooks';
import { useUi } from '../ui-context';
import { Button } from './button';

export interface ActivityLineProps {
  readonly line: Activity;
  /** Ms since the epoch. */
  readonly now: number;
  /** Whether the project is told, as lines of others are beside it. */
  readonly namesProject: boolean;
}

/** One thing that was done, with its reason; undone where the cloud keeps what was before. */
export function ActivityLine({ line, now, namesProject }: ActivityLineProps) {
  const { projects, person, trans, locale } = useUi();
  const { busy, start } = useAttempt();
  const { at, kind, path, text, projectId, projectTitle } = line;
  const isLinked = projects.projects.some(each => each.id === projectId && each.localPath !== null);
  const undo = (file: string): void =>
    start(trans.__('“%1” could not be brought back', file), async () => {
      const version = versionBefore(line, await projects.history(projectId, file));
      if (!version) {
        person.tell({
          kind: 'warning',
          text: trans.__(
            'This can’t be undone: the cloud keeps no content that “%1” had before.',
            file
          )
        });
        return;
      }
      const isMeant = await person.confirm(
        trans.__('Bring back “%1”?', file),
        trans.__(
          'It gets the content of %1 (%2), here and in the cloud. What it holds now stays an earlier version.',
          new Date(version.createdAt).toLocaleString(locale),
          formatBytes(version.size, locale)
        ),
        trans.__('Bring back')
      );
      if (isMeant) {
        await projects.restoreVersion(projectId, file, version.versionId);
        person.tell({ kind: 'success', text: trans.__('“%1” is as it was before.', file) });
      }
    });
  return (
    <li className={`jp-mod-${kind}`}>
      <span>{text}</span>
      {path !== null && !text.includes(path) && <span className="jp-Projects-path">{path}</span>}
      <span className="jp-Projects-quiet">
        {namesProject && `${projectTitle} · `}
        <time dateTime={at} title={new Date(at).toLocaleString(locale)}>
          {formatAgo(at, now, locale, trans)}
        </time>
      </span>
      {isLinked && path !== null && mayBeUndone(line) && (
        <Button
          disabled={busy}
          hint={trans.__('Undo: bring back what “%1” held before', path)}
          onClick={() => undo(path)}
        >
          {trans.__('Undo…')}
        </Button>
      )}
    </li>
  );
}
