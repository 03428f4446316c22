import { useMemo, useState } from 'react';

import type { FileStatus, ProjectSummary } from '../../tokens';
import { useSignal } from '../hooks';
import { fileMenu } from '../tree/file-menu';
import { buildTree } from '../tree/file-tree';
import type { TreeNode } from '../tree/file-tree';
import type { Group } from '../tree/groups';
import { countGroups, inGroup, withProblems } from '../tree/groups';
import { useUi } from '../ui-context';
import type { FoundFiles } from '../use-project-files';
import { Button } from './button';
import { FileTree } from './file-tree';
import type { Place } from './file-tree';
import { GroupChips } from './group-chips';

const NO_FILES: readonly FileStatus[] = [];

export interface FileSectionProps {
  readonly project: ProjectSummary;
  /** Relative to the Jupyter root. */
  readonly folder: string;
  readonly found: FoundFiles;
}

/** The project's files as a tree, each with its status; those that are looked for where the search finds any. */
export function FileSection({ project, folder, found }: FileSectionProps) {
  const { projects, selection, trans, openFile, showMenu, person } = useUi();
  useSignal(selection.changed);
  const { files, busy, error, look } = found;
  const problems = projects.lastReport(project.id)?.problems;
  const all = useMemo(() => withProblems(files ?? NO_FILES, problems ?? []), [files, problems]);
  const counts = useMemo(() => countGroups(all), [all]);
  const [chosen, setChosen] = useState<Group | null>(null);
  const group = chosen && counts.has(chosen) ? chosen : null;
  const { query } = selection;
  const text = useMemo(() => (inGroup(all, null, query).length > 0 ? query : ''), [all, query]);
  const shown = useMemo(() => inGroup(all, group, text), [all, group, text]);
  const root = useMemo(() => buildTree(shown), [shown]);
  const open = selection.openFolders(project.id);
  // Of what was filtered everything is open, until it is closed.
  const isFiltered = group !== null || text !== '';
  const filter = `${group ?? ''} ${text}`;
  const [closed, setClosed] = useState({ filter, paths: new Set<string>() });
  const closedNow = closed.filter === filter ? closed.paths : null;
  const isOpen = (path: string): boolean => (isFiltered ? !closedNow?.has(path) : open.has(path));
  const onOpen = (path: string, opens: boolean): void => {
    if (!isFiltered) {
      selection.openFolder(project.id, path, opens);
      return;
    }
    const paths = new Set(closedNow);
    if (opens) {
      paths.delete(path);
    } else {
      paths.add(path);
    }
    setClosed({ filter, paths });
  };
  const onActivate = ({ path, name, file }: TreeNode): void => {
    if (file?.where === 'cloud') {
      person.tell({
        kind: 'warning',
        text: trans.__('“%1” is only in the cloud. Sync the project, then open it.', name)
      });
    } else {
      openFile?.(`${folder}/${path}`);
    }
  };
  const ui = useUi();
  const onMenu = (node: TreeNode, place: Place): void =>
    showMenu?.(fileMenu(node, { project, folder }, ui), place);

  const title = files ? trans._n('%1 file', '%1 files', countFiles(all)) : trans.__('Files');
  return (
    <section className="jp-Projects-files" aria-label={trans.__('Files')}>
      <div className="jp-Projects-filesHead">
        <h4>{title}</h4>
        <Button onClick={look} disabled={busy}>
          {busy ? trans.__('Looking…') : trans.__('Look again')}
        </Button>
      </div>
      {error && (
        <p className="jp-Projects-error" role="alert">
          {error}
        </p>
      )}
      {!files && busy && <p className="jp-Projects-quiet">{trans.__('Looking at both sides…')}</p>}
      {files?.length === 0 && (
        <p className="jp-Projects-quiet">
          {trans.__('The project is empty. What you put in the folder appears here.')}
        </p>
      )}
      <GroupChips counts={counts} chosen={group} onChoose={setChosen} />
      {isFiltered && (
        <p className="jp-Projects-quiet" role="status">
          {trans.__('Shown: %1 of %2', shown.length, all.length)}
        </p>
      )}
      {all.length > 0 && (
        <FileTree
          root={root}
          label={trans.__('Files of %1', project.title)}
          isOpen={isOpen}
          onOpen={onOpen}
          onActivate={onActivate}
          onMenu={onMenu}
        />
      )}
    </section>
  );
}

function countFiles(files: readonly FileStatus[]): number {
  return files.filter(({ kind }) => kind !== 'directory').length;
}
