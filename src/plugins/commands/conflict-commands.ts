import type { IDisposable } from '@lumino/disposable';

import type { ConflictChoice } from '../../tokens';
import { ProjectsError } from '../../tokens';
import { openConflicts } from '../../ui/open-conflicts';
import { reportMessage } from '../../ui/report-words';
import { choiceWords } from '../../ui/words';
import { chooseProject, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

const CHOICES: readonly ConflictChoice[] = ['keep-local', 'keep-cloud', 'keep-both'];

export function addConflictCommands(context: Context): IDisposable[] {
  const { projects, person, trans } = context;
  return [
    addCommand(context, {
      id: CommandIDs.resolveConflict,
      label: trans.__('Resolve a Conflict in a Project…'),
      caption: trans.__('Choose what to keep of a file that changed on both sides'),
      args: {
        projectId: { type: 'string', description: 'The id of the project' },
        path: { type: 'string', description: 'The file, relative to the project’s root' },
        choice: {
          type: 'string',
          description: 'Whose content the file has in the end',
          choices: CHOICES
        }
      },
      asks: ({ projectId, path, choice }) =>
        projectId === undefined || path === undefined || choice === undefined,
      isEnabled: () => projects.projects.some(project => project.conflicts > 0),
      run: async ({ projectId, path, choice }) => {
        const found = await askConflict(context, { projectId, path });
        if (!found) {
          return null;
        }
        const { projectId: id, path: file } = found;
        const chosen =
          choice ??
          (await person.askOption(
            trans.__('What to keep of “%1”?', file),
            trans.__('It changed here and in the cloud.'),
            CHOICES.map(value => {
              const { label, effect } = choiceWords(value, trans);
              return { value, label: trans.__('%1: %2', label, effect) };
            })
          ));
        return chosen === null ? null : projects.resolveConflict(id, file, chosen);
      },
      present: report =>
        person.tell(reportMessage(report, titleOf(context, report.projectId), trans))
    })
  ];
}

/** The conflict that is meant; asks for what is missing. null when the person dismissed a question. */
export async function askConflict(
  context: Context,
  given: { readonly projectId?: string | undefined; readonly path?: string | undefined }
): Promise<{ readonly projectId: string; readonly path: string } | null> {
  const { trans } = context;
  const projectId =
    given.projectId ??
    (await chooseProject(
      context,
      trans.__('A conflict of which project?'),
      project => project.conflicts > 0,
      trans.__('No project has a conflict.')
    ));
  if (projectId === null) {
    return null;
  }
  const path = given.path ?? (await askFile(context, projectId));
  return path === null ? null : { projectId, path };
}

async function askFile(context: Context, projectId: string): Promise<string | null> {
  const { projects, person, trans } = context;
  const { files } = await projects.status({ projectId });
  const conflicts = openConflicts(projects.lastReport(projectId), files);
  if (conflicts.length === 0) {
    throw new ProjectsError(
      'not-found',
      trans.__('“%1” has no conflict.', titleOf(context, projectId))
    );
  }
  return person.askOption(
    trans.__('Which conflict?'),
    trans.__('File that changed on both sides'),
    conflicts.map(({ path }) => ({ value: path, label: path }))
  );
}
