import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { ancestorsOf, isWithin } from '../../sync/path';
import type { FileStatus, FilesChanged, IProjects, ProjectSummary } from '../../tokens';
import { projectsIcon } from '../icons';
import { toneOf } from '../overall';
import type { Tone } from '../overall';
import { FILE_ICONS, FILE_TONES, STATUS_ICONS } from '../status-icons';
import { buildTree } from '../tree/file-tree';
import type { TreeNode } from '../tree/file-tree';
import { fileWords, folderWords, statusLetter } from '../tree/file-words';
import { summaryWords } from '../words';

/** What is shown beside the name of a file or folder. */
export interface Badge {
  readonly tone: Tone;
  /** '' where the icons are enough. */
  readonly letter: string;
  readonly icons: readonly LabIcon[];
  /** All of it in words: its name for screen readers, and its tooltip. */
  readonly text: string;
}

/** What the badges need of the model. */
export type BadgeSource = Pick<
  IProjects,
  'projects' | 'projectsChanged' | 'knownFiles' | 'knownFilesChanged' | 'filesChanged'
>;

/**
 * The badges of files and folders in linked projects, by what the model knows already: they ask nothing of anyone.
 */
export class FileBadges implements IDisposable {
  constructor(options: FileBadges.IOptions) {
    this.#projects = options.projects;
    this.#trans = options.trans;
    this.#linked = linkedOf(options.projects.projects);
    this.#projects.projectsChanged.connect(this.#onProjects, this);
    this.#projects.knownFilesChanged.connect(this.#onKnown, this);
    this.#projects.filesChanged.connect(this.#onFiles, this);
  }

  /** Fires when any badge may be another. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /**
   * null for what is in no linked project, and where there is nothing to say.
   *
   * @param path - relative to the Jupyter root
   */
  of(path: string): Badge | null {
    const project = this.#linked.find(({ localPath }) => isWithin(path, localPath));
    if (!project) {
      return null;
    }
    if (path === project.localPath) {
      return this.#rootBadge(project);
    }
    const inside = path.slice(project.localPath.length + 1);
    const nodes = this.#nodes(project.id);
    const node = nodes.get(inside) ?? ignoredAbove(nodes, inside);
    return node && this.#nodeBadge(node);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  #rootBadge(project: ProjectSummary): Badge {
    const trans = this.#trans;
    const lines = [trans.__('Project “%1”: %2', project.title, summaryWords(project, trans))];
    return {
      tone: toneOf(project.status),
      letter: '',
      icons: [projectsIcon, STATUS_ICONS[project.status]],
      text: [...lines, project.message].filter(Boolean).join('\n')
    };
  }

  #nodeBadge(node: TreeNode): Badge {
    const { worst, file, children } = node;
    const trans = this.#trans;
    const own = file && fileWords(file, trans);
    const below = children.length > 0 && trans.__('In this folder: %1', folderWords(node, trans));
    return {
      tone: FILE_TONES[worst],
      letter: statusLetter(worst, trans),
      icons: [FILE_ICONS[worst]],
      text: [own, below].filter(Boolean).join('\n')
    };
  }

  /** By path; made when first asked for. */
  #nodes(projectId: string): ReadonlyMap<string, TreeNode> {
    const made = this.#made.get(projectId);
    if (made) {
      return made;
    }
    const nodes = new Map<string, TreeNode>();
    const files = this.#projects.knownFiles(projectId) ?? [];
    const add = (node: TreeNode): void => {
      nodes.set(node.path, node);
      node.children.forEach(add);
    };
    add(buildTree(this.#withTouched(projectId, files)));
    this.#made.set(projectId, nodes);
    return nodes;
  }

  /** A file that was synced, and has been seen to change since, waits to go up. */
  #withTouched(projectId: string, files: readonly FileStatus[]): readonly FileStatus[] {
    const touched = this.#touched.get(projectId);
    if (!touched) {
      return files;
    }
    const reason = this.#trans.__('changed since the last look');
    return files.map(file =>
      file.status === 'synced' && touched.has(file.path)
        ? { ...file, status: 'local-change' as const, reason }
        : file
    );
  }

  #onProjects(): void {
    this.#linked = linkedOf(this.#projects.projects);
    this.#changed.emit();
  }

  #onKnown(_: unknown, projectId: string): void {
    this.#touched.delete(projectId);
    this.#made.delete(projectId);
    this.#changed.emit();
  }

  /** The helper tells exactly which files changed, and passes by what a sync wrote; nobody else does. */
  #onFiles(_: unknown, { source, paths }: FilesChanged): void {
    if (source !== 'helper' || !paths) {
      return;
    }
    for (const path of paths) {
      const project = this.#linked.find(({ localPath }) => isWithin(path, localPath));
      if (project && path !== project.localPath) {
        const touched = this.#touched.get(project.id) ?? new Set();
        this.#touched.set(project.id, touched.add(path.slice(project.localPath.length + 1)));
        this.#made.delete(project.id);
      }
    }
    this.#changed.emit();
  }

  readonly #projects: BadgeSource;
  readonly #trans: TranslationBundle;
  #linked: readonly Linked[] = [];
  /** The files and folders of each project. */
  readonly #made = new Map<string, ReadonlyMap<string, TreeNode>>();
  /** Paths that were seen to change after the last look, by project. */
  readonly #touched = new Map<string, Set<string>>();
  readonly #changed = new Signal<this, void>(this);
  #isDisposed = false;
}

export namespace FileBadges {
  export interface IOptions {
    readonly projects: BadgeSource;
    readonly trans: TranslationBundle;
  }
}

type Linked = ProjectSummary & { readonly localPath: string };

function linkedOf(projects: readonly ProjectSummary[]): readonly Linked[] {
  return projects.filter((project): project is Linked => project.localPath !== null);
}

/** What lies in an ignored folder is ignored with it. */
function ignoredAbove(nodes: ReadonlyMap<string, TreeNode>, path: string): TreeNode | null {
  const above = ancestorsOf(path).map(folder => nodes.get(folder));
  return above.find(node => node?.file?.status === 'ignored') ?? null;
}
