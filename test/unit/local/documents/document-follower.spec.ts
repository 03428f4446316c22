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
  saves = 0;
  failure: Error | null = null;

  constructor(readonly localPath: string) {}

  type(): void {
    this.model.dirty = true;
    this.model.stateChanged.emit({ name: 'dirty' });
  }

  save(): Promise<void> {
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    this.saves += 1;
    this.model.dirty = false;
    return Promise.resolve();
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

    it('should have the room save before a sync writes the file, and let it', async () => {
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
      expect(await follower.admits('work/shared.txt', new Uint8Array())).toBe(true);
      expect([shared.saves, follower.has('work/shared.txt')]).toEqual([1, false]);
    });

    it('should let no sync write it where the room could not save', async () => {
      shared.type();
      shared.failure = new Error('The room is away.');
      expect(await follower.admits('work/shared.txt', new Uint8Array())).toBe(false);
      expect(errors).toEqual([shared.failure]);
    });

    it('should not wait for ever for a room that does not answer', async () => {
      shared.type();
      shared.save = () => new Promise<void>(() => undefined);
      expect(await follower.admits('work/shared.txt', new Uint8Array())).toBe(false);
    });

    it('should forget one that was closed', () => {
      shared.type();
      shared.close();
      expect(follower.has('work/shared.txt')).toBe(false);
    });
  });
});
