import { ServerConnection } from '@jupyterlab/services';

import { problemOf, rootError, wholeSideError } from '../../../src/local/failures';

function answer(status: number, message: string): unknown {
  return new ServerConnection.ResponseError(new Response(null, { status }), message);
}

const offline = new ServerConnection.NetworkError(new TypeError('fetch failed'));

describe('wholeSideError()', () => {
  it.each([
    ['a broken connection', offline, 'offline'],
    ['a proxy without its server', answer(502, 'Bad Gateway'), 'offline'],
    ['a hub whose server is stopped', answer(424, 'Failed Dependency'), 'offline'],
    ['a session that has ended', answer(401, 'Unauthorized'), 'signed-out']
  ])('should see the end of the run in %s', (_, error, code) => {
    expect(wholeSideError(error)).toMatchObject({ name: 'ReplicaError', code });
  });

  it.each([
    ['a missing file', answer(404, 'Not Found')],
    ['a file without permission', answer(403, 'Forbidden')],
    ['a server error', answer(500, 'Unhandled error')],
    ['any other error', new Error('what?')]
  ])('should not see it in %s', (_, error) => {
    expect(wholeSideError(error)).toBeNull();
  });
});

describe('rootError()', () => {
  it('should see a refusal of everything in a 403 at the root', () => {
    expect(rootError(answer(403, 'Forbidden'))).toMatchObject({ code: 'forbidden' });
    expect(rootError(answer(500, 'Unhandled error'))).toMatchObject({ code: 'failed' });
    expect(rootError(offline)).toMatchObject({ code: 'offline' });
  });
});

describe('problemOf()', () => {
  it.each([
    [500, 'Unexpected error while saving file: a [Errno 28] No space left on device', 'disk-full'],
    [500, 'Unexpected error while saving file: a [Errno 122] Disk quota exceeded', 'disk-full'],
    [507, 'Insufficient Storage', 'disk-full'],
    [500, 'Unexpected error while saving file: a [Errno 27] File too large', 'too-large'],
    [500, "send2trash failed: [Errno 36] File name too long: b'a'", 'invalid-name'],
    [413, 'Request Entity Too Large', 'too-large'],
    [403, 'Permission denied: a', 'forbidden'],
    [500, 'Unhandled error', 'failed']
  ])('should read %i "%s" as %s', (status, message, code) => {
    const problem = problemOf('a', answer(status, message));
    expect(problem).toMatchObject({ path: 'a', code });
    expect(problem.message).toContain('"a"');
  });
});
