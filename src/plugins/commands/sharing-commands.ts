import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';

import type { Role } from '../../tokens';
import type { Message } from '../../ui/report-words';
import { chooseProject, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

const PROJECT_ID = { type: 'string', description: 'The id of the project' } as const;
const ROLES: readonly Role[] = ['reader', 'writer', 'owner', 'finder'];

/** What concerns others too: who may do what with a project, and its end. */
export function addSharingCommands(context: Context): IDisposable[] {
  const { projects, person, trans } = context;
  const isKnown = ({ role }: { readonly role: Role | null }): boolean => role !== null;
  const isOwn = ({ role }: { readonly role: Role | null }): boolean => role === 'owner';
  const chooseOwn = (title: string): Promise<string | null> =>
    chooseProject(context, title, isOwn, trans.__('There is no project that you own.'));

  return [
    addCommand(context, {
      id: CommandIDs.share,
      label: trans.__('Share a Project…'),
      labelFor: title => trans.__('Share “%1”…', title),
      caption: trans.__('Say who may read or change a project'),
      args: {
        projectId: PROJECT_ID,
        subject: {
          type: 'string',
          description:
            'Who: the id of a person, user_id:ID, org_id:ID or org_name:NAME; * is everybody'
        },
        role: {
          type: 'string',
          description: 'What they are from now on, in place of any other role; null: nothing',
          choices: ROLES,
          nullable: true
        }
      },
      asks: ({ projectId, subject, role }) =>
        projectId === undefined || subject === undefined || role === undefined,
      isEnabled: () => projects.projects.some(isKnown),
      run: async ({ projectId, subject, role }, asks) => {
        const id =
          projectId ??
          (await chooseProject(
            context,
            trans.__('Share a project'),
            isKnown,
            trans.__('There is no project in the cloud that you can see.')
          ));
        if (id === null) {
          return null;
        }
        if (subject === undefined) {
          await person.showSharing(id);
          const isHidden = projects.projects.find(each => each.id === id)?.role === 'finder';
          return isHidden ? [] : [...(await projects.permissions(id))];
        }
        const chosen = role === undefined ? await askRole(context, subject) : { role };
        if (!chosen) {
          return null;
        }
        const permissions = [...(await projects.share(id, subject, chosen.role))];
        if (asks) {
          person.tell(givenWords(permissions.length, trans));
        }
        return permissions;
      }
    }),
    addCommand(context, {
      id: CommandIDs.delete,
      label: trans.__('Delete a Project from the Cloud…'),
      caption: trans.__('Delete a project and its versions for everyone; files in folders stay'),
      args: {
        projectId: PROJECT_ID,
        confirm: {
          type: 'string',
          description: 'The name of the project, as a proof that it is meant'
        }
      },
      asks: ({ projectId, confirm }) => projectId === undefined || confirm === undefined,
      isEnabled: () => projects.projects.some(isOwn),
      run: async ({ projectId, confirm }) => {
        const id = projectId ?? (await chooseOwn(trans.__('Delete a project from the cloud')));
        if (id === null) {
          return null;
        }
        const name = confirm ?? (await askName(context, id));
        if (name === null) {
          return null;
        }
        await projects.delete(id, name);
        return {};
      },
      present: () =>
        person.tell({
          kind: 'success',
          text: trans.__('The project is deleted from the cloud. The files in its folder stay.')
        })
    })
  ];
}

function givenWords(roles: number, trans: TranslationBundle): Message {
  return {
    kind: 'success',
    text: trans._n(
      '%1 role is given in this project.',
      '%1 roles are given in this project.',
      roles
    )
  };
}

async function askRole(
  { person, trans }: Context,
  subject: string
): Promise<{ readonly role: Role | null } | null> {
  return person.askOption<{ readonly role: Role | null }>(
    trans.__('What may “%1” do?', subject),
    trans.__('This replaces the role that they have'),
    [
      { value: { role: 'reader' }, label: trans.__('Read its files') },
      { value: { role: 'writer' }, label: trans.__('Read and change its files') },
      { value: { role: 'owner' }, label: trans.__('Everything, as an owner') },
      { value: { role: 'finder' }, label: trans.__('See that it exists') },
      { value: { role: null }, label: trans.__('Nothing: take their role away') }
    ]
  );
}

function askName(context: Context, projectId: string): Promise<string | null> {
  const { projects, person, trans } = context;
  const name = projects.projects.find(({ id }) => id === projectId)?.name ?? projectId;
  return person.askText(
    trans.__('Delete “%1” from the cloud?', titleOf(context, projectId)),
    trans.__(
      'Its files and all their versions are deleted in the cloud, for everyone. Files in folders stay. To delete it, type its name: %1',
      name
    ),
    ''
  );
}
