import { addAccountCommands } from './account-commands';
import { addActivityCommands } from './activity-commands';
import type { Context } from './command';
import { addConflictCommands } from './conflict-commands';
import { addProjectCommands } from './project-commands';
import { addSyncCommands } from './sync-commands';

/** Adds them all to the registry, and has it told when they may have become enabled or not. */
export function addCommands(context: Context): void {
  addAccountCommands(context);
  addProjectCommands(context);
  addSyncCommands(context);
  addConflictCommands(context);
  addActivityCommands(context);
  const { commands, projects } = context;
  const changed = (): void => commands.notifyCommandChanged();
  projects.accountChanged.connect(changed);
  projects.projectsChanged.connect(changed);
}
