import { Credentials } from '../../../src/cloud/credentials';
import { CloudError } from '../../../src/cloud/errors';
import { CloudSession } from '../../../src/model/cloud-session';
import { ReplicaError } from '../../../src/sync/problem';
import { FakeFetch, json, refused } from '../../support/fake-fetch';
import type { Sent } from '../../support/fake-fetch';

const CLOUD = 'https://cloud.example/api/projects';
const ID = '0190b6a4-1111-7000-8000-00000000000';

/** What the cloud calls whoever has the key. */
const PEOPLE: Record<string, { id: string; username: string; email: string }> = {
  'key-of-ada': { id: `${ID}1`, username: 'ada', email: 'ada@example.org' },
  'key-of-bob': { id: `${ID}2`, username: 'bob', email: 'bob@example.org' }
};

function answer({ path, headers }: Sent): Response {
  const user = PEOPLE[headers['authorization']?.replace('Bearer ', '') ?? ''];
  if (!user) {
    return refused(401, 'auth_required');
  }
  if (path === '/api/account') {
    return json({ user });
  }
  return path.includes('capabilities')
    ? refused(404, 'not_found')
    : json({ items: [], num_items: 0, total_count: 0, next_page: null });
}

describe('CloudSession', () => {
  let credentials: Credentials;
  let session: CloudSession;
  /** Called before each answer. */
  let before: (sent: Sent) => Promise<void> | void;
  let answerWith: (sent: Sent) => Response;

  beforeEach(() => {
    before = () => undefined;
    answerWith = answer;
    credentials = new Credentials({ jupyterUrl: 'http://a/', storage: null, events: null });
    const { fetch } = new FakeFetch(() => async sent => {
      await before(sent);
      return answerWith(sent);
    });
    session = new CloudSession({ cloudUrl: CLOUD, credentials, onRequest: () => undefined, fetch });
  });

  afterEach(() => {
    session.dispose();
    credentials.dispose();
  });

  it('should stay signed out when the person signs out while it asks', async () => {
    await session.signIn('key-of-ada');
    before = () => session.signOut();
    await session.refresh();
    expect(session.connection).toBe('signed-out');
    expect(session.account).toBeNull();
    expect(session.projects).toEqual([]);
  });

  it('should not take the answers for an earlier key', async () => {
    await session.signIn('key-of-ada');
    before = ({ path }) => {
      if (path !== '/api/account') {
        credentials.set(CLOUD, 'key-of-bob');
      }
    };
    await session.refresh();
    expect(session.connection).not.toBe('online');
    before = () => undefined;
    await session.refresh();
    expect(session.connection).toBe('online');
    expect(session.account?.name).toBe('bob');
  });

  it('should ask again who the person is when another tab signed in with another key', async () => {
    await session.signIn('key-of-ada');
    await session.refresh();
    expect(session.account?.name).toBe('ada');
    expect(session.key).toBe('key-of-ada');
    credentials.set(CLOUD, 'key-of-bob');
    await session.refresh();
    expect(session.account?.name).toBe('bob');
    expect(session.key).toBe('key-of-bob');
  });

  it('should be in error for what is not found only where it looked for the cloud itself', async () => {
    await session.signIn('key-of-ada');
    await session.refresh();
    session.failed(new CloudError('failed', 'no such project', { status: 404 }));
    expect(session.connection).toBe('online');
    answerWith = () => refused(404, 'not_found');
    await expect(session.refresh()).rejects.toMatchObject({ code: 'not-found' });
    expect(session.connection).toBe('error');
  });

  it('should forget the account when the cloud refuses the key', async () => {
    await session.signIn('key-of-ada');
    await session.refresh();
    session.failed(new ReplicaError('signed-out', 'The key was revoked.'));
    expect(session.connection).toBe('signed-out');
    expect(session.account).toBeNull();
  });
});
