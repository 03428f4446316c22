import type { Contents } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { DocumentFollower } from '../../../../src/local/documents/document-follower';

/** The part of an open document that several people edit at once, and of its room, that is used. */
class Shared {
  readonly ready = Promise.resolve();
  readonly isReady = true;
  readonly isDisposed = false;
  readonly pathChanged = new Signal<this, string>(this);
  readonly disposed = new Signal<this, void>(this);
  readonly model = {
    collaborative: true,
    dirty: false,
    stateChanged: new Signal<object, object>({})
  };

  constructor(readonly localPath: string) {}

  type(): void {
    this.model.dirty = true;
    this.model.stateChanged.emit({ name: 'dirty' });
  }

  /** As it does a moment after somebody typed. */
  saveByItself(): void {
    this.model.dirty = false;
    this.model.stateChanged.emit({ name: 'dirty' });
  }

  close(): void {
    this.disposed.emit();
  }
}

describe('DocumentFollower', () => {
  let asked: string[];
  let errors: unknown[];
  let follower: DocumentFollower;
  let shared: Shared;

  beforeEach(async () => {
    asked = [];
    errors = [];
    follower = new DocumentFollower({
      contents: {
        get: (path: string): Promise<Contents.IModel> => {
          asked.push(path);
          return Promise.reject(new Error('It was asked.'));
        }
      } as never,
      isOn: () => true,
      isAllowed: () => true,
      looks: () => true,
      isTold: () => false,
      onError: error => errors.push(error)
    });
    shared = new Shared('work/shared.txt');
    follower.follow(shared as never);
    await shared.ready;
    await Promise.resolve();
  });

  afterEach(() => follower.dispose());

  describe('where several people edit a document at once', () => {
    it('should leave the file to their room', () => {
      follower.look(null);
      expect(follower.documents).toEqual([]);
      expect(asked).toEqual([]);
    });

    it('should let the room save by itself before a sync writes the file', async () => {
      expect([follower.has('work/shared.txt'), follower.paths]).toEqual([false, []]);
      let told = 0;
      follower.changed.connect(() => (told += 1));
      shared.type();
      expect(told).toBe(1);
      expect([follower.has('work/shared.txt'), follower.paths]).toEqual([
        true,
        ['work/shared.txt']
      ]);
      expect(follower.has('work/another.txt')).toBe(false);
      const admitted = follower.admits('work/shared.txt', new Uint8Array());
      shared.saveByItself();
      expect([await admitted, follower.has('work/shared.txt')]).toEqual([true, false]);
    });

    it('should not wait for ever for a room that does not save', async () => {
      shared.type();
      expect(await follower.admits('work/shared.txt', new Uint8Array())).toBe(false);
    });

    it('should forget one that was closed', () => {
      shared.type();
      shared.close();
      expect(follower.has('work/shared.txt')).toBe(false);
    });
  });
});
