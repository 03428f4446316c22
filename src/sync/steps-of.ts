import { pacing } from './breathe';
import type { Pausing } from './breathe';
import { otherSide, sameNode } from './entry';
import type { Side } from './entry';
import type { Moved } from './moves';
import type { Step } from './plan';
import { moveReason, reasonOf } from './reasons';
import { LEFT } from './wanted';
import type { Outcome, Wanted } from './wanted';

/** What each side lacks of what every path is to be. */
export function* stepsOf(
  outcomes: ReadonlyMap<string, Outcome>,
  situation: Moved
): Pausing<Step[]> {
  const steps: Step[] = [];
  yield* pacing(outcomes, ([path, outcome]) => {
    if (outcome !== LEFT) {
      steps.push(
        ...stepsAt(path, 'local', outcome, situation),
        ...stepsAt(path, 'cloud', outcome, situation)
      );
    }
  });
  return steps;
}

function stepsAt(path: string, side: Side, wanted: Wanted | null, situation: Moved): Step[] {
  const held = situation[side].get(path);
  const from = situation.places[side].get(path);
  const steps: Step[] = [];
  if (held && from !== undefined) {
    const reason = moveReason(otherSide(side));
    steps.push({ kind: 'move', side, from, path, reason, expect: held, carried: [] });
  }
  // A merge is put in the cloud even where nothing of it is new there, so that the local content becomes a version.
  const keepsLocal = wanted?.source?.side === 'merge' && side === 'cloud';
  if (sameNode(held, wanted?.node) && !keepsLocal) {
    return steps;
  }
  const about = {
    side,
    path,
    reason: wanted?.reason ?? reasonOf('deleted', otherSide(side)),
    ...(wanted?.requires !== undefined && { requires: wanted.requires })
  };
  if (held && held.kind !== wanted?.node.kind) {
    steps.push({ ...about, kind: 'delete', expect: held });
  }
  if (wanted?.source) {
    const expect = held?.kind === 'file' ? held : null;
    // Here, what is overwritten must be a version in the cloud first.
    const follows =
      wanted.source.side === 'merge' && side === 'local' ? ({ follows: 'cloud' } as const) : {};
    steps.push({ ...about, kind: 'put', source: wanted.source, expect, ...follows });
  } else if (wanted) {
    steps.push({ ...about, kind: 'mkdir' });
  }
  return steps;
}
