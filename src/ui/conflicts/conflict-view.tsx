import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import type { ConflictChoice, ConflictSides, SyncReport } from '../../tokens';
import { Button } from '../components/button';
import { errorMessage } from '../error-message';
import { useNow } from '../hooks';
import { useReport } from '../review/use-report';
import { useReview } from '../review/review-context';
import { useLoad } from '../review/use-load';
import { choiceWords } from '../words';
import { AllAtOnce } from './all-at-once';
import type { Shown } from './conflict-body';
import { ConflictBody, shownOf } from './conflict-body';
import type { TakeResult } from './merging';
import { sideWords } from './side-words';

const CHOICES: readonly ConflictChoice[] = ['keep-local', 'keep-cloud', 'keep-both'];

export interface ConflictViewProps {
  readonly projectId: string;
  /** Of the file or of its copy, relative to the project's root. */
  readonly path: string;
  readonly close: () => void;
}

interface Outcome {
  readonly text: string;
  readonly next: string | null;
}

/** One conflict: whose the two contents are, what differs, and the ways to settle it. */
export function ConflictView({ projectId, path, close }: ConflictViewProps) {
  const { projects, trans, showConflict } = useReview();
  const { value, error, isBusy, again } = useLoad(
    useCallback(() => projects.conflictSides(projectId, path), [projects, projectId, path])
  );
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isSettling, setIsSettling] = useState(false);
  useReport(
    projectId,
    useCallback(
      ({ state, conflicts }) => {
        const isKnown = state !== 'failed' && state !== 'stopped';
        const isOpen = conflicts.some(each => each.path === path || each.copy === path);
        if (isKnown && !isOpen && !isSettling) {
          again();
        }
      },
      [path, isSettling, again]
    )
  );
  const done = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome) {
      done.current?.querySelector('button')?.focus();
    }
  }, [outcome]);
  if (outcome) {
    const { text, next } = outcome;
    return (
      <div ref={done} className="jp-Projects-reviewDone" role="status">
        <p>{text}</p>
        <div className="jp-Projects-buttons">
          {next !== null && (
            <Button
              primary
              onClick={() => {
                showConflict(projectId, next);
                close();
              }}
            >
              {trans.__('Next conflict: %1', next)}
            </Button>
          )}
          <Button primary={next === null} onClick={close}>
            {trans.__('Close')}
          </Button>
        </div>
      </div>
    );
  }
  if (!value) {
    return (
      <div className="jp-Projects-reviewDone">
        {error ? (
          <>
            <p role="alert">{error}</p>
            <div className="jp-Projects-buttons">
              <Button onClick={again}>{trans.__('Look again')}</Button>
              <Button onClick={close}>{trans.__('Close')}</Button>
            </div>
          </>
        ) : (
          <p role="status">{isBusy && trans.__('Reading both sides…')}</p>
        )}
      </div>
    );
  }
  return (
    <LoadedConflict
      key={`${value.mine?.sha256} ${value.theirs?.sha256}`}
      projectId={projectId}
      sides={value}
      again={again}
      busy={isSettling}
      setBusy={setIsSettling}
      onSettled={setOutcome}
    />
  );
}

interface LoadedProps {
  readonly projectId: string;
  readonly sides: ConflictSides;
  readonly again: () => void;
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
  readonly onSettled: (outcome: Outcome) => void;
}

