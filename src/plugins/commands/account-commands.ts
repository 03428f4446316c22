import type { IDisposable } from '@lumino/disposable';

import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

export function addAccountCommands(context: Context): IDisposable[] {
  const { projects, person, trans } = context;
  return [
    addCommand(context, {
      id: CommandIDs.signIn,
      label: trans.__('Sign In to Projects…'),
      caption: trans.__('Sign in to the cloud with an API key'),
      args: {
        apiKey: {
          type: 'string',
          description: 'The API key; the cloud is that of the setting cloudUrl'
        }
      },
      asks: ({ apiKey }) => apiKey === undefined,
      run: async ({ apiKey }) => {
        const key = apiKey ?? (await person.askApiKey(projects.cloudUrl));
        if (key === null) {
          return null;
        }
        const { id, name } = await projects.signIn(key);
        return { account: { id, name } };
      },
      present: ({ account }) =>
        person.tell({ kind: 'success', text: trans.__('Signed in as %1.', account.name) })
    }),
    addCommand(context, {
      id: CommandIDs.signOut,
      label: trans.__('Sign Out of Projects'),
      caption: trans.__('Remove the API key from this browser; files stay as they are'),
      args: {},
      isEnabled: () => projects.account !== null,
      run: async () => {
        await projects.signOut();
        return {};
      }
    })
  ];
}

/** Where a command may ask: lets the person sign in first. False when they would not. */
export async function signedIn(
  { projects, person }: Pick<Context, 'projects' | 'person'>,
  asks: boolean
): Promise<boolean> {
  if (projects.account || !asks) {
    return true;
  }
  const key = await person.askApiKey(projects.cloudUrl);
  if (key === null) {
    return false;
  }
  await projects.signIn(key);
  return true;
}
