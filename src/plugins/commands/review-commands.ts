import type { IDisposable } from '@lumino/disposable';

import type { ConflictChoice } from '../../tokens';
import { reportMessage } from '../../ui/report-words';
import { choiceWords } from '../../ui/words';
import { chooseProject, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { askConflict } from './conflict-commands';
import { CommandIDs } from './ids';
import { askFile } from './version-commands';

const CHOICES: readonly ConflictChoice[] = ['keep-local', 'keep-cloud', 'keep-both'];

const FILE = {
  projectId: { type: 'string', description: 'The id of the project' },
  path: { type: 'string', description: 'The file, relative to the project’s root' }
} as const;

/** Opens tabs of the main area; a path is relative to the project's root. */
export interface Views {
  conflict(projectId: string, path: string): Promise<void>;
  history(projectId: string, path: string): Promise<void>;
  deleted(projectId: string): Promise<void>;
}

/** The commands that open the views of conflicts and versions, and that which settles all conflicts. */
export function addReviewCommands(context: Context, views: Views): IDisposable[] {
  const { projects, person, trans } = context;
  return [
    addCommand(context, {
      id: CommandIDs.showConflict,
      label: trans.__('Compare a Conflict in a Project…'),
      caption: trans.__('Show both contents of a file that changed on both sides, and settle it'),
      args: FILE,
      asks: ({ projectId, path }) => projectId === undefined || path === undefined,
      isEnabled: () => projects.projects.some(project => project.conflicts > 0),
      run: async values => {
        const file = await askConflict(context, values);
        if (file) {
          await views.conflict(file.projectId, file.path);
        }
        return file && { ...file };
      }
    }),
    addCommand(context, {
      id: CommandIDs.resolveConflicts,
      label: trans.__('Resolve All Conflicts of a Project…'),
      caption: trans.__('Choose what to keep of all files that changed on both sides'),
      args: {
        projectId: FILE.projectId,
        choice: {
          type: 'string',
          description: 'Whose content the files have in the end',
          choices: CHOICES
        }
      },
      asks: ({ projectId, choice }) => projectId === undefined || choice === undefined,
      isEnabled: () => projects.projects.some(project => project.conflicts > 0),
      run: async ({ projectId, choice }) => {
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('Resolve the conflicts of which project?'),
            project => project.conflicts > 0,
            trans.__('No project has a conflict.')
          ));
        if (id === null) {
          return null;
        }
        const chosen =
          choice ??
          (await person.askOption(
            trans.__('What to keep of all files with a conflict in “%1”?', titleOf(context, id)),
            trans.__('They changed here and in the cloud.'),
            CHOICES.map(value => {
              const { label, effect } = choiceWords(value, trans);
              return { value, label: trans.__('%1: %2', label, effect) };
            })
          ));
        return chosen === null ? null : projects.resolveConflicts(id, chosen);
      },
      present: report =>
        person.tell(reportMessage(report, titleOf(context, report.projectId), trans))
    }),
    addCommand(context, {
      id: CommandIDs.showHistory,
      label: trans.__('Show the History of a Project’s File…'),
      caption: trans.__('Compare the versions that the cloud keeps of a file, and restore one'),
      args: FILE,
      asks: ({ projectId, path }) => projectId === undefined || path === undefined,
      isEnabled: () => projects.projects.length > 0,
      run: async values => {
        const file = await askFile(context, values);
        if (file) {
          await views.history(file.projectId, file.path);
        }
        return file && { ...file };
      }
    }),
    addCommand(context, {
      id: CommandIDs.showDeleted,
      label: trans.__('Show the Deleted Files of a Project…'),
      caption: trans.__('List what was deleted in a project, and get files back'),
      args: { projectId: FILE.projectId },
      asks: ({ projectId }) => projectId === undefined,
      isEnabled: () => projects.projects.length > 0,
      run: async ({ projectId }) => {
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('The deleted files of which project?'),
            () => true,
            trans.__('There is no project.')
          ));
        if (id !== null) {
          await views.deleted(id);
        }
        return id === null ? null : { projectId: id };
      }
    })
  ];
}
