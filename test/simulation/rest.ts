import { hashOfText } from '../property/support/trees';
import { foldOf } from '../../src/sync/fold';
import type { Folding } from '../../src/sync/fold';
import { createIgnores } from '../../src/sync/ignore';
import { ancestorsOf, isWithin } from '../../src/sync/path';
import type { Problem } from '../../src/sync/problem';
import type { Device } from './device';
import { isListed } from './fake-disk';
import type { People } from './people';
import { ROOT } from './places';
import { Violation } from './violation';
import type { Writings } from './writings';

/** Problems that stay for as long as people leave the names that cause them. */
const EXCUSED = new Set<string>(['not-empty', 'not-visible', 'name-clash']);

const BOTH: Folding = { case: true, unicode: true };

type Texts = ReadonlyMap<string, string | null>;

/** Throws where a device's last run did not end well, or its folder is not what the cloud has. */
export function checkFolder(device: Device, all: Texts): void {
  const { report } = device.last ?? {};
  if (!report || (report.state !== 'synced' && report.state !== 'conflicts')) {
    const why = report?.problems.map(each => `${each.path}: ${each.code}`).join(', ');
    const isExcused = report?.state === 'partial' && isExcusable(report.problems);
    if (!isExcused) {
      throw new Violation(
        'convergence',
        `${device.name} ends ${report?.state ?? 'nowhere'}: ${why}`
      );
    }
  }
  const local = localTree(device, all);
  differ(`the folder of ${device.name}`, local, visibleTree(all), stayingOn(device, all));
}

/** Throws where what is remembered as agreed is not what the folder holds. */
export async function checkBase(device: Device, all: Texts): Promise<void> {
  const stays = stayingOn(device, all);
  const { base, intents } = await device.memory();
  const known = new Map([...base].map(([path, node]) => [path, node.sha256 ?? node.kind] as const));
  const held = new Map(
    [...localTree(device, all)].map(
      ([path, text]) => [path, text === null ? 'directory' : hashOfText(text)] as const
    )
  );
  // Below a name that can't be held nothing is learned, and so nothing forgotten.
  const lost = clashes(device.last).map(({ path }) => path);
  const told = [...known.keys()].filter(path => lost.some(top => isWithin(path, top)));
  differ(`the base of ${device.name}`, known, held, new Set([...stays, ...told]));
  if (intents.length > 0 && stays.size === 0) {
    throw new Violation('intents', `${device.name} still has ${intents.length} intents`);
  }
}

/** What a device's folder shows; where two forms of Unicode are one to its disk, in the cloud's. */
function localTree(
  { disk, last }: Pick<Device, 'disk' | 'last'>,
  all: Texts
): Map<string, string | null> {
  const tree = visibleTree(disk.tree(ROOT));
  if (!disk.traits.folding?.unicode) {
    return tree;
  }
  const lost = clashes(last).map(({ path }) => path);
  const held = [...all.keys()].filter(path => !lost.some(top => isWithin(path, top)));
  const forms = new Map(held.map(path => [path.normalize('NFD'), path]));
  return new Map(
    [...tree].map(([path, text]) => [
      held.includes(path) ? path : (forms.get(path.normalize('NFD')) ?? path),
      text
    ])
  );
}

/** Where the sides may differ for good: folders with what is left out, what is told, and conflicts that wait for a person. */
function stayingOn({ disk, last }: Pick<Device, 'disk' | 'last'>, all: Texts): ReadonlySet<string> {
  const tree = disk.tree(ROOT);
  const shown = visibleTree(tree);
  const [local, cloud] = [localTree({ disk, last }, all), visibleTree(all)];
  const unseen = [
    ...[...tree.keys()].filter(path => !shown.has(path)),
    ...[...all.keys()].filter(path => !cloud.has(path))
  ];
  const stays = new Set(unseen.flatMap(ancestorsOf));
  for (const { path, code } of last?.report.problems ?? []) {
    stays.add(path);
    // What waits for a name waits with all it holds.
    const waiting = [...cloud.keys()].filter(each => code === 'busy' && isWithin(each, path));
    waiting.forEach(each => stays.add(each));
  }
  for (const { path: lost } of clashes(last)) {
    // What was moved there in the cloud stays here where it was.
    const texts = new Set(
      [...cloud].flatMap(([path, text]) => (isWithin(path, lost) ? [text] : []))
    );
    for (const path of [...cloud.keys()].filter(each => isWithin(each, lost))) {
      stays.add(path);
    }
    for (const [path, text] of local) {
      if (text !== null && texts.has(text) && !cloud.has(path)) {
        // The disk may list it in another form of Unicode than the one that was agreed on.
        const forms = [path.normalize('NFC'), path.normalize('NFD'), path];
        forms.flatMap(each => [each, ...ancestorsOf(each)]).forEach(each => stays.add(each));
      }
    }
  }
  for (const { path, copy } of last?.report.conflicts ?? []) {
    if (copy === null) {
      stays.add(path);
      ancestorsOf(path).forEach(above => stays.add(above));
    }
  }
  return stays;
}

