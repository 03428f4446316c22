import type { CloudClient } from '../cloud/client';
import type { Permission as PermissionOnWire, PermissionChange } from '../cloud/schemas';
import { ProjectsError } from '../tokens';
import type { Organization, Permission, Role } from '../tokens';
import { asProjectsError, rethrow } from './errors';
import { trans } from '../sync/words';

type Subject = Pick<PermissionChange, 'type' | 'id'>;

const ROLES: readonly Role[] = ['owner', 'writer', 'reader', 'finder'];
const EVERYBODY = '*';

/** Who may do what. */
export async function permissions(client: CloudClient, projectId: string): Promise<Permission[]> {
  const { items } = await client.permissions(projectId).catch(rethrow);
  return items.map(plain);
}

/** Those that the person is in. */
export async function organizations(client: CloudClient): Promise<Organization[]> {
  const found = await client.organizations().catch(rethrow);
  return found.map(({ id, name, title }) => ({ id, name: title || name }));
}

/** Gives the subject this role and takes its others away; answers who may do what then. */
export async function share(
  client: CloudClient,
  projectId: string,
  subject: string,
  role: Role | null
): Promise<Permission[]> {
  const wanted = subjectOf(subject);
  if (wanted.id === EVERYBODY && role === 'owner') {
    throw new ProjectsError('invalid-arguments', trans.__('Not everybody can own a project.'));
  }
  try {
    const { items } = await client.permissions(projectId);
    const changes = changesFor(items, wanted, role);
    const after =
      changes.length === 0
        ? items
        : (await client.setPermissions(projectId, { permissions: changes })).items;
    return after.map(plain);
  } catch (error) {
    throw asProjectsError(error);
  }
}

function plain({ type, id, relation }: PermissionOnWire): Permission {
  return { type, id, relation };
}

/** @throws ProjectsError `invalid-arguments` when it names nobody */
export function subjectOf(text: string): Subject {
  const subject = text.trim();
  if (subject === EVERYBODY) {
    return { type: 'user_id', id: EVERYBODY };
  }
  const [, type = 'user_id', name = ''] =
    /^(?:(user_id|org_id|org_name):)?(.*)$/s.exec(subject) ?? [];
  if (type === 'org_name' && name !== '') {
    return { type, id: name };
  }
  if (type !== 'org_name' && (UUID.test(name) || name === EVERYBODY)) {
    return { type: type === 'org_id' ? 'org_id' : 'user_id', id: name.toLowerCase() };
  }
  throw new ProjectsError(
    'invalid-arguments',
    trans.__(
      '“%1” names nobody. Give the id of a person, org_id: and the id of an organization, org_name: and its name, or * for everybody.',
      text
    )
  );
}

function changesFor(
  items: readonly PermissionOnWire[],
  subject: Subject,
  role: Role | null
): PermissionChange[] {
  const held = items.filter(item => isOf(item, subject));
  const changes: PermissionChange[] = [];
  if (role && !held.some(({ relation }) => relation === role)) {
    changes.push({ ...subject, relation: role, action: 'add' });
  }
  for (const { type, id, relation } of held) {
    const other = ROLES.find(each => each === relation && each !== role);
    if (other) {
      changes.push({
        type: isType(type) ? type : subject.type,
        id,
        relation: other,
        action: 'remove'
      });
    }
  }
  return changes;
}

/** Everybody is everybody, of whatever type the line is. */
function isOf({ type, id }: PermissionOnWire, subject: Subject): boolean {
  return subject.id === EVERYBODY
    ? id === EVERYBODY
    : type === subject.type && (type === 'org_name' ? id : id.toLowerCase()) === subject.id;
}

function isType(type: string): type is Subject['type'] {
  return type === 'user_id' || type === 'org_id' || type === 'org_name';
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
