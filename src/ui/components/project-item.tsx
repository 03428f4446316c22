import {
  caretDownIcon,
  caretRightIcon,
  pauseIcon,
  refreshIcon,
  runIcon
} from '@jupyterlab/ui-components';

import type { ProjectSummary } from '../../tokens';
import { formatAgo } from '../format';
import { useAttempt, useSignal } from '../hooks';
import { toneOf } from '../overall';
import { STATUS_ICONS } from '../status-icons';
import { useUi } from '../ui-context';
import { roleWords, summaryWords } from '../words';
import { Button } from './button';
import { ProgressView } from './progress-view';
import { ProjectDetails } from './project-details';
import { StatusMark } from './status-mark';

/** One project: what it is, how it is, what to do with it; unfolded, everything about it. */
export function ProjectItem({ project, now }: { project: ProjectSummary; now: number }) {
  const { projects, selection, trans, locale, run } = useUi();
  const { busy, start } = useAttempt();
  useSignal(selection.changed);
  useSignal(projects.progressChanged);
  const { id, title, localPath, status } = project;
  const open = selection.projectId === id;
  const Caret = open ? caretDownIcon : caretRightIcon;
  const linked = localPath !== null;
  const whyNotOpen =
    project.role === 'finder'
      ? trans.__(
          'You can only see that this project exists: ask an owner for a role that lets you read it'
        )
      : '';
  return (
    <li className={`jp-Projects-item${open ? ' jp-mod-open' : ''}`} data-project={id}>
      <h3 className="jp-Projects-itemTitle">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => selection.select(open ? null : id)}
        >
          <Caret.react tag="span" className="jp-Projects-statusIcon" aria-hidden="true" />
          <span>{title}</span>
        </button>
      </h3>
      <div className="jp-Projects-itemBody">
        <div className="jp-Projects-facts">
          <StatusMark
            icon={STATUS_ICONS[status]}
            tone={toneOf(status)}
            text={summaryWords(project, trans, {
              progress: projects.progress(id),
              report: projects.lastReport(id)
            })}
          />
          {project.paused && status !== 'paused' && (
            <span className="jp-Projects-quiet">{trans.__('Automatic syncs are paused')}</span>
          )}
          <span className="jp-Projects-quiet">
            {[
              project.lastSync &&
                trans.__('last sync %1', formatAgo(project.lastSync, now, locale, trans)),
              roleWords(project.role, trans),
              project.role !== null && project.role !== 'owner' && trans.__('of %1', project.owner)
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </div>
        {project.message && <p className="jp-Projects-message">{project.message}</p>}
        <ProgressView projectId={id} title={title} />
        <div
          className="jp-Projects-buttons"
          role="group"
          aria-label={trans.__('Actions for %1', title)}
        >
          {linked ? (
            <>
              <Button
                icon={refreshIcon}
                disabled={busy || status === 'syncing'}
                onClick={() =>
                  start(trans.__('“%1” could not be synced', title), () =>
                    projects.sync({ projectId: id })
                  )
                }
              >
                {trans.__('Sync now')}
              </Button>
              <Button
                icon={project.paused ? runIcon : pauseIcon}
                hint={
                  project.paused
                    ? trans.__('Sync by itself again')
                    : trans.__('Sync only when you say so')
                }
                onClick={() =>
                  start(trans.__('“%1” could not be changed', title), () =>
                    project.paused ? projects.resume(id) : projects.pause(id)
                  )
                }
              >
                {project.paused ? trans.__('Resume') : trans.__('Pause')}
              </Button>
            </>
          ) : (
            <>
              <Button
                primary
                disabled={busy || whyNotOpen !== ''}
                hint={whyNotOpen || trans.__('Bring it to a new folder of this server')}
                onClick={() => run('projects:open', { projectId: id })}
              >
                {trans.__('Open here')}
              </Button>
              <Button
                disabled={busy || whyNotOpen !== ''}
                hint={whyNotOpen || trans.__('Merge it with a folder that you have already')}
                onClick={() => run('projects:link', { projectId: id })}
              >
                {trans.__('Link to a folder…')}
              </Button>
            </>
          )}
        </div>
        {whyNotOpen !== '' && <p className="jp-Projects-quiet">{whyNotOpen}</p>}
        {open && <ProjectDetails key={id} project={project} />}
      </div>
    </li>
  );
}