function clashes(last: Device['last']): readonly Problem[] {
  return last?.report.problems.filter(({ code }) => code === 'name-clash') ?? [];
}

/** Nothing but what people wrote, and no two copies of one content for one name. */
export function checkContents(
  all: Texts,
  devices: readonly Device[],
  people: People,
  writings: Writings
): void {
  const copies = new Map<string, string>();
  // Two writers that know nothing of each other may see what the other has half written.
  const isAtOnce = devices.some(({ traits }) => traits.tabs === 'at-once');
  const isTold = devices.some(device => device.wasInterrupted) || isAtOnce;
  const isExcused =
    people.touchedCopies || devices.some(device => device.hadCopyTrouble) || isAtOnce;
  for (const [path, text] of visibleTree(all)) {
    if (text === null) {
      continue;
    }
    if (!writings.has(text) && !(isTold && writings.isStart(text))) {
      throw new Violation('whole', `"${path}" holds "${text}", which nobody wrote`);
    }
    const [, stem = '', hex, end = ''] =
      /^(.*) \(conflict ([0-9a-f]{8})(?: \d+)?\)([^/]*)$/.exec(path) ?? [];
    const isNamedFor = hex !== undefined && hashOfText(text).startsWith(hex);
    if (hex !== undefined && !isNamedFor && !people.touchedCopies && !isTold) {
      throw new Violation('conflict-name', `"${path}" holds "${text}"`);
    }
    if (isNamedFor) {
      const key = `${stem}${end} ${hex}`;
      const twin = copies.get(key);
      if (twin !== undefined && !isExcused) {
        throw new Violation('conflict-economy', `"${path}" and "${twin}" keep one content`);
      }
      copies.set(key, path);
    }
  }
}

/**
 * A folder that holds what is ignored can't make room for a file, nor for what has its name in other letters where that is one: that
 * stays so, and is told.
 */
function isExcusable(problems: readonly Problem[]): boolean {
  const full = new Set(
    problems.flatMap(({ code, path }) => (code === 'not-empty' ? [foldOf(path, BOTH)] : []))
  );
  return problems.every(
    ({ code, path }) => EXCUSED.has(code) || (code === 'busy' && full.has(foldOf(path, BOTH)))
  );
}

const ignores = createIgnores({ patterns: [], syncHidden: false });

/** What is neither ignored nor of a name that Jupyter hides. */
function visibleTree(tree: Texts): Map<string, string | null> {
  const isLeftOut = (path: string) =>
    path.split('/').some(name => !isListed(name)) ||
    ancestorsOf(path).some(above => ignores(above, 'directory')) ||
    ignores(path, tree.get(path) === null ? 'directory' : 'file');
  return new Map([...tree].filter(([path]) => !isLeftOut(path)));
}

function differ(
  what: string,
  found: ReadonlyMap<string, string | null>,
  wanted: ReadonlyMap<string, string | null>,
  except: ReadonlySet<string>
): void {
  for (const path of new Set([...found.keys(), ...wanted.keys()])) {
    if (found.get(path) !== wanted.get(path) && !except.has(path)) {
      const [has, lacks] = [found, wanted].map(tree => JSON.stringify(tree.get(path)));
      throw new Violation('convergence', `${what} has ${has} at "${path}", not ${lacks}`);
    }
  }
}
