import { createHash } from 'node:crypto';

import { foldOf } from '../../src/sync/fold';
import type { Folding } from '../../src/sync/fold';
import { isHidden } from '../../src/sync/ignore';
import { ancestorsOf, isWithin, joinPath, nameOf, parentOf } from '../../src/sync/path';
import { Violation } from './violation';
import type { World } from './world';

/** What a Jupyter server answers beside success. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }
}

export interface DiskFile {
  readonly kind: 'file';
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Ms since the epoch, by the server's clock, as coarse as the file system keeps it. */
  readonly modified: number;
  /** False while it is being written, and after a write that broke off. */
  readonly whole: boolean;
  /** A person wrote it, and no program has since. */
  readonly byPerson: boolean;
  /** When it came there, in the world's time. */
  readonly writtenAt: number;
}

interface DiskFolder {
  readonly kind: 'directory';
  readonly modified: number;
}

export type DiskNode = DiskFile | DiskFolder;

/** A content that a request took away from where it was. */
export interface Destroyed {
  readonly path: string;
  readonly text: string;
  readonly file: DiskFile;
  /** Since when, in the world's time, what came there could go unseen by who took it away; null: it could not. */
  readonly since: number | null;
}

export interface DiskTraits {
  /** Of time stamps; ms. */
  readonly granularity: number;
  readonly trash: boolean;
  /** What the extension may touch, by folder. */
  readonly allowed: readonly string[];
  /** Which names it takes for one; null: none. */
  readonly folding: Folding | null;
}

/**
 * The files of one Jupyter server, with a contents manager's rules: no compare-and-swap, overwriting in place, hidden
 * names that are never shown. Paths are relative to the server's root.
 */
export class FakeDisk {
  constructor(
    readonly world: World,
    readonly traits: DiskTraits
  ) {}

  /** How far the server's clock is off; ms. */
  skew = 0;
  /** For so many more requests nothing new fits. */
  fullFor = 0;
  /** A path that the server may not touch. */
  cursed: string | null = null;
  /** What requests took away since this was last emptied. */
  readonly destroyed: Destroyed[] = [];
  readonly trash = new Map<string, DiskNode>();
  /** Since when a folder is set aside, in the world's time; null: none is. */
  asideSince: number | null = null;
  /** Requests that changed something, and those that gave or hashed content. */
  readonly counts = { writes: 0, reads: 0 };

  get(path: string): DiskNode | undefined {
    return this.#nodes.get(path);
  }

  /** What the server finds under the path, however it is spelled. */
  find(path: string): DiskNode | undefined {
    return this.#nodes.get(this.#there(path));
  }

  /** Whether any path ever held the content of this sha256: a file may be moved. */
  everHeld(sha256: string): boolean {
    return this.#held.has(sha256);
  }

