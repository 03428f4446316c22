import type { IDisposable } from '@lumino/disposable';

import { showPanel } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

export function addActivityCommands(context: Context): IDisposable[] {
  const { commands, projects, trans } = context;
  return [
    addCommand(context, {
      id: CommandIDs.showActivity,
      label: trans.__('Show Activity of Projects'),
      caption: trans.__('What was synced, and what went wrong, newest first'),
      args: {
        projectId: { type: 'string', description: 'Only that of the project with this id' }
      },
      run: async ({ projectId }) => {
        showPanel(commands, { ...(projectId ? { projectId } : {}), section: 'activity' });
        return projects.activity.filter(
          line => projectId === undefined || line.projectId === projectId
        );
      }
    })
  ];
}
