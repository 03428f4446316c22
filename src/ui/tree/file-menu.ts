import type { ProjectSummary } from '../../tokens';
import type { MenuEntry, Ui } from '../ui-context';
import type { TreeNode } from './file-tree';

/** Views that are offered where they exist. */
const SHOW_HISTORY = 'projects:show-history';
const SHOW_CONFLICT = 'projects:show-conflict';

/** What can be done with a file or folder of a project's tree. */
export function fileMenu(
  { path, isFolder, file, worst }: TreeNode,
  of: { readonly project: ProjectSummary; readonly folder: string },
  { trans, openFile, reveal, run, has }: Pick<Ui, 'trans' | 'openFile' | 'reveal' | 'run' | 'has'>
): MenuEntry[] {
  const here = `${of.folder}/${path}`;
  const isHere = file?.where !== 'cloud';
  const about = { projectId: of.project.id, path };
  const entries: (MenuEntry | false | null)[] = [
    !isFolder &&
      openFile && {
        label: trans.__('Open'),
        isEnabled: isHere,
        run: () => openFile(here)
      },
    reveal && {
      label: trans.__('Show in the File Browser'),
      isEnabled: isHere,
      run: () => reveal(here)
    },
    !isFolder &&
      worst === 'conflict' &&
      has(SHOW_CONFLICT) && {
        label: trans.__('Compare Both Sides…'),
        isEnabled: true,
        run: () => run(SHOW_CONFLICT, about)
      },
    !isFolder &&
      has(SHOW_HISTORY) && {
        label: trans.__('Show Its History'),
        isEnabled: true,
        run: () => run(SHOW_HISTORY, about)
      }
  ];
  return entries.filter(entry => entry !== null && entry !== false);
}
