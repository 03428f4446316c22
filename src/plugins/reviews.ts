import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IDocumentManager, IDocumentWidgetOpener } from '@jupyterlab/docmanager';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { IProjects } from '../tokens';
import { conflictOf } from '../ui/conflict-of';
import type { ConflictBars } from '../ui/conflicts/conflict-bars';
import { Dialogs } from '../ui/dialogs';
import { errorMessage } from '../ui/error-message';
import { pageLocale } from '../ui/page-locale';
import type { Review } from '../ui/review/review-context';
import { CommandIDs } from './commands/ids';
import type { Views } from './commands/review-commands';
import { addReviewCommands } from './commands/review-commands';

const IN_PALETTE = [
  CommandIDs.showConflict,
  CommandIDs.resolveConflicts,
  CommandIDs.showHistory,
  CommandIDs.showDeleted
];

/** What opens a tab again after a reload. */
interface Opened {
  readonly command: string;
  readonly projectId: string;
  readonly path?: string;
}

/** The views in which conflicts are settled and versions compared; each is loaded when it is first opened. */
export const reviewsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:reviews',
  description: 'Adds views of conflicts, of the versions of files, and of deleted files.',
  autoStart: true,
  requires: [IProjects],
  optional: [
    IRenderMimeRegistry,
    IEditorServices,
    IDocumentManager,
    IDocumentWidgetOpener,
    ILayoutRestorer,
    ICommandPalette,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    projects: IProjects,
    rendermime: IRenderMimeRegistry | null,
    editors: IEditorServices | null,
    documents: IDocumentManager | null,
    opener: IDocumentWidgetOpener | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    const person = new Dialogs({
      translator: translator ?? nullTranslator,
      trans,
      documents,
      projects
    });
    const tracker = new WidgetTracker<Widget>({ namespace: 'jupyterlab-projects-reviews' });
    const opened = new Map<Widget, Opened>();
    const review: Review = {
      projects,
      person,
      trans,
      locale: pageLocale(document.documentElement.lang),
      rendermime,
      editors,
      showConflict: (projectId, path) =>
        void commands.execute(CommandIDs.showConflict, { projectId, path, interactive: true })
    };
    const show = async (what: Opened, make: () => Promise<Widget>): Promise<void> => {
      const key = JSON.stringify(what);
      const found = [...opened].find(([, other]) => JSON.stringify(other) === key)?.[0];
      const widget = found ?? (await make());
      if (!found) {
        opened.set(widget, what);
        widget.disposed.connect(() => opened.delete(widget));
        await tracker.add(widget);
        shell.add(widget, 'main', { type: 'Projects' });
      }
      shell.activateById(widget.id);
    };
    const views: Views = {
      conflict: (projectId, path) =>
        show({ command: CommandIDs.showConflict, projectId, path }, async () => {
          const { conflictWidget } = await import('../ui/conflicts/conflict-widget');
          return conflictWidget(review, projectId, path);
        }),
      history: (projectId, path) =>
        show({ command: CommandIDs.showHistory, projectId, path }, async () => {
          const { historyWidget } = await import('../ui/history/history-widget');
          return historyWidget(review, projectId, path);
        }),
      deleted: projectId =>
        show({ command: CommandIDs.showDeleted, projectId }, async () => {
          const { deletedWidget } = await import('../ui/history/history-widget');
          return deletedWidget(review, projectId, path => void views.history(projectId, path));
        })
    };
    addReviewCommands({ commands, projects, person, trans }, views);
    for (const command of IN_PALETTE) {
      palette?.addItem({
        command,
        category: trans.__('Projects'),
        args: { interactive: true }
      });
    }
    void restorer?.restore(tracker, {
      command: REOPEN,
      args: widget => ({ ...opened.get(widget) }),
      name: widget => JSON.stringify(opened.get(widget) ?? {}),
      when: app.started
    });
    commands.addCommand(REOPEN, {
      describedBy: { args: { type: 'object' } },
      execute: async args => {
        const { command, projectId, path } = args;
        if (typeof command === 'string' && typeof projectId === 'string') {
          await commands.execute(command, { projectId, ...(path ? { path } : {}) });
        }
      }
    });
    if (documents) {
      showBars({ app, projects, documents, opener, review });
    }
  }
};

const REOPEN = 'projects:reopen-view';

/** Tells at each open document whose file has a conflict. */
function showBars(parts: {
  readonly app: JupyterFrontEnd;
  readonly projects: IProjects;
  readonly documents: IDocumentManager;
  readonly opener: IDocumentWidgetOpener | null;
  readonly review: Review;
}): void {
  const { app, projects, documents, opener, review } = parts;
  const { contents } = app.serviceManager;
  let bars: Promise<ConflictBars> | null = null;
  const update = async (): Promise<void> => {
    if (!bars && !projects.projects.some(({ conflicts }) => conflicts > 0)) {
      return;
    }
    bars ??= import('../ui/conflicts/conflict-bars').then(
      module =>
        new module.ConflictBars({
          trans: review.trans,
          compare: ({ projectId, name }) => review.showConflict(projectId, name)
        })
    );
    const shown = await bars;
    for (const widget of app.shell.widgets('main')) {
      const context = documents.contextForWidget(widget);
      if (context) {
        const conflict = conflictOf(projects, contents.localPath(context.path));
        // What waits for unsaved work alone is told by the document itself.
        const isDraft = conflict?.copy === null && context.model.dirty;
        shown.show(widget, isDraft ? null : conflict);
      }
    }
  };
  const updateSoon = (): void => {
    update().catch((error: unknown) => {
      console.warn('jupyterlab-projects:', errorMessage(error));
    });
  };
  projects.projectsChanged.connect(updateSoon);
  opener?.opened.connect(updateSoon);
}
