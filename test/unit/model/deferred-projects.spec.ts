import { Signal } from '@lumino/signaling';

import { DeferredProjects } from '../../../src/model/deferred-projects';
import type { IDrafts, IProjects } from '../../../src/tokens';
import { ProjectsError } from '../../../src/tokens';
import { FakeProjects, project } from '../../support/fake-projects';

class NoDrafts implements IDrafts {
  readonly paths = [];
  readonly changed = new Signal<this, void>(this);
  has = () => false;
  admits = () => true;
}

/** A model that comes when it is let come. */
function setUp() {
  const model = new FakeProjects({ projects: [project()] });
  let loads = 0;
  let come: (value: IProjects) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const deferred = new DeferredProjects(() => {
    loads += 1;
    return new Promise((done, failed) => {
      come = done;
      fail = failed;
    });
  });
  return {
    deferred,
    model,
    loads: () => loads,
    come: () => come(model),
    fail: (message: string) => fail(new Error(message))
  };
}

describe('DeferredProjects', () => {
  it('is loading, and knows of nothing, until the model is there', async () => {
    const { deferred, come, loads } = setUp();
    expect(loads()).toBe(0);
    expect(deferred.connection).toBe('loading');
    expect(deferred.projects).toEqual([]);
    expect(deferred.projectAt('Projects/whales')).toBeNull();
    expect(deferred.knownFiles('p1')).toBeNull();
    const started = deferred.start();
    come();
    await started;
    expect(deferred.connection).toBe('online');
    expect(deferred.projects.map(({ id }) => id)).toEqual(['p1']);
    expect(deferred.projectAt('Projects/whales')?.id).toBe('p1');
  });

  it('loads when it is asked for something, once, and answers then', async () => {
    const { deferred, model, come, loads } = setUp();
    const answers = Promise.all([deferred.sync({ projectId: 'p1' }), deferred.pause('p1')]);
    void deferred.start();
    expect(loads()).toBe(1);
    come();
    expect((await answers)[0]).toMatchObject({ projectId: 'p1', state: 'synced' });
    expect(model.calls).toEqual([
      ['sync', { projectId: 'p1' }],
      ['pause', 'p1']
    ]);
    expect(loads()).toBe(1);
  });

  it('says that all is new when the model comes, and passes on what the model says, as its own', async () => {
    const { deferred, model, come } = setUp();
    const heard: string[] = [];
    const senders = new Set<unknown>();
    const hear = (name: string) => (sender: unknown) => {
      heard.push(name);
      senders.add(sender);
    };
    deferred.connectionChanged.connect(hear('connection'));
    deferred.accountChanged.connect(hear('account'));
    deferred.projectsChanged.connect(hear('projects'));
    deferred.knownFilesChanged.connect(hear('files'));
    deferred.filesChanged.connect((sender, { source }) => hear(source)(sender));
    const started = deferred.start();
    come();
    await started;
    expect(heard.sort()).toEqual(['account', 'connection', 'projects']);
    await model.status({ projectId: 'p1' });
    model.tellFilesChanged({ source: 'helper', paths: ['a'] });
    expect(heard.slice(3)).toEqual(['files', 'helper']);
    expect([...senders]).toEqual([deferred]);
  });

  it('has the model heed the drafts of which it was told before', async () => {
    const { deferred, model, come } = setUp();
    const heeded: IDrafts[] = [];
    model.heedDrafts = given => heeded.push(given);
    const drafts = new NoDrafts();
    deferred.heedDrafts(drafts);
    const started = deferred.start();
    come();
    await started;
    expect(heeded).toEqual([drafts]);
  });

  it('tells why the model could not be loaded, and tries again when it is asked again', async () => {
    const { deferred, come, fail, loads } = setUp();
    const first = deferred.syncAll();
    fail('Loading chunk 7 failed.');
    await expect(first).rejects.toThrow(ProjectsError);
    expect(deferred.connection).toBe('error');
    expect(deferred.connectionMessage).toBe('Loading chunk 7 failed.');
    const second = deferred.syncAll();
    expect(loads()).toBe(2);
    come();
    await second;
    expect(deferred.connection).toBe('online');
    expect(deferred.connectionMessage).toBe('');
  });

  it('disposes of the model that comes too late', async () => {
    const { deferred, model, come } = setUp();
    const started = deferred.start();
    deferred.dispose();
    come();
    await started;
    expect(model.isDisposed).toBe(true);
    expect(deferred.projects).toEqual([]);
  });
});