  /** By path below `top`: text, or null for a folder. All that is there, hidden or not. */
  tree(top: string): Map<string, string | null> {
    const found = new Map<string, string | null>();
    for (const [path, node] of this.#nodes) {
      if (path !== top && isWithin(path, top)) {
        found.set(path.slice(top.length + 1), node.kind === 'file' ? textOf(node.bytes) : null);
      }
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Whether any file but the one at `except` holds this text. */
  holdsText(text: string, except: string | null): boolean {
    for (const [path, node] of this.#nodes) {
      if (path !== except && node.kind === 'file' && node.whole && textOf(node.bytes) === text) {
        return true;
      }
    }
    return [...(this.#aside ?? [])].some(
      ([, node]) => node.kind === 'file' && textOf(node.bytes) === text
    );
  }

  /** Microseconds, as Python tells them. */
  clock(): number {
    const now = this.world.now + this.skew;
    return now - (now % this.traits.granularity);
  }

  // What people do. Where it can't be done, nothing is.

  write(given: string, text: string): boolean {
    const path = this.#there(given);
    const there = this.#nodes.get(path);
    if (there?.kind === 'directory' || this.#isBelowFile(path)) {
      return false;
    }
    this.#makeFolders(parentOf(path));
    this.#set(path, file(bytesOf(text), this.clock(), true, this.world.now));
    return true;
  }

  remove(given: string): boolean {
    const path = this.#there(given);
    if (!this.#nodes.has(path)) {
      return false;
    }
    for (const below of this.#within(path)) {
      this.#nodes.delete(below);
    }
    return true;
  }

  makeFolder(given: string): boolean {
    const path = this.#there(given);
    if (this.#nodes.has(path) || this.#isBelowFile(path)) {
      return false;
    }
    this.#makeFolders(path);
    return true;
  }

  rename(source: string, target: string): boolean {
    const from = this.#there(source);
    const to = this.#newPlace(from, target);
    const isBlocked = this.#nodes.has(to) || this.#isBelowFile(to) || isWithin(to, from);
    // A file moved away while it is half written is beyond anyone's knowledge.
    const isHalf = this.#within(from).some(each => this.#isHalfWritten(each));
    if (!this.#nodes.has(from) || isBlocked || isHalf) {
      return false;
    }
    this.#makeFolders(parentOf(to));
    this.#carry(from, to);
    return true;
  }

  /** Someone takes a folder with all it holds elsewhere, and leaves nothing there, a file or an empty folder. */
  setAside(top: string, leave: 'nothing' | 'file' | 'folder'): boolean {
    const within = this.#within(top);
    const isHalf = within.some(each => this.#isHalfWritten(each));
    if (this.#aside || this.#nodes.get(top)?.kind !== 'directory' || isHalf) {
      return false;
    }
    this.#aside = new Map();
    this.asideSince = this.world.now;
    for (const path of within) {
      this.#aside.set(path, this.#nodes.get(path)!);
      this.#nodes.delete(path);
    }
    if (leave === 'folder') {
      this.#nodes.set(top, { kind: 'directory', modified: this.clock() });
    } else if (leave === 'file') {
      this.#set(top, file(bytesOf('no folder'), this.clock(), true, this.world.now));
    }
    return true;
  }

  /** It comes back; what has been made in its place meanwhile stays. */
  bringBack(top: string): void {
    if (!this.#aside) {
      return;
    }
    if (this.#nodes.get(top)?.kind === 'file') {
      this.#nodes.delete(top);
    }
    for (const [given, node] of [...this.#aside].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const path = this.#there(given);
      if (!this.#nodes.has(path) && !this.#isBelowFile(path)) {
        const isFile = node.kind === 'file';
        this.#nodes.set(path, isFile ? { ...node, writtenAt: this.world.now } : node);
      }
    }
    this.#aside = null;
    this.asideSince = null;
  }

  // What the server does.

  /** Throws a `Violation` for what is none of the extension's business. */
  check(path: string): void {
    const { allowed } = this.traits;
    if (!allowed.some(top => isWithin(path, top) || isWithin(top, path))) {
      throw new Violation('containment', `"${path}" was asked for`);
    }
    if (this.cursed !== null && path === this.cursed) {
      throw new Refusal(500, 'Permission trouble');
    }
  }

  look(path: string): DiskNode {
    this.check(path);
    const node = this.#nodes.get(this.#there(path));
    if (!node || isHidden(path)) {
      throw new Refusal(404, `No such file or directory: ${path}`);
    }
    return node;
  }

  children(given: string): string[] {
    const path = this.#there(given);
    const folder = this.look(path);
    if (folder.kind !== 'directory') {
      throw new Refusal(400, `${path} is not a directory`);
    }
    return [...this.#nodes.keys()].filter(
      each => each !== '' && parentOf(each) === path && each !== path && isListed(nameOf(each))
    );
  }

  /** An overwrite: the file is emptied, or holds a start of the new content, before it holds all. */
  beginPut(given: string, bytes: Uint8Array<ArrayBuffer>, since: number | null): void {
    const path = this.#there(given);
    this.#refuseHidden(path);
    const there = this.#nodes.get(path);
    if (there?.kind === 'directory') {
      throw new Refusal(400, `${path} is a directory`);
    }
    if (parentOf(path) !== '' && this.#nodes.get(parentOf(path))?.kind !== 'directory') {
      throw new Refusal(500, `No such file or directory: ${path}`);
    }
    this.counts.writes += 1;
    if (this.fullFor > 0 && !(there?.kind === 'file' && there.bytes.length >= bytes.length)) {
      this.fullFor -= 1;
      if (!there) {
        const part = bytes.slice(0, this.world.random.below(Math.max(1, bytes.length)));
        this.#set(path, { ...this.#written(part), whole: false });
      }
      throw new Refusal(500, `[Errno 28] No space left on device: ${path}`);
    }
    this.#destroy(path, since, bytes);
    const part = bytes.slice(0, this.world.random.chance(0.5) ? 0 : bytes.length >> 1);
    this.#set(path, { ...this.#written(part), whole: false });
  }

  endPut(given: string, bytes: Uint8Array<ArrayBuffer>, since: number | null): void {
    const path = this.#there(given);
    if (this.#nodes.get(path)?.kind === 'directory') {
      throw new Refusal(500, `Is a directory: ${path}`);
    }
    if (this.#nodes.get(parentOf(path))?.kind !== 'directory') {
      // The file that is open has no name any more.
      return;
    }
    this.#destroy(path, since, bytes);
    this.#set(path, this.#written(bytes));
  }

  putFolder(given: string): void {
    const path = this.#there(given);
    this.#refuseHidden(path);
    if (parentOf(path) !== '' && this.#nodes.get(parentOf(path))?.kind !== 'directory') {
      throw new Refusal(500, `No such file or directory: ${path}`);
    }
    if (this.#nodes.get(path)?.kind === 'file') {
      throw new Refusal(400, `Not a directory: ${path}`);
    }
    if (!this.#nodes.has(path)) {
      this.counts.writes += 1;
      this.#nodes.set(path, { kind: 'directory', modified: this.clock() });
    }
  }

  delete(given: string, since: number | null): void {
    const path = this.#there(given);
    this.#refuseHidden(path);
    const node = this.look(path);
    const within = this.#within(path);
    const kept = within.filter(each => each !== path && nameOf(each) !== '.ipynb_checkpoints');
    if (!this.traits.trash && node.kind === 'directory' && kept.length > 0) {
      throw new Refusal(400, `Directory ${path} not empty`);
    }
    this.counts.writes += 1;
    for (const each of within) {
      const taken = this.#nodes.get(each);
      this.#destroy(each, since);
      if (taken && this.traits.trash) {
        this.trash.set(`${each} ${this.world.served}`, taken);
      }
      this.#nodes.delete(each);
    }
  }

  move(source: string, target: string): void {
    const from = this.#there(source);
    const to = this.#newPlace(from, target);
    this.#refuseHidden(from);
    this.#refuseHidden(to);
    this.look(from);
    if (this.#nodes.has(to)) {
      throw new Refusal(409, `File already exists: ${to}`);
    }
    if (parentOf(to) !== '' && this.#nodes.get(parentOf(to))?.kind !== 'directory') {
      throw new Refusal(404, `No such file or directory: ${to}`);
    }
    this.counts.writes += 1;
    this.#carry(from, to);
    const checkpoints = `${parentOf(from)}/.ipynb_checkpoints`;
    this.#nodes.set(checkpoints, { kind: 'directory', modified: this.clock() });
  }

  /** Under which name the disk has, or would put, what is asked for by this one. */
  #there(path: string): string {
    const { folding } = this.traits;
    if (!folding || path === '' || this.#nodes.has(path)) {
      return path;
    }
    const own = joinPath(this.#there(parentOf(path)), nameOf(path));
    const key = foldOf(own, folding);
    return this.#nodes.has(own)
      ? own
      : ([...this.#nodes.keys()].find(each => foldOf(each, folding) === key) ?? own);
  }

  /** Where something goes that is renamed: a new spelling of its own name is free. */
  #newPlace(from: string, to: string): string {
    const there = this.#there(to);
    return there === from ? joinPath(this.#there(parentOf(to)), nameOf(to)) : there;
  }

  #refuseHidden(path: string): void {
    this.check(path);
    if (isHidden(path)) {
      throw new Refusal(400, `${path} is hidden`);
    }
  }

  #destroy(path: string, since: number | null, by?: Uint8Array): void {
    const there = this.#nodes.get(path);
    if (there?.kind === 'file' && by && textOf(by).startsWith(textOf(there.bytes))) {
      // Not a byte is lost of what is the start of the new content: so is what a person leaves who takes the end off a file
      // whose write was announced, which can't be told from one that was cut short.
      return;
    }
    // What Jupyter never lists goes along with its folder: a limit of the contents API.
    if (there?.kind === 'file' && there.whole && path.split('/').every(isListed)) {
      this.destroyed.push({ path, text: textOf(there.bytes), file: there, since });
    }
  }

  #written(bytes: Uint8Array<ArrayBuffer>): DiskFile {
    return file(bytes, this.clock(), false, this.world.now);
  }

  #set(path: string, node: DiskFile): void {
    this.#nodes.set(path, node);
    this.#held.add(createHash('sha256').update(node.bytes).digest('hex'));
    this.#stamps.add(`${path} ${node.bytes.length} ${node.modified}`);
  }

  /** Two contents of one size and one time stamp under one name can't be told apart: people don't make them. */
  #freshTime(path: string, size: number): number {
    let time = this.clock();
    while (this.#stamps.has(`${path} ${size} ${time}`) && this.traits.granularity > 1) {
      this.world.now += this.traits.granularity;
      time = this.clock();
    }
    return time;
  }

  #carry(from: string, to: string): void {
    for (const each of this.#within(from)) {
      const node = this.#nodes.get(each);
      this.#nodes.delete(each);
      const path = to + each.slice(from.length);
      if (node?.kind === 'file') {
        const isTwin = this.#stamps.has(`${path} ${node.bytes.length} ${node.modified}`);
        const modified = isTwin ? this.#freshTime(path, node.bytes.length) : node.modified;
        this.#set(path, { ...node, modified, writtenAt: this.world.now });
      } else if (node) {
        this.#nodes.set(path, node);
      }
    }
  }

  #isHalfWritten(path: string): boolean {
    const node = this.#nodes.get(path);
    return node?.kind === 'file' && !node.whole;
  }

