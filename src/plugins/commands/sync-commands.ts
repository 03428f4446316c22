import type { IDisposable } from '@lumino/disposable';

import type { ProjectChoice, ProjectFiles, SyncReport } from '../../tokens';
import { reportMessage } from '../../ui/report-words';
import { chooseProject, isLinked, rootPath, showPanel, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

const CHOICE = {
  projectId: { type: 'string', description: 'The id of the project' },
  path: {
    type: 'string',
    description: 'Any path inside the project’s folder, relative to the Jupyter root'
  }
} as const;

export function addSyncCommands(context: Context): IDisposable[] {
  const { commands, projects, person, trans } = context;
  const anyLinked = (): boolean => projects.projects.some(isLinked);
  const present = (result: SyncReport | SyncReport[]): void => {
    for (const report of Array.isArray(result) ? result : [result]) {
      person.tell(reportMessage(report, titleOf(context, report.projectId), trans));
    }
  };

  return [
    addCommand(context, {
      id: CommandIDs.sync,
      label: trans.__('Sync Projects Now'),
      labelFor: title => trans.__('Sync “%1” Now', title),
      caption: trans.__('Sync all linked projects now'),
      args: CHOICE,
      isEnabled: anyLinked,
      run: async values =>
        isChosen(values) ? projects.sync(choiceOf(values)) : [...(await projects.syncAll())],
      present
    }),
    addCommand(context, {
      id: CommandIDs.pull,
      label: trans.__('Pull Projects from the Cloud'),
      labelFor: title => trans.__('Pull “%1” from the Cloud', title),
      caption: trans.__('Bring what changed in the cloud here, and send nothing'),
      args: CHOICE,
      isEnabled: anyLinked,
      run: async values =>
        isChosen(values) ? projects.pull(choiceOf(values)) : [...(await projects.pullAll())],
      present
    }),
    addCommand(context, {
      id: CommandIDs.push,
      label: trans.__('Push Projects to the Cloud'),
      labelFor: title => trans.__('Push “%1” to the Cloud', title),
      caption: trans.__('Send what changed here to the cloud, and change nothing here'),
      args: CHOICE,
      isEnabled: anyLinked,
      run: async values =>
        isChosen(values) ? projects.push(choiceOf(values)) : [...(await projects.pushAll())],
      present
    }),
    addCommand(context, {
      id: CommandIDs.preview,
      label: trans.__('What Would a Sync of Projects Do?'),
      labelFor: title => trans.__('What Would a Sync of “%1” Do?', title),
      caption: trans.__('Look at both sides and tell what a sync would change, changing nothing'),
      args: CHOICE,
      isEnabled: anyLinked,
      run: async values =>
        isChosen(values) ? projects.preview(choiceOf(values)) : [...(await projects.previewAll())],
      present
    }),
    addCommand(context, {
      id: CommandIDs.status,
      label: trans.__('Show the Files of a Project…'),
      caption: trans.__('Tell of each file of a project whether it is in sync'),
      args: CHOICE,
      asks: values => !isChosen(values),
      isEnabled: anyLinked,
      run: async values => {
        if (isChosen(values)) {
          return told(await projects.status(choiceOf(values)));
        }
        const projectId = await chooseProject(
          context,
          trans.__('Show the files of a project'),
          isLinked,
          trans.__('No folder of this server is linked to a project.')
        );
        return projectId === null ? null : told(await projects.status({ projectId }));
      },
      present: ({ project }) => showPanel(commands, { projectId: project.id })
    }),
    addCommand(context, {
      id: CommandIDs.pause,
      label: trans.__('Pause Automatic Syncs of Projects'),
      labelFor: title => trans.__('Pause Automatic Syncs of “%1”', title),
      caption: trans.__('Projects are synced only when you say so, until you resume'),
      args: { projectId: CHOICE.projectId },
      isEnabled: () => projects.projects.some(project => isLinked(project) && !project.paused),
      run: async ({ projectId }) => {
        await projects.pause(projectId);
        return {};
      }
    }),
    addCommand(context, {
      id: CommandIDs.resume,
      label: trans.__('Resume Automatic Syncs of Projects'),
      labelFor: title => trans.__('Resume Automatic Syncs of “%1”', title),
      caption: trans.__('Projects are synced by themselves again'),
      args: { projectId: CHOICE.projectId },
      isEnabled: () => projects.projects.some(project => project.paused),
      run: async ({ projectId }) => {
        await projects.resume(projectId);
        return {};
      }
    })
  ];
}

/** Of each file what the command promises, and no more. */
function told({ project, files }: ProjectFiles): ProjectFiles {
  return { project, files: files.map(({ path, status, reason }) => ({ path, status, reason })) };
}

function isChosen({ projectId, path }: ProjectChoice): boolean {
  return projectId !== undefined || path !== undefined;
}

function choiceOf({ projectId, path }: ProjectChoice): ProjectChoice {
  return {
    ...(projectId === undefined ? {} : { projectId }),
    ...(path === undefined ? {} : { path: rootPath(path) })
  };
}
