import {
  CloudFile,
  CloudProject,
  CommitOperation,
  CreateProject,
  ErrorBody,
  Limits,
  Timestamp
} from '../../../src/cloud/schemas';
import { directoryAt, fileAt, PROJECT } from './support';

const project = {
  id: PROJECT,
  name: 'owls',
  owner: { type: 'organization', id: PROJECT, name: 'lab' },
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z'
};

describe('the schemas', () => {
  it('should keep fields and tags that they do not know, at any depth', () => {
    const value = {
      ...project,
      later: 1,
      owner: { ...project.owner, avatar: 'x' },
      metadata: { tags: ['notebook', 'quantum'], user_client: 'telepathy', extra: { deep: true } }
    };
    expect(CloudProject.parse(value)).toEqual(value);
    expect(CreateProject.parse({ name: '<random>', more: 1 })).toEqual({
      name: '<random>',
      more: 1
    });
  });

  it.each([
    ['2026-01-01T00:00:00Z', true],
    ['2026-01-01T00:00:00.123456+02:00', true],
    ['2026-01-01 00:00', false],
    ['yesterday', false]
  ])('should take the time %s: %s', (text, expected) => {
    expect(Timestamp.safeParse(text).success).toBe(expected);
  });

  it.each([
    ['a hash in capitals', { sha256: 'A'.repeat(64) }],
    ['a short hash', { sha256: 'a'.repeat(63) }],
    ['no hash', { sha256: null }],
    ['a negative size', { size: -1 }],
    ['half a byte', { size: 1.5 }],
    ['a size beyond what can be counted', { size: 2 ** 60 }],
    ['an id that is none', { file_version_id: 'v1' }],
    ['a kind that is none', { kind: 'symlink' }]
  ])('should refuse a file with %s', (_, more) => {
    expect(CloudFile.safeParse({ ...fileAt('a', 'a'), ...more }).success).toBe(false);
  });

  it('should take a directory, and a deleted file, without a hash', () => {
    expect(CloudFile.safeParse(directoryAt('d')).success).toBe(true);
    const gone = { ...fileAt('a', 'a'), sha256: null, deleted: true };
    expect(CloudFile.safeParse(gone).success).toBe(true);
  });

  it('should tell the operations of a commit apart, and insist on a stated condition', () => {
    const put = { op: 'put', path: 'a', file_version_id: PROJECT };
    expect(CommitOperation.safeParse({ ...put, if_version: null }).success).toBe(true);
    expect(CommitOperation.safeParse(put).success).toBe(false);
    expect(CommitOperation.safeParse({ op: 'delete', path: 'a', if_version: null }).success).toBe(
      false
    );
    expect(CommitOperation.safeParse({ op: 'chmod', path: 'a' }).success).toBe(false);
  });

  it('should tell an error that says what is there now from one that does not', () => {
    const error = { code: 'precondition_failed', message: 'no' };
    expect(ErrorBody.parse({ error }).error.current).toBeUndefined();
    expect(ErrorBody.parse({ error: { ...error, current: null } }).error.current).toBeNull();
  });

  it('should ask for none of the limits', () => {
    expect(Limits.parse({ later: 1 })).toEqual({ later: 1 });
    expect(Limits.safeParse({ part_size: 0 }).success).toBe(false);
  });
});
