import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { useId } from 'react';

import type { IProjects, ProjectSummary } from '../../tokens';
import { useNow, useSignal } from '../hooks';
import { isFound, sectionsOf } from '../project-sections';
import type { ProjectSection } from '../project-sections';
import type { Section, Selection } from '../selection';
import { inGroup } from '../tree/groups';
import { useUi } from '../ui-context';
import { ProjectItem } from './project-item';

/** All projects by section; those that are looked for, where something is. */
export function ProjectList() {
  const { projects, selection, trans } = useUi();
  const now = useNow();
  useSignal(projects.knownFilesChanged);
  const all = projects.projects;
  const { query } = selection;
  const found = query.trim() === '' ? all : all.filter(each => isWanted(each, projects, selection));
  return (
    <>
      {query.trim() !== '' && (
        <p className="jp-Projects-quiet jp-Projects-found" role="status">
          {found.length === 0
            ? trans.__('No project has “%1” in its title, name, owner or folder.', query)
            : trans._n('%1 project found', '%1 projects found', found.length)}
        </p>
      )}
      {sectionsOf(found).map(section => (
        <SectionView
          key={section.section}
          {...section}
          now={now}
          isFolded={query.trim() === '' && selection.isFolded(section.section)}
        />
      ))}
    </>
  );
}

/** A project that is unfolded is found by its files too. */
function isWanted(project: ProjectSummary, projects: IProjects, selection: Selection): boolean {
  const { query, projectId } = selection;
  return (
    isFound(project, query) ||
    (project.id === projectId &&
      inGroup(projects.knownFiles(project.id) ?? [], null, query.trim()).length > 0)
  );
}

interface SectionViewProps extends ProjectSection {
  readonly now: number;
  readonly isFolded: boolean;
}

function SectionView({ section, projects, now, isFolded }: SectionViewProps) {
  const { selection, trans } = useUi();
  const id = useId();
  const Caret = isFolded ? caretRightIcon : caretDownIcon;
  return (
    <section className="jp-Projects-section" aria-labelledby={id}>
      <h3 className="jp-Projects-group">
        <button
          type="button"
          id={id}
          aria-expanded={!isFolded}
          onClick={() => selection.fold(section, !isFolded)}
        >
          <Caret.react tag="span" className="jp-Projects-statusIcon" aria-hidden="true" />
          <span>{sectionWords(section, trans)}</span>{' '}
          <span className="jp-Projects-quiet">{projects.length}</span>
        </button>
      </h3>
      {!isFolded && (
        <ul className="jp-Projects-list" aria-labelledby={id}>
          {projects.map(project => (
            <ProjectItem key={project.id} project={project} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function sectionWords(section: Section, trans: TranslationBundle): string {
  switch (section) {
    case 'here':
      return trans.__('On this server');
    case 'mine':
      return trans.__('My projects');
    case 'shared':
      return trans.__('Shared with me');
  }
}
