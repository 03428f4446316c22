import { describe, expect, it } from '@jest/globals';

import { DatabaseUnreachable, isUnavailable } from '../../../server/src/database/unavailable';

describe('isUnavailable()', () => {
  it.each([
    ['no connection', new DatabaseUnreachable(new Error('refused'))],
    ['a shutdown', { code: '57P01' }],
    ['a broken connection', { code: '08006' }],
    ['a connection that ended', new Error('Connection terminated unexpectedly')]
  ])('is true of %s', (_, error) => {
    expect(isUnavailable(error)).toBe(true);
  });

  it.each([
    ['a broken rule', { code: '23505' }],
    ['a cancelled query', { code: '57014' }],
    ['a missing file', { code: 'ENOENT' }],
    ['another failure', new Error('It failed.')],
    ['nothing', undefined]
  ])('is false of %s', (_, error) => {
    expect(isUnavailable(error)).toBe(false);
  });
});
