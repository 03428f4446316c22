import type { TranslationBundle } from '@jupyterlab/translation';

import type { Account, Organization, Permission, Role } from '../../tokens';

/** Everybody, in a line of permissions. */
export const EVERYBODY = '*';

const STRONGEST: readonly Role[] = ['owner', 'writer', 'reader', 'finder'];

/** Somebody who has a role in a project. */
export interface Member {
  /** As `share` takes it. */
  readonly subject: string;
  readonly name: string;
  readonly isOrganization: boolean;
  readonly isSelf: boolean;
  readonly role: Role;
}

/** Who may do what with a project. */
export interface Members {
  /** The strongest first. */
  readonly members: readonly Member[];
  /** What everybody may do; null: nothing. */
  readonly everybody: Role | null;
}

/** @param known - who can be told by name; the cloud tells only ids of others */
export function membersOf(
  permissions: readonly Permission[],
  known: { readonly account: Account | null; readonly organizations: readonly Organization[] },
  trans: TranslationBundle
): Members {
  const roles = new Map<string, { readonly type: string; readonly id: string; role: Role }>();
  for (const { type, id, relation } of permissions) {
    const role = STRONGEST.find(each => each === relation);
    const key = id === EVERYBODY ? EVERYBODY : `${type}:${id}`;
    const before = roles.get(key);
    if (role && (!before || isStronger(role, before.role))) {
      roles.set(key, { type, id, role });
    }
  }
  const everybody = roles.get(EVERYBODY)?.role ?? null;
  roles.delete(EVERYBODY);
  const members = [...roles].map(([subject, { type, id, role }]): Member => {
    const isSelf = type === 'user_id' && id === known.account?.id;
    const organization = known.organizations.find(each => each.id === id);
    const name = isSelf ? trans.__('%1 (you)', known.account?.name ?? id) : organization?.name;
    return { subject, name: name ?? id, isOrganization: type !== 'user_id', isSelf, role };
  });
  members.sort(
    (a, b) => STRONGEST.indexOf(a.role) - STRONGEST.indexOf(b.role) || a.name.localeCompare(b.name)
  );
  return { members, everybody };
}

function isStronger(role: Role, than: Role): boolean {
  return STRONGEST.indexOf(role) < STRONGEST.indexOf(than);
}

/** What somebody with the role may do. */
export function rightsWords(role: Role, trans: TranslationBundle): string {
  switch (role) {
    case 'owner':
      return trans.__('Owner: everything, sharing too');
    case 'writer':
      return trans.__('Writer: read and change files');
    case 'reader':
      return trans.__('Reader: read files');
    case 'finder':
      return trans.__('Finder: see that it exists');
  }
}

/** Why the signed-in person can't change who may do what; '' where they can. */
export function whyNotShare(role: Role | null, trans: TranslationBundle): string {
  switch (role) {
    case 'owner':
      return '';
    case 'writer':
      return trans.__('You can read and change the files. Only an owner can change who may.');
    case 'reader':
      return trans.__('You can only read the files. Only an owner can change who may.');
    case 'finder':
      return trans.__(
        'You can see that this project exists, and no more: who may do what is not shown to you. Ask an owner for a role.'
      );
    case null:
      return trans.__(
        'Your role in this project is not known now. Sign in, or wait until the cloud answers.'
      );
  }
}

/** What a person types as `share` takes it: an organization by its id or name, a person by their id. */
export function subjectOf(kind: 'person' | 'organization', text: string): string {
  const name = text.trim();
  if (kind === 'person') {
    return `user_id:${name}`;
  }
  return UUID.test(name) ? `org_id:${name}` : `org_name:${name}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What somebody needs to open the project, to be sent to them: there is no page of a project to link to. */
export function invitation(
  project: { readonly id: string; readonly title: string; readonly cloudUrl: string },
  trans: TranslationBundle
): string {
  return [
    trans.__('Project: %1', project.title),
    trans.__('Cloud address: %1', project.cloudUrl),
    trans.__('Project id: %1', project.id),
    trans.__(
      'In JupyterLab, set the cloud address in the settings of Projects, sign in, and run “Open a Project…”.'
    )
  ].join('\n');
}
