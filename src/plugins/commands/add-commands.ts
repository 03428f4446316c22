import { addAccountCommands } from './account-commands';
import { addActivityCommands } from './activity-commands';
import type { Context } from './command';
import { addConflictCommands } from './conflict-commands';
import { addGuardCommands } from './guard-commands';
import { addProjectCommands } from './project-commands';
import { addSharingCommands } from './sharing-commands';
import { addSyncCommands } from './sync-commands';
import { addVersionCommands } from './version-commands';

/** Adds them all to the registry, and has it told when they may have become enabled or not. */
export function addCommands(context: Context): void {
  addAccountCommands(context);
  addProjectCommands(context);
  addSyncCommands(context);
  addGuardCommands(context);
  addConflictCommands(context);
  addVersionCommands(context);
  addSharingCommands(context);
  addActivityCommands(context);
  const { commands, projects } = context;
  const changed = (): void => commands.notifyCommandChanged();
  projects.accountChanged.connect(changed);
  projects.projectsChanged.connect(changed);
}
