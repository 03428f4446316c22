import { folderIcon } from '@jupyterlab/ui-components';

import type { ProjectSummary } from '../../tokens';
import { useUi } from '../ui-context';
import { useProjectFiles } from '../use-project-files';
import { ActivityList } from './activity-list';
import { Button } from './button';
import { ConflictList } from './conflict-list';
import { FileSection } from './file-section';
import { Fold } from './fold';
import { PreviewView } from './preview-view';
import { ProblemList } from './problem-list';
import { StoppedView } from './stopped-view';

/** Everything about one project. */
export function ProjectDetails({ project }: { project: ProjectSummary }) {
  return project.localPath === null ? (
    <CloudDetails project={project} />
  ) : (
    <LinkedDetails project={project} folder={project.localPath} />
  );
}

function ShareButton({ project }: { project: ProjectSummary }) {
  const { trans, run } = useUi();
  return (
    <Button
      hint={trans.__('See who may read or change this project; an owner can change it')}
      onClick={() => run('projects:share', { projectId: project.id })}
    >
      {trans.__('Share…')}
    </Button>
  );
}

function CloudDetails({ project }: { project: ProjectSummary }) {
  const { trans } = useUi();
  return (
    <div className="jp-Projects-details">
      <p className="jp-Projects-quiet">
        {trans.__(
          '“%1” is in the cloud and in no folder of this server. Open it to work on its files here.',
          project.name
        )}
      </p>
      <div className="jp-Projects-buttons">
        <ShareButton project={project} />
      </div>
    </div>
  );
}

function LinkedDetails({ project, folder }: { project: ProjectSummary; folder: string }) {
  const { trans, run, reveal } = useUi();
  const found = useProjectFiles(project);
  return (
    <div className="jp-Projects-details">
      <div className="jp-Projects-folder">
        <folderIcon.react tag="span" className="jp-Projects-statusIcon" aria-hidden="true" />
        {reveal ? (
          <button
            type="button"
            className="jp-Projects-link"
            title={trans.__('Show in the file browser')}
            onClick={() => reveal(folder)}
          >
            {folder}
          </button>
        ) : (
          <span>{folder}</span>
        )}
      </div>
      <StoppedView project={project} />
      <ConflictList project={project} files={found.files} />
      <ProblemList project={project} files={found.files} />
      <FileSection project={project} folder={folder} found={found} />
      <PreviewView project={project} />
      <Fold title={trans.__('Activity')}>
        <ActivityList projectId={project.id} />
      </Fold>
      <div className="jp-Projects-buttons">
        <ShareButton project={project} />
        <Button
          hint={trans.__('The files stay on both sides, and are no longer kept in sync')}
          onClick={() => run('projects:unlink', { projectId: project.id })}
        >
          {trans.__('Unlink…')}
        </Button>
      </div>
    </div>
  );
}
