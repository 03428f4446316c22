import type { ReadResult } from '../../../src/sync/replica';
import { json, refused } from '../../support/fake-fetch';
import type { Answer } from '../../support/fake-fetch';
import { ANY, entryFor, EPOCH, fileAt, page, scripted, sha } from './support';

const FILE = fileAt('a.txt', 'hello');
const WANTED = [{ path: 'a.txt', entry: entryFor(FILE) }];

function answers(...list: Answer[]) {
  const left = [...list];
  return scripted({ 'GET /files/a.txt': () => left.shift() ?? new Error('asked too often') });
}

const etag = (version: string) => ({ headers: { ETag: `"${version}"` } });
const status = ([result]: ReadResult[]) =>
  result?.status === 'failed' ? result.problem.code : result?.status;

describe('CloudReplica#read()', () => {
  it('should give content that has the hash', async () => {
    const { replica } = answers(new Response('hello'));
    const [result] = await replica.read(WANTED, ANY);
    expect(result).toMatchObject({ status: 'read', entry: WANTED[0]!.entry });
  });

  it('should keep the order, and no more than eight downloads at once', async () => {
    const files = Array.from({ length: 30 }, (_, index) => fileAt(`f${index}`, `content ${index}`));
    let running = 0;
    let most = 0;
    const { replica } = scripted(
      Object.fromEntries(
        files.map((file, index) => [
          `GET /files/${file.path}`,
          () => async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise(resolve => setTimeout(resolve, index % 3));
            running -= 1;
            return new Response(`content ${index}`);
          }
        ])
      )
    );
    const results = await replica.read(
      files.map(file => ({ path: file.path, entry: entryFor(file) })),
      ANY
    );
    expect(results.map(each => each.status === 'read' && each.entry.sha256)).toEqual(
      files.map((_, index) => sha(`content ${index}`))
    );
    expect(most).toBe(8);
  });

  it('should ask again where the content of that very version does not fit, once', async () => {
    const wrong = () => new Response('HELLO', etag(FILE.file_version_id));
    const mended = answers(wrong(), new Response('hello', etag(FILE.file_version_id)));
    expect(status(await mended.replica.read(WANTED, ANY))).toBe('read');
  });

  describe('of what the cloud does not give as it is known', () => {
    const wrong = () => new Response('HELLO', etag(FILE.file_version_id));
    const gone = () => refused(404, 'not_found');
    const KNOWN = {
      entries: new Map([['a.txt', WANTED[0]!.entry]]),
      cursor: '22222222-2222-4222-8222-222222222222:7'
    };

    it.each([
      ['wrong', 'corrupt', wrong],
      ['gone', 'unreadable', gone]
    ])('should look again, in a listing, before it is called %s', async (_, code, answer) => {
      const { replica, asked } = scripted({
        'GET /files/a.txt': answer,
        'GET /changes': () => json({ items: [], revision: 7, has_more: false }),
        'GET /files': () => json(page([FILE], { revision: 7, epoch: EPOCH }))
      });
      expect(status(await replica.read(WANTED, ANY))).toBe('changed');
      expect(status(await replica.read(WANTED, ANY))).toBe('changed');
      const scan = await replica.scan(KNOWN, ANY);
      expect(scan.entries.get('a.txt')).toBe(WANTED[0]!.entry);
      expect(asked()).toContain('GET /files?limit=1000');
      expect(status(await replica.read(WANTED, ANY))).toBe(code);
      const before = asked().length;
      await replica.scan(KNOWN, ANY);
      expect(
        asked()
          .slice(before)
          .map(each => each.split('?')[0])
      ).toEqual(['GET /changes']);
    });

    it('should find in the listing what is there instead', async () => {
      const now = fileAt('a.txt', 'HELLO', { file_version_id: FILE.file_version_id });
      const { replica } = scripted({
        'GET /files/a.txt': wrong,
        'GET /changes': () => json({ items: [], revision: 7, has_more: false }),
        'GET /files': () => json(page([now], { revision: 7, epoch: EPOCH }))
      });
      expect(status(await replica.read(WANTED, ANY))).toBe('changed');
      const { entries } = await replica.scan(KNOWN, ANY);
      const entry = entries.get('a.txt')!;
      expect(status(await replica.read([{ path: 'a.txt', entry }], ANY))).toBe('read');
    });

    it('should ask the feed alone where that tells what took its place', async () => {
      const now = fileAt('a.txt', 'other', { revision: 8 });
      const { replica, asked } = scripted({
        'GET /files/a.txt': gone,
        'GET /changes': () => json({ items: [now], revision: 8, has_more: false })
      });
      expect(status(await replica.read(WANTED, ANY))).toBe('changed');
      const { entries } = await replica.scan(KNOWN, ANY);
      expect(entries.get('a.txt')?.sha256).toBe(sha('other'));
      expect(asked().filter(each => each.startsWith('GET /files?'))).toEqual([]);
    });
  });

  it('should tell that another version took the place', async () => {
    const { replica } = answers(new Response('other', etag('another-version')));
    expect(status(await replica.read(WANTED, ANY))).toBe('changed');
  });

  it('should tell that it is gone', async () => {
    const { replica } = answers(refused(404, 'not_found'));
    expect(status(await replica.read(WANTED, ANY))).toBe('changed');
  });

  it('should make a refusal a problem of that path', async () => {
    const denied = answers(refused(403, 'forbidden'));
    expect(status(await denied.replica.read(WANTED, ANY))).toBe('forbidden');
    const odd = answers(refused(409, 'conflict'));
    expect(status(await odd.replica.read(WANTED, ANY))).toBe('unreadable');
  });

  it('should end where the cloud can not be reached, or the key is no longer good', async () => {
    const gone = scripted({ 'GET /files/a.txt': () => new TypeError('fetch failed') });
    await expect(gone.replica.read(WANTED, ANY)).rejects.toMatchObject({ code: 'offline' });
    const expired = answers(refused(401, 'auth_required'));
    await expect(expired.replica.read(WANTED, ANY)).rejects.toMatchObject({ code: 'signed-out' });
  });
});