function LoadedConflict({ projectId, sides, again, busy, setBusy, onSettled }: LoadedProps) {
  const { projects, person, trans, locale } = useReview();
  const { path, copy, mine, theirs } = sides;
  const now = useNow();
  const shown = useMemo(() => shownOf(sides), [sides]);
  const [isMerging, setIsMerging] = useState(false);
  const [failure, setFailure] = useState('');
  const resultRef = useRef<TakeResult | null>(null);
  const words = sideWords(sides, { account: projects.account, now, locale, trans });
  const noMerge = whyNoMerge(shown, sides, trans);
  const title = projects.projects.find(({ id }) => id === projectId)?.title ?? '';
  const count = projects.lastReport(projectId)?.conflicts.length ?? 1;

  const settle = (said: string, work: () => Promise<SyncReport>): void => {
    setBusy(true);
    setFailure('');
    work()
      .then(report => {
        const why = whyOpen(report, path, copy, trans);
        if (why) {
          setFailure(why);
        } else {
          onSettled({ text: said, next: report.conflicts[0]?.path ?? null });
        }
      })
      .catch((error: unknown) => setFailure(errorMessage(error)))
      .finally(() => setBusy(false));
  };
  const choose = (choice: ConflictChoice): void =>
    settle(settledWords(choice, path, trans), () =>
      projects.resolveConflict(projectId, copy ?? path, choice)
    );
  const saveMerge = async (): Promise<void> => {
    const made = resultRef.current?.();
    if (!made || !mine || !theirs) {
      return;
    }
    if (made.text === null) {
      setFailure(trans.__('What you have chosen makes no valid notebook. Choose otherwise.'));
      return;
    }
    const isMeant =
      made.open === 0 ||
      (await person.confirm(
        trans.__('Save the merge?'),
        trans._n(
          'In %1 place that both changed you have not chosen: the result has what you see there. What is not in the result stays an earlier version in the cloud.',
          'In %1 places that both changed you have not chosen: the result has what you see there. What is not in the result stays an earlier version in the cloud.',
          made.open
        ),
        trans.__('Save the merge')
      ));
    if (isMeant) {
      const content = new TextEncoder().encode(made.text);
      const looked = { mine: mine.sha256, theirs: theirs.sha256 };
      settle(trans.__('“%1” has the merge now, on both sides.', path), () =>
        projects.resolveConflictWith(projectId, copy ?? path, content, looked)
      );
    }
  };

  return (
    <div className="jp-Projects-reviewPage">
      <header className="jp-Projects-reviewHead">
        <h2>{trans.__('“%1” was changed here and in the cloud', path)}</h2>
        {title && <p className="jp-Projects-reviewQuiet">{trans.__('Project: %1', title)}</p>}
        <ul className="jp-Projects-reviewWho">
          <li>{words.mine}</li>
          <li>{words.theirs}</li>
          <li>{words.base}</li>
        </ul>
        <div className="jp-Projects-buttons" role="group" aria-label={trans.__('What to keep')}>
          {!isMerging &&
            CHOICES.map(choice => {
              const { label, effect } = keepWords(choice, trans);
              return (
                <Button key={choice} disabled={busy} hint={effect} onClick={() => choose(choice)}>
                  {label}
                </Button>
              );
            })}
          {!isMerging && (
            <Button
              primary
              disabled={busy || noMerge !== ''}
              hint={noMerge || trans.__('Put the two together here, and save the result')}
              onClick={() => setIsMerging(true)}
            >
              {trans.__('Merge')}
            </Button>
          )}
          {isMerging && (
            <>
              <Button
                primary
                disabled={busy}
                hint={trans.__(
                  'The file gets the result, on both sides; yours and theirs stay earlier versions in the cloud.'
                )}
                onClick={() => void saveMerge()}
              >
                {trans.__('Save the merge')}
              </Button>
              <Button disabled={busy} onClick={() => setIsMerging(false)}>
                {trans.__('Back to comparing')}
              </Button>
            </>
          )}
          {busy && <span role="status">{trans.__('Working…')}</span>}
        </div>
        {noMerge && !isMerging && <p className="jp-Projects-reviewQuiet">{noMerge}</p>}
        {failure && (
          <div className="jp-Projects-error" role="alert">
            <p>{failure}</p>
            <Button onClick={again}>{trans.__('Look again')}</Button>
          </div>
        )}
        {!isMerging && count > 1 && (
          <AllAtOnce
            projectId={projectId}
            count={count}
            parts={{ projects, person, trans }}
            onStart={() => setBusy(true)}
            onDone={report => {
              setBusy(false);
              if (!report) {
                return;
              }
              const why = whyOpen(report, path, copy, trans);
              if (why) {
                setFailure(why);
              } else {
                onSettled({
                  text: trans.__('The conflicts are settled.'),
                  next: report.conflicts[0]?.path ?? null
                });
              }
            }}
          />
        )}
      </header>
      <ConflictBody sides={sides} shown={shown} isMerging={isMerging} resultRef={resultRef} />
    </div>
  );
}

type Trans = ReturnType<typeof useReview>['trans'];

/** The words of the panel, but for the other side: here it has a name. */
function keepWords(choice: ConflictChoice, trans: Trans) {
  const words = choiceWords(choice, trans);
  return choice === 'keep-cloud' ? { ...words, label: trans.__('Keep theirs') } : words;
}

function settledWords(choice: ConflictChoice, path: string, trans: Trans): string {
  switch (choice) {
    case 'keep-local':
      return trans.__(
        '“%1” has your content now, on both sides. Theirs is an earlier version.',
        path
      );
    case 'keep-cloud':
      return trans.__(
        '“%1” has their content now, on both sides. Yours is an earlier version.',
        path
      );
    case 'keep-both':
      return trans.__('Both contents are kept, as two files.');
  }
}

/** Why the conflict is open still; '' where it is not. */
function whyOpen(report: SyncReport, path: string, copy: string | null, trans: Trans): string {
  const problem = report.problems.find(each => each.path === path || each.path === '');
  const isOpen = report.conflicts.some(
    each => each.path === path && (copy === null || each.copy === copy)
  );
  if (report.state === 'failed' || report.state === 'stopped' || isOpen) {
    return problem?.message ?? trans.__('The conflict is still open: the sync was stopped before.');
  }
  return '';
}

/** '' where the two can be merged here. */
function whyNoMerge(shown: Shown, { mine, theirs }: ConflictSides, trans: Trans): string {
  switch (shown.kind) {
    case 'text':
      return shown.isText
        ? ''
        : trans.__(
            'They can’t be merged here: one of the two is no notebook that can be taken apart by cell.'
          );
    case 'notebook':
      return '';
    case 'image':
      return trans.__('Images can’t be merged: keep one, or both.');
    case 'facts':
      return mine && theirs
        ? trans.__('They can’t be merged here: only texts and notebooks up to 8 MB can.')
        : trans.__('There is nothing to merge: one of the two files is not there.');
  }
}
