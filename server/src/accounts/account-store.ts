import { randomUUID } from 'node:crypto';

import type { Kysely } from 'kysely';

import type { Database, UserRow } from '../database/tables';
import { CommandError, Refusal } from '../errors';
import type { SignedInActor } from './actor';
import { hashOfApiKey, makeApiKey } from './api-key';

/** What a list of keys tells: never the key. */
export interface ApiKeySummary {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/**
 * Users, their API keys, and their organizations.
 */
export class AccountStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Throws a `CommandError` when the name is taken. */
  async addUser(name: string, id: string = randomUUID()): Promise<UserRow> {
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,99}$/u.test(name)) {
      throw new CommandError(`"${name}" can't be a user's name: use letters, digits and . _ @ + -`);
    }
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
      throw new CommandError(`"${id}" is not a UUID.`);
    }
    const user = await this.#db
      .insertInto('users')
      .values({ id: id.toLowerCase(), name, created_at: new Date() })
      .onConflict(conflict => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!user) {
      throw new CommandError(`There is a user of the name ${name} or the id ${id} already.`);
    }
    return user;
  }

  async users(): Promise<UserRow[]> {
    return this.#db.selectFrom('users').selectAll().orderBy('name').execute();
  }

  /** Throws a `CommandError` when there is none of that name. */
  async userNamed(name: string): Promise<UserRow> {
    const user = await this.#db
      .selectFrom('users')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
    if (!user) {
      throw new CommandError(`There is no user ${name}: add one with "user add ${name}".`);
    }
    return user;
  }

  /** Answers the key, which can't be read again later. */
  async addKey(
    userId: string,
    expiresAt: Date | null = null
  ): Promise<{ id: string; key: string }> {
    const key = makeApiKey();
    const id = randomUUID();
    await this.#db
      .insertInto('api_keys')
      .values({
        id,
        user_id: userId,
        hash: hashOfApiKey(key),
        created_at: new Date(),
        expires_at: expiresAt,
        revoked_at: null
      })
      .execute();
    return { id, key };
  }

  async keys(userId: string): Promise<ApiKeySummary[]> {
    const rows = await this.#db
      .selectFrom('api_keys')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .execute();
    return rows.map(row => ({
      id: row.id,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at
    }));
  }

  /** @param keyOrId - the key itself, or its id. Throws a `CommandError` when there is none. */
  async revokeKey(keyOrId: string): Promise<void> {
    const isId = /^[0-9a-f-]{36}$/i.test(keyOrId);
    const revoked = await this.#db
      .updateTable('api_keys')
      .set({ revoked_at: new Date() })
      .where(isId ? 'id' : 'hash', '=', isId ? keyOrId : hashOfApiKey(keyOrId))
      .executeTakeFirst();
    if (revoked.numUpdatedRows === 0n) {
      throw new CommandError('There is no such key.');
    }
  }

  async addOrganization(name: string, title: string | null = null): Promise<string> {
    const id = randomUUID();
    await this.#db
      .insertInto('organizations')
      .values({ id, name, title, created_at: new Date() })
      .execute();
    return id;
  }

  async addMember(organizationName: string, userId: string): Promise<void> {
    const organization = await this.#db
      .selectFrom('organizations')
      .select('id')
      .where('name', '=', organizationName)
      .executeTakeFirst();
    if (!organization) {
      throw new CommandError(`There is no organization ${organizationName}.`);
    }
    await this.#db
      .insertInto('organization_members')
      .values({ organization_id: organization.id, user_id: userId })
      .onConflict(conflict => conflict.doNothing())
      .execute();
  }

  /** Whose key this is. Throws 401 `auth_required` where it is nobody's, or no longer good. */
  async authenticate(key: string): Promise<SignedInActor> {
    const row = await this.#db
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .select([
        'users.id',
        'users.name',
        'api_keys.id as key_id',
        'api_keys.expires_at',
        'api_keys.revoked_at'
      ])
      .where('api_keys.hash', '=', hashOfApiKey(key))
      .executeTakeFirst();
    if (!row) {
      throw authRequired('This API key is not known here.', 'unknown');
    }
    if (row.revoked_at) {
      throw authRequired('This API key was revoked: sign in with another one.', 'revoked');
    }
    if (row.expires_at && row.expires_at.getTime() <= Date.now()) {
      throw authRequired(
        `This API key expired at ${row.expires_at.toISOString()}: sign in with another one.`,
        'expired'
      );
    }
    const organizations = await this.#db
      .selectFrom('organization_members')
      .innerJoin('organizations', 'organizations.id', 'organization_members.organization_id')
      .select(['organizations.id', 'organizations.name', 'organizations.title'])
      .where('organization_members.user_id', '=', row.id)
      .orderBy('organizations.name')
      .execute();
    return { id: row.id, name: row.name, organizations, keyId: row.key_id };
  }
}

export function authRequired(message: string, reason: string): Refusal {
  return new Refusal(
    401,
    'auth_required',
    message,
    { reason },
    { 'WWW-Authenticate': 'Bearer realm="projects"' }
  );
}
