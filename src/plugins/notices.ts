import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';

import { IProjects } from '../tokens';
import type { Notice } from '../ui/places/notices';
import { Notices } from '../ui/places/notices';
import { CommandIDs } from './commands/ids';

const COMMANDS = {
  show: CommandIDs.show,
  approve: CommandIDs.approve,
  restore: CommandIDs.restore,
  'sign-in': CommandIDs.signIn
} as const;

/** Notifications for what needs the person, and for nothing else. */
export const noticesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:notices',
  description: 'Tells of stopped syncs, new conflicts and needed sign-ins by notifications.',
  autoStart: true,
  requires: [IProjects],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, projects: IProjects, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    // It lives as long as the page.
    void new Notices({ projects, trans, tell: notice => notify(app.commands, notice) });
  }
};

/** JupyterLab shows it, or only keeps it in its list where the person wants no notifications. */
function notify(commands: CommandRegistry, { kind, text, actions }: Notice): IDisposable {
  const shown = import('@jupyterlab/apputils').then(({ Notification }) => {
    const id = Notification.emit(text, kind, {
      autoClose: false,
      actions: actions.map(({ label, command, args }, index) => ({
        label,
        displayType: index === 0 ? ('accent' as const) : ('default' as const),
        callback: () => {
          void commands.execute(COMMANDS[command], { ...args, interactive: true });
        }
      }))
    });
    return () => Notification.dismiss(id);
  });
  return new DisposableDelegate(() => {
    void shown.then(dismiss => dismiss());
  });
}
