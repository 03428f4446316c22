import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { PostgresAddress } from '../../../server/src/database/postgres-address';

const PASSWORD = 'hush-hush';

describe('PostgresAddress', () => {
  it.each([
    ['postgres://me@db.test:5433/cloud', 'db.test:5433/cloud', false],
    [`postgresql://me:${PASSWORD}@db.test/cloud`, 'db.test/cloud', true],
    [`postgres://me@[::1]:1/cloud?password=${PASSWORD}`, '[::1]:1/cloud', true],
    ['postgres:///cloud?host=/run/postgresql', '/run/postgresql/cloud', false]
  ])('of %j is shown as %j', (text, label, hasPassword) => {
    const address = PostgresAddress.parse(text);
    expect(address).toMatchObject({ label, hasPassword });
    expect(address.config()).toEqual({ connectionString: text });
  });

  it('prints no password, nor does what holds it', () => {
    const address = PostgresAddress.parse(`postgres://me:${PASSWORD}@db.test/cloud`);
    const printed = inspect({ address }, { depth: null, showHidden: true });
    expect(printed).toContain('db.test/cloud');
    expect(printed + JSON.stringify(address) + String(address)).not.toContain(PASSWORD);
  });

  it.each([
    '',
    PASSWORD,
    `mysql://me:${PASSWORD}@db.test/cloud`,
    `postgres://me:${PASSWORD}@db.test`
  ])('refuses %j without repeating it', text => {
    expect(() => PostgresAddress.parse(text)).toThrow(
      /^The database's address is not of the form postgres:/
    );
  });
});