  #makeFolders(path: string): void {
    for (const each of path === '' ? [] : [...ancestorsOf(path), path]) {
      if (!this.#nodes.has(each)) {
        this.#nodes.set(each, { kind: 'directory', modified: this.clock() });
      }
    }
  }

  #within(top: string): string[] {
    return [...this.#nodes.keys()].filter(path => isWithin(path, top));
  }

  #isBelowFile(path: string): boolean {
    return ancestorsOf(path).some(above => this.#nodes.get(above)?.kind === 'file');
  }

  readonly #nodes = new Map<string, DiskNode>([['', { kind: 'directory', modified: 0 }]]);
  readonly #held = new Set<string>();
  readonly #stamps = new Set<string>();
  #aside: Map<string, DiskNode> | null = null;
}

function file(
  bytes: Uint8Array<ArrayBuffer>,
  modified: number,
  byPerson: boolean,
  writtenAt: number
): DiskFile {
  return { kind: 'file', bytes, modified, whole: true, byPerson, writtenAt };
}

/** Contents in the simulation are ASCII, but for the state's. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** Jupyter's `hide_globs`, and names that start with a dot. */
export function isListed(name: string): boolean {
  return !name.startsWith('.') && name !== '__pycache__' && !/(\.pyc|\.pyo|~)$/.test(name);
}
