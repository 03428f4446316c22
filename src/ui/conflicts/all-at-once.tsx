import type { TranslationBundle } from '@jupyterlab/translation';
import { useState } from 'react';

import type { ConflictChoice, IProjects, SyncReport } from '../../tokens';
import { Button } from '../components/button';
import type { IPerson } from '../person';

export interface AllAtOnceProps {
  readonly projectId: string;
  /** How many conflicts are open. */
  readonly count: number;
  readonly parts: {
    readonly projects: IProjects;
    readonly person: IPerson;
    readonly trans: TranslationBundle;
  };
  readonly onStart?: () => void;
  /** null where it failed, and the person was told. */
  readonly onDone?: (report: SyncReport | null) => void;
}

/** Settles all conflicts of a project in one way, after the person has read what that does. */
export function AllAtOnce({ projectId, count, parts, onStart, onDone }: AllAtOnceProps) {
  const { projects, person, trans } = parts;
  const [busy, setBusy] = useState(false);
  const settle = async ({ choice, label, effect }: Way): Promise<void> => {
    if (!(await person.confirm(trans.__('%1?', label), effect, label))) {
      return;
    }
    setBusy(true);
    onStart?.();
    try {
      onDone?.(await projects.resolveConflicts(projectId, choice));
    } catch (error) {
      onDone?.(null);
      person.tellError(trans.__('The conflicts could not be resolved'), error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div
      className="jp-Projects-allAtOnce"
      role="group"
      aria-label={trans._n('%1 conflict at once', 'All %1 conflicts at once', count)}
    >
      <span className="jp-Projects-quiet">
        {trans._n('%1 conflict at once:', 'All %1 conflicts at once:', count)}
      </span>
      {waysOf(count, trans).map(way => (
        <Button key={way.choice} disabled={busy} hint={way.effect} onClick={() => void settle(way)}>
          {way.label}
        </Button>
      ))}
    </div>
  );
}

interface Way {
  readonly choice: ConflictChoice;
  readonly label: string;
  readonly effect: string;
}

function waysOf(count: number, trans: TranslationBundle): Way[] {
  return [
    {
      choice: 'keep-local',
      label: trans.__('Keep all mine'),
      effect: trans._n(
        '%1 file gets your content, on both sides. The cloud’s stays an earlier version.',
        '%1 files get your content, on both sides. The cloud’s stay earlier versions.',
        count
      )
    },
    {
      choice: 'keep-cloud',
      label: trans.__('Keep all theirs'),
      effect: trans._n(
        '%1 file gets the cloud’s content, on both sides. Yours stays an earlier version.',
        '%1 files get the cloud’s content, on both sides. Yours stay earlier versions.',
        count
      )
    },
    {
      choice: 'keep-both',
      label: trans.__('Keep all, as two files each'),
      effect: trans._n(
        'Both contents of %1 file stay, as two files beside each other.',
        'Both contents of %1 files stay, as two files beside each other.',
        count
      )
    }
  ];
}
