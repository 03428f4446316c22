import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { IDocumentManager, IDocumentWidgetOpener } from '@jupyterlab/docmanager';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableSet } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';

import { isHeeded, settingsFrom } from '../model/settings';
import { IProjects } from '../tokens';
import type { ChangeSource } from '../tokens';
import { errorMessage } from '../ui/error-message';

/** Whose settings these are too. */
const SETTINGS_ID = 'jupyterlab-projects:plugin';

/** Open documents are what their files are, whoever writes those; with projects and without. */
export const documentsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-projects:documents',
  description: 'Keeps open documents what their files are, notebooks cell by cell.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [IDocumentWidgetOpener, ISettingRegistry, IProjects, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    opener: IDocumentWidgetOpener | null,
    registry: ISettingRegistry | null,
    projects: IProjects | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_projects');
    // The page is there for the person first.
    app.restored
      .then(() => followDisk({ app, documents, opener, registry, projects, trans }))
      .catch(onError);
  }
};

interface Parts {
  readonly app: JupyterFrontEnd;
  readonly documents: IDocumentManager;
  readonly opener: IDocumentWidgetOpener | null;
  readonly registry: ISettingRegistry | null;
  readonly projects: IProjects | null;
  readonly trans: TranslationBundle;
}

/** @returns what to dispose of when documents are no longer to be followed. */
async function followDisk(parts: Parts): Promise<IDisposable> {
  const { app, documents, opener, registry, projects, trans } = parts;
  const { shell } = app;
  const { contents, serverSettings } = app.serviceManager;
  const [settings, { DocumentFollower }, { announceMove }, { ServerEvents }, { HeldBars }] =
    await Promise.all([
      registry?.load(SETTINGS_ID),
      import('../local/documents/document-follower'),
      import('../local/documents/announce-move'),
      import('../local/watching/server-events'),
      import('../ui/documents/held-bars')
    ]);
  const current = () => settingsFrom(settings?.composite ?? {});
  const heeds = (source: ChangeSource | 'look') => isHeeded(current(), source);
  const follower = new DocumentFollower({
    contents,
    isOn: () => current().followDisk,
    isAllowed: factory => current().followDiskFactories.includes(factory),
    looks: () => heeds('look'),
    isTold: path =>
      heeds('helper') && projects?.helper.state === 'ready' && projects.projectAt(path) !== null,
    onError
  });
  const documentOf = (widget: Widget) => {
    const context = documents.contextForWidget(widget);
    return context ? follower.of(context) : null;
  };
  const bars = new HeldBars({
    trans,
    choose: async (choice, document) => {
      switch (choice) {
        case 'take-file': {
          const isIncoming = document.held?.kind === 'incoming';
          await document.takeFile();
          return isIncoming ? projects?.sync({ path: document.path }) : undefined;
        }
        case 'keep-document':
          return document.keepDocument();
        case 'keep-both':
          return document.keepBoth();
        case 'close':
          return documents.closeFile(document.path);
      }
    }
  });
  const opened = () => [...shell.widgets('main'), ...shell.widgets('down')];
  const follow = (widget: Widget): void => {
    const context = documents.contextForWidget(widget);
    if (context) {
      // One notebook may be seen in several places.
      const views = () => opened().filter(each => documents.contextForWidget(each) === context);
      follower.follow(context, () => views().flatMap(activeCells));
      bars.show(widget, follower.of(context));
    }
  };
  projects?.heedDrafts(follower);
  const look = (source: ChangeSource | 'look', paths: readonly string[] | null) => {
    if (heeds(source)) {
      follower.look(paths);
    }
  };

  follower.heldChanged.connect((_, document) => {
    for (const widget of opened().filter(each => documentOf(each) === document)) {
      bars.show(widget, document);
    }
  });
  follower.kernelIdle.connect(() => look('kernels', null));
  opened().forEach(follow);
  opener?.opened.connect((_, widget) => follow(widget));
  shell.currentChanged?.connect((_, { newValue }) => {
    if (newValue) {
      follow(newValue);
      const path = documentOf(newValue)?.path;
      if (path !== undefined) {
        look('look', [path]);
      }
    }
  });
  window.addEventListener('focus', () => look('look', null));

  contents.fileChanged.connect((_, { newValue, oldValue }) => {
    const paths = [newValue?.path, oldValue?.path].filter(path => path !== undefined);
    follower.look(paths.map(path => contents.localPath(path)));
  });
  projects?.filesMoved.connect((_, moves) => {
    for (const { from, path } of moves.filter(move => follower.holds(move.from))) {
      announceMove(contents, from, path).catch(onError);
    }
  });
  projects?.filesChanged.connect((_, { source, paths }) => look(source, paths));
  settings?.changed.connect(() => follower.look(null));
  if (projects) {
    // It hears of the server's events: one connection is enough.
    return follower;
  }
  const events = new ServerEvents({ serverSettings });
  events.changed.connect((_, paths) => look('server', paths));
  events.connected.connect(() => look('server', null));
  await events.start();
  return DisposableSet.from([follower, events]);
}

function onError(error: unknown): void {
  console.warn('jupyterlab-projects:', errorMessage(error));
}

/** Places of the cells where the person is at work; for what is no notebook, none. */
function activeCells(widget: Widget): number[] {
  const content: object | null = widget instanceof MainAreaWidget ? widget.content : null;
  return content && 'activeCellIndex' in content && typeof content.activeCellIndex === 'number'
    ? [content.activeCellIndex]
    : [];
}
