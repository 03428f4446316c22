import type { IDisposable } from '@lumino/disposable';

import type { SyncReport } from '../../tokens';
import { reportMessage } from '../../ui/report-words';
import { wordWords } from '../../ui/stopped';
import { chooseProject, isLinked, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

const PROJECT_ID = { type: 'string', description: 'The id of the project' } as const;

/** What a person says to a sync that was stopped, and the thorough look that tells whether all is well. */
export function addGuardCommands(context: Context): IDisposable[] {
  const { projects, person, trans } = context;
  const anyStopped = (): boolean => projects.projects.some(({ status }) => status === 'stopped');
  const present = (report: SyncReport): void =>
    person.tell(reportMessage(report, titleOf(context, report.projectId), trans));
  const chooseStopped = (title: string): Promise<string | null> =>
    chooseProject(
      context,
      title,
      ({ status }) => status === 'stopped',
      trans.__('No project is stopped.')
    );

  return [
    addCommand(context, {
      id: CommandIDs.verify,
      label: trans.__('Verify a Project…'),
      caption: trans.__('Read every file again on both sides, then sync'),
      args: { projectId: PROJECT_ID },
      asks: ({ projectId }) => projectId === undefined,
      isEnabled: () => projects.projects.some(isLinked),
      run: async ({ projectId }) => {
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('Verify a project'),
            isLinked,
            trans.__('No folder of this server is linked to a project.')
          ));
        return id === null ? null : projects.verify(id);
      },
      present
    }),
    addCommand(context, {
      id: CommandIDs.approve,
      label: trans.__('Approve What Was Stopped in a Project…'),
      caption: trans.__('Let a sync that was stopped for safety go ahead, once'),
      args: { projectId: PROJECT_ID },
      asks: ({ projectId }) => projectId === undefined,
      isEnabled: anyStopped,
      run: async ({ projectId }, asks) => {
        const id = projectId ?? (await chooseStopped(trans.__('Approve what was stopped')));
        if (id === null) {
          return null;
        }
        const { label, effect } = wordWords('approve', projects.lastReport(id), trans);
        const sure =
          !asks ||
          (await person.confirm(
            trans.__('Approve what was stopped in “%1”?', titleOf(context, id)),
            effect,
            label
          ));
        return sure ? projects.approve(id) : null;
      },
      present
    }),
    addCommand(context, {
      id: CommandIDs.restore,
      label: trans.__('Restore What Was Deleted in a Project…'),
      caption: trans.__('Undo the deletions for which a sync was stopped for safety'),
      args: { projectId: PROJECT_ID },
      asks: ({ projectId }) => projectId === undefined,
      isEnabled: anyStopped,
      run: async ({ projectId }) => {
        const id = projectId ?? (await chooseStopped(trans.__('Restore what was deleted')));
        return id === null ? null : projects.restore(id);
      },
      present
    })
  ];
}
