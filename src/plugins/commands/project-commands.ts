import type { IDisposable } from '@lumino/disposable';

import type { SyncReport } from '../../tokens';
import { nameOf } from '../../sync/path';
import { reportMessage } from '../../ui/report-words';
import { signedIn } from './account-commands';
import { chooseProject, isLinked, rootPath, showPanel, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

const PROJECT_ID = { type: 'string', description: 'The id of the project' } as const;

export function addProjectCommands(context: Context): IDisposable[] {
  const { commands, projects, person, trans } = context;
  const present = (report: SyncReport): void =>
    person.tell(reportMessage(report, titleOf(context, report.projectId), trans));

  return [
    addCommand(context, {
      id: CommandIDs.list,
      label: trans.__('List Projects'),
      caption: trans.__('Ask the cloud which projects there are, and show them'),
      args: {
        refresh: { type: 'boolean', description: 'True to ask the cloud again first' }
      },
      run: async ({ refresh }, asks) => {
        const all = refresh || asks ? await projects.refresh() : projects.projects;
        return [...all];
      },
      present: () => showPanel(commands, {})
    }),
    addCommand(context, {
      id: CommandIDs.create,
      label: trans.__('Turn a Folder into a Project…'),
      caption: trans.__('A folder becomes a new project in the cloud, and is kept in sync'),
      args: {
        path: { type: 'string', description: 'The folder, relative to the Jupyter root' },
        title: { type: 'string', description: 'What the project is called; default: the folder' }
      },
      asks: ({ path }) => path === undefined,
      run: async ({ path, title }, asks) => {
        if (!(await signedIn(context, asks))) {
          return null;
        }
        const folder =
          path ?? (await person.askFolder(trans.__('Which folder becomes a project?')));
        if (folder === null) {
          return null;
        }
        const root = rootPath(folder);
        const name =
          title ??
          (asks
            ? await person.askText(
                trans.__('Turn “%1” into a project', root),
                trans.__('Its files are uploaded and kept in sync. Name of the project:'),
                nameOf(root)
              )
            : undefined);
        return name === null ? null : projects.create(root, name);
      },
      present
    }),
    addCommand(context, {
      id: CommandIDs.open,
      label: trans.__('Open a Project…'),
      labelFor: title => trans.__('Open “%1”', title),
      caption: trans.__('A project of the cloud comes to a folder of this server'),
      args: {
        projectId: PROJECT_ID,
        path: {
          type: 'string',
          description:
            'The folder it comes to, relative to the Jupyter root; default: its own in the projects folder'
        }
      },
      asks: ({ projectId }) => projectId === undefined,
      run: async ({ projectId, path }, asks) => {
        if (!(await signedIn(context, asks))) {
          return null;
        }
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('Open a project'),
            project => !isLinked(project),
            trans.__('There is no project in the cloud that is not open here already.')
          ));
        return id === null ? null : projects.open(id, path && rootPath(path));
      },
      present
    }),
    addCommand(context, {
      id: CommandIDs.link,
      label: trans.__('Link a Project to a Folder…'),
      caption: trans.__('A project of the cloud and a folder that exists become one'),
      args: {
        projectId: PROJECT_ID,
        path: { type: 'string', description: 'The folder, relative to the Jupyter root' }
      },
      asks: ({ projectId, path }) => projectId === undefined || path === undefined,
      run: async ({ projectId, path }, asks) => {
        if (!(await signedIn(context, asks))) {
          return null;
        }
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('Link a project to a folder'),
            project => !isLinked(project),
            trans.__('There is no project in the cloud that is not linked here already.')
          ));
        if (id === null) {
          return null;
        }
        const folder =
          path ??
          (await person.askFolder(trans.__('Link “%1” to which folder?', titleOf(context, id))));
        return folder === null ? null : projects.link(id, rootPath(folder));
      },
      present
    }),
    addCommand(context, {
      id: CommandIDs.unlink,
      label: trans.__('Unlink a Project…'),
      caption: trans.__('Forget that a folder and a project belong together; deletes nothing'),
      args: { projectId: PROJECT_ID },
      asks: ({ projectId }) => projectId === undefined,
      isEnabled: () => projects.projects.some(isLinked),
      run: async ({ projectId }, asks) => {
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('Unlink a project'),
            isLinked,
            trans.__('No folder of this server is linked to a project.')
          ));
        if (id === null) {
          return null;
        }
        const sure =
          !asks ||
          (await person.confirm(
            trans.__('Unlink “%1”?', titleOf(context, id)),
            trans.__(
              'The files stay, here and in the cloud. They are no longer kept in sync; you can link them again.'
            ),
            trans.__('Unlink')
          ));
        if (!sure) {
          return null;
        }
        await projects.unlink(id);
        return {};
      }
    })
  ];
}
