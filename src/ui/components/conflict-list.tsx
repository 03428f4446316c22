import { useRef } from 'react';

import type { ConflictChoice, FileStatus, ProjectSummary } from '../../tokens';
import { nameOfConflict } from '../conflict-of';
import { AllAtOnce } from '../conflicts/all-at-once';
import { useAttempt } from '../hooks';
import { openConflicts } from '../open-conflicts';
import { useUi } from '../ui-context';
import { choiceWords } from '../words';
import { Button } from './button';

/** Opens the view of a conflict; of the commands, which this room must not know. */
const SHOW_CONFLICT = 'projects:show-conflict';

const CHOICES: readonly ConflictChoice[] = ['keep-local', 'keep-cloud', 'keep-both'];

export interface ConflictListProps {
  readonly project: ProjectSummary;
  readonly files: readonly FileStatus[] | null;
}

/** What changed on both sides, with the three ways to settle it. The keyboard stays here when a button goes. */
export function ConflictList({ project, files }: ConflictListProps) {
  const { projects, person, trans, run } = useUi();
  const { busy, start } = useAttempt();
  const conflicts = openConflicts(projects.lastReport(project.id), files);
  const named = conflicts.map(each => ({ ...each, name: nameOfConflict(each, conflicts) }));
  const section = useRef<HTMLElement>(null);
  const resolve = (path: string, choice: ConflictChoice): void =>
    start(trans.__('The conflict could not be resolved'), async () => {
      await projects.resolveConflict(project.id, path, choice);
      section.current?.focus();
    });
  if (conflicts.length === 0) {
    return <section ref={section} tabIndex={-1} aria-label={trans.__('No conflicts')} />;
  }
  return (
    <section
      ref={section}
      tabIndex={-1}
      className="jp-Projects-conflicts"
      aria-label={trans.__('Conflicts')}
    >
      <h4>{trans._n('%1 conflict', '%1 conflicts', conflicts.length)}</h4>
      <p className="jp-Projects-quiet">
        {trans.__(
          'These files changed here and in the cloud. What you let go stays an earlier version in the cloud.'
        )}
      </p>
      {conflicts.length > 1 && (
        <AllAtOnce
          projectId={project.id}
          count={conflicts.length}
          parts={{ projects, person, trans }}
          onDone={() => section.current?.focus()}
        />
      )}
      <ul>
        {named.map(({ path, copy, reason, name }) => (
          <li key={name} className="jp-Projects-card">
            <div className="jp-Projects-path">{path}</div>
            {copy !== null && (
              <div className="jp-Projects-quiet">{trans.__('Your content is in “%1”.', copy)}</div>
            )}
            {reason && <div className="jp-Projects-quiet jp-Projects-reason">{reason}</div>}
            <div className="jp-Projects-choices" role="group" aria-label={path}>
              <div className="jp-Projects-choice">
                <Button
                  primary
                  hint={trans.__('Show both contents of “%1” beside each other', path)}
                  onClick={() => run(SHOW_CONFLICT, { projectId: project.id, path: name })}
                >
                  {trans.__('Compare…')}
                </Button>
              </div>
              {CHOICES.map(choice => {
                const { label, effect } = choiceWords(choice, trans);
                return (
                  <div key={choice} className="jp-Projects-choice">
                    <Button disabled={busy} hint={effect} onClick={() => resolve(name, choice)}>
                      {label}
                    </Button>
                    <span className="jp-Projects-quiet">{effect}</span>
                  </div>
                );
              })}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
