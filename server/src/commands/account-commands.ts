import { writePrivately } from '../data-folder';
import { prepareDemo } from '../demo';
import { CommandError } from '../errors';
import { createServer, type ProjectsServer } from '../server';
import { Arguments } from './arguments';
import { STORE, storeOf } from './store-arguments';

export async function userAdd(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, { ...STORE, id: { type: 'string' } });
  const [name = ''] = given.words('the name');
  await withServer(given, async ({ accounts }) => {
    const user = await accounts.addUser(name, given.text('id'));
    console.log(`${user.id}  ${user.name}`);
  });
}

export async function userList(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, STORE);
  given.words();
  await withServer(given, async ({ accounts }) => {
    for (const { id, name } of await accounts.users()) {
      console.log(`${id}  ${name}`);
    }
  });
}

export async function keyAdd(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, {
    ...STORE,
    expires: { type: 'string' },
    'key-file': { type: 'string' }
  });
  const [name = ''] = given.words("the user's name");
  const expires = expiryOf(given.text('expires'));
  await withServer(given, async ({ accounts }) => {
    const { id, key } = await accounts.addKey((await accounts.userNamed(name)).id, expires);
    const file = given.text('key-file');
    if (file === undefined) {
      console.log(key);
      console.error(`Key ${id}: it is shown this once.`);
      return;
    }
    await writePrivately(file, `${key}\n`);
    console.log(`Key ${id} is in ${file}.`);
  });
}

export async function keyList(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, STORE);
  const [name = ''] = given.words("the user's name");
  await withServer(given, async ({ accounts }) => {
    for (const key of await accounts.keys((await accounts.userNamed(name)).id)) {
      const expiry = key.expiresAt ? `expires ${key.expiresAt.toISOString()}` : 'does not expire';
      const state = key.revokedAt ? `revoked ${key.revokedAt.toISOString()}` : expiry;
      console.log(`${key.id}  made ${key.createdAt.toISOString()}  ${state}`);
    }
  });
}

export async function keyRevoke(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, STORE);
  const [key = ''] = given.words('the key or its id');
  await withServer(given, ({ accounts }) => accounts.revokeKey(key));
  console.log('Revoked.');
}

export async function organizationAdd(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, { ...STORE, title: { type: 'string' } });
  const [name = ''] = given.words('the name');
  await withServer(given, async ({ accounts }) => {
    console.log(`${await accounts.addOrganization(name, given.text('title') ?? null)}  ${name}`);
  });
}

export async function organizationJoin(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, STORE);
  const [organization = '', name = ''] = given.words("the organization's name", "the user's name");
  await withServer(given, async ({ accounts }) => {
    await accounts.addMember(organization, (await accounts.userNamed(name)).id);
  });
  console.log(`${name} belongs to ${organization}.`);
}

export async function epochRenew(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, { ...STORE, renew: { type: 'string' } });
  given.words();
  const id = given.required('renew');
  await withServer(given, async ({ services }) => {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
    if (!isId || !(await services.projects.renewEpoch(id))) {
      throw new CommandError(`There is no project ${id}.`);
    }
  });
  console.log('Renewed: every client lists this project anew.');
}

export async function demo(args: readonly string[]): Promise<void> {
  const given = new Arguments(args, STORE);
  given.words();
  const { data } = storeOf(given);
  await withServer(given, server => prepareDemo(server, data));
  console.log(`The demo's users are alice and bob: their keys are in ${data}/demo-keys.json.`);
}

/** An embedded database must not be open in a running server. */
async function withServer(
  given: Arguments,
  work: (server: ProjectsServer) => Promise<unknown>
): Promise<void> {
  const server = await createServer(storeOf(given));
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

/** @param text - RFC 3339, or a number of days from now. */
function expiryOf(text: string | undefined): Date | null {
  if (text === undefined) {
    return null;
  }
  const days = /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
  const expiry = days === null ? new Date(text) : new Date(Date.now() + days * 86_400_000);
  if (Number.isNaN(expiry.getTime())) {
    throw new CommandError('--expires takes a time as 2030-01-31T12:00:00Z, or a number of days.');
  }
  return expiry;
}
