import type { IDisposable } from '@lumino/disposable';

import type { FileVersion } from '../../tokens';
import { ProjectsError } from '../../tokens';
import { formatBytes } from '../../ui/format';
import { pageLocale } from '../../ui/page-locale';
import { reportMessage } from '../../ui/report-words';
import { chooseProject, isLinked, titleOf } from './choosing';
import type { Context } from './command';
import { addCommand } from './command';
import { CommandIDs } from './ids';

const FILE = {
  projectId: { type: 'string', description: 'The id of the project' },
  path: {
    type: 'string',
    description: 'The file, relative to the project’s root; a deleted one has versions too'
  }
} as const;

export function addVersionCommands(context: Context): IDisposable[] {
  const { projects, person, trans } = context;
  return [
    addCommand(context, {
      id: CommandIDs.history,
      label: trans.__('Show the Versions of a Project’s File…'),
      caption: trans.__('Tell which contents the cloud keeps of a file, and whose they are'),
      args: FILE,
      asks: ({ projectId, path }) => projectId === undefined || path === undefined,
      isEnabled: () => projects.projects.length > 0,
      run: async values => {
        const file = await askFile(context, values);
        return file && [...(await projects.history(file.projectId, file.path))];
      },
      present: versions =>
        person.tell({
          kind: 'success',
          text: trans.__(
            'Versions in the cloud: %1. %2',
            versions.length,
            versions[0] ? trans.__('The last one: %1', versionWords(context, versions[0])) : ''
          )
        })
    }),
    addCommand(context, {
      id: CommandIDs.restoreVersion,
      label: trans.__('Restore a Version of a Project’s File…'),
      caption: trans.__('An earlier content becomes the file’s again, on both sides'),
      args: {
        ...FILE,
        versionId: { type: 'string', description: 'The version, as the history names it' }
      },
      asks: ({ projectId, path, versionId }) =>
        projectId === undefined || path === undefined || versionId === undefined,
      isEnabled: () => projects.projects.some(isLinked),
      run: async ({ versionId, ...values }) => {
        const file = await askFile(context, values);
        if (!file) {
          return null;
        }
        const version = versionId ?? (await askVersion(context, file));
        return version === null
          ? null
          : projects.restoreVersion(file.projectId, file.path, version);
      },
      present: report =>
        person.tell(reportMessage(report, titleOf(context, report.projectId), trans))
    })
  ];
}

interface File {
  readonly projectId: string;
  readonly path: string;
}

/** The file that is meant; asks for what is missing. null when the person dismissed a question. */
export async function askFile(context: Context, given: Partial<File>): Promise<File | null> {
  const { person, trans } = context;
  const projectId =
    given.projectId ??
    (await chooseProject(
      context,
      trans.__('A file of which project?'),
      isLinked,
      trans.__('No folder of this server is linked to a project.')
    ));
  if (projectId === null) {
    return null;
  }
  const path =
    given.path ??
    (await person.askText(
      trans.__('Which file of “%1”?', titleOf(context, projectId)),
      trans.__('Its path from the project’s folder'),
      ''
    ));
  return path === null ? null : { projectId, path };
}

async function askVersion(context: Context, { projectId, path }: File): Promise<string | null> {
  const { projects, person, trans } = context;
  const versions = await projects.history(projectId, path);
  if (versions.length === 0) {
    throw new ProjectsError('not-found', trans.__('The cloud keeps no version of “%1”.', path));
  }
  return person.askOption(
    trans.__('Restore which version of “%1”?', path),
    trans.__('What the file holds now stays a version.'),
    versions.map(version => ({
      value: version.versionId,
      label: versionWords(context, version)
    }))
  );
}

function versionWords(
  { trans }: Pick<Context, 'trans'>,
  { createdAt, size, author }: FileVersion
): string {
  const locale = pageLocale(document.documentElement.lang);
  const when = new Date(createdAt).toLocaleString(locale);
  const bytes = formatBytes(size, locale);
  return author?.name
    ? trans.__('%1, %2, by %3', when, bytes, author.name)
    : trans.__('%1, %2', when, bytes);
}
