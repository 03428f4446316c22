import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';

import type { IProjects } from '../../tokens';
import { ProjectsError } from '../../tokens';
import { errorMessage } from '../../ui/error-message';
import type { IPerson } from '../../ui/person';
import type { Arguments, Values } from './arguments';
import { schemaOf, valuesOf } from './arguments';

/** What every command works with. */
export interface Context {
  readonly commands: CommandRegistry;
  readonly projects: IProjects;
  readonly person: IPerson;
  readonly trans: TranslationBundle;
}

/**
 * A command as we define it. Its result is a plain JSON value, or null when the person dismissed a question.
 */
export interface Command<A extends Arguments, R> {
  readonly id: string;
  readonly label: string;
  /** The label where the project is given, as in the palette. */
  readonly labelFor?: (title: string) => string;
  readonly caption: string;
  readonly icon?: LabIcon;
  readonly args: A;
  /** True when it must ask the person for something that is missing; never when left out. */
  readonly asks?: (values: Values<A>) => boolean;
  readonly isEnabled?: () => boolean;
  /** @param asks - It may open dialogs: a person runs it, or something that it needs is missing. */
  readonly run: (values: Values<A>, asks: boolean) => Promise<R | null>;
  /** Shows the result to the person. */
  readonly present?: (result: R) => void;
}

/** How a command tells that a person runs it, from the palette, a menu or the panel. */
const INTERACTIVE = {
  interactive: {
    type: 'boolean',
    description:
      'True when a person runs it: the result and any failure are shown to them, and a failure resolves with null'
  }
} as const;

/**
 * Adds the command to the registry.
 *
 * #### Notes
 * It rejects with a `ProjectsError`. Where a person was asked, the failure is shown to them too; where a person ran it
 * (`interactive: true`) it is shown and not thrown, since menus and palettes leave rejections unhandled.
 */
export function addCommand<A extends Arguments, R>(
  {
    commands,
    projects,
    person,
    trans
  }: Pick<Context, 'commands' | 'projects' | 'person' | 'trans'>,
  command: Command<A, R>
): IDisposable {
  const { id, label, labelFor, caption, icon } = command;
  const args = { ...command.args, ...INTERACTIVE };
  return commands.addCommand(id, {
    label: ({ projectId }) => {
      const project = labelFor && projects.projects.find(each => each.id === projectId);
      return project ? labelFor(project.title) : label;
    },
    caption,
    ...(icon ? { icon } : {}),
    describedBy: { args: schemaOf(args) },
    isEnabled: () => command.isEnabled?.() ?? true,
    execute: async given => {
      const interactive = given['interactive'] === true;
      let asks = interactive;
      try {
        const own = Object.entries(given).filter(([name]) => !Object.hasOwn(INTERACTIVE, name));
        const values = valuesOf(id, command.args, Object.fromEntries(own));
        asks ||= command.asks?.(values) ?? false;
        const result = await command.run(values, asks);
        if (asks && result !== null) {
          command.present?.(result);
        }
        return result;
      } catch (error) {
        if (asks) {
          person.tellError(trans.__('“%1” did not work', label.replace(/…$/, '')), error);
        }
        if (interactive) {
          return null;
        }
        throw asProjectsError(error);
      }
    }
  });
}

function asProjectsError(error: unknown): ProjectsError {
  return error instanceof ProjectsError
    ? error
    : new ProjectsError('failed', errorMessage(error), { cause: error });
}
