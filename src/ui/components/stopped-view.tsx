import { useRef } from 'react';

import type { ProjectSummary } from '../../tokens';
import { useAttempt } from '../hooks';
import { takenAway, wordWords, wordsFor } from '../stopped';
import type { WordKind } from '../stopped';
import { useUi } from '../ui-context';
import { usePreview } from '../use-preview';
import { ActionRows } from './action-rows';
import { Button } from './button';
import { Fold } from './fold';

/** So many paths are shown at once, so that the choices below stay in sight. */
const MOST_OPEN = 5;

/** Why a guard stopped the sync, what it would take away, and what the person may say to it. */
export function StoppedView({ project }: { project: ProjectSummary }) {
  const { projects, trans } = useUi();
  const { busy, start } = useAttempt();
  const section = useRef<HTMLElement>(null);
  const last = projects.lastReport(project.id);
  // While it syncs again the choices stay, and with them the keyboard: most often it is stopped anew.
  const isShown = project.status === 'stopped' || project.status === 'syncing';
  const report = last?.state === 'stopped' && isShown ? last : null;
  const { preview, error, look } = usePreview(project.id, report);
  const words = report && preview ? wordsFor(report, preview) : [];
  const say = (word: WordKind): void =>
    start(trans.__('“%1” could not be synced', project.title), async () => {
      await (word === 'approve' ? projects.approve(project.id) : projects.restore(project.id));
      section.current?.focus();
    });
  const name = trans.__('Stopped for safety');
  if (!report || !(error || words.length > 0)) {
    return <section ref={section} tabIndex={-1} aria-label={name} />;
  }
  const taken = preview ? takenAway(preview) : [];
  return (
    <section ref={section} tabIndex={-1} className="jp-Projects-stopped" aria-label={name}>
      <h4>{name}</h4>
      {error ? (
        <>
          <p>{trans.__('What was stopped could not be told. %1', error)}</p>
          <Button onClick={look}>{trans.__('Look again')}</Button>
        </>
      ) : (
        <div className="jp-Projects-card">
          {taken.length > 0 && (
            <Fold
              open={taken.length <= MOST_OPEN}
              title={trans._n(
                'What it would delete or overwrite: %1 path',
                'What it would delete or overwrite: %1 paths',
                taken.length
              )}
            >
              <ActionRows actions={taken} label={trans.__('What it would delete or overwrite')} />
            </Fold>
          )}
          <div className="jp-Projects-choices" role="group" aria-label={name}>
            {words.map(word => {
              const { label, effect } = wordWords(word, report, trans);
              return (
                <div key={word} className="jp-Projects-choice">
                  <Button disabled={busy} hint={effect} onClick={() => say(word)}>
                    {label}
                  </Button>
                  <span className="jp-Projects-quiet">{effect}</span>
                </div>
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}
