import { createHash, randomUUID } from 'node:crypto';

import type {
  CloudFile,
  CommitOperation,
  CommitRequest,
  CommitResult
} from '../../src/cloud/schemas';
import { ancestorsOf, invalidPath, isWithin } from '../../src/sync/path';
import type { Answer, Cloud } from './cloud';

const ORIGIN = 'http://cloud.test';
const API = '/api/projects';
const OPERATOR = { id: randomUUID(), name: 'alice' };

interface Version {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  state: 'announced' | 'uploaded' | 'committed';
  committedAs: string | null;
}

export interface MemoryCloudTraits {
  /** Items in one page of a list. */
  readonly pageSize: number;
  readonly now: () => number;
  /** A fresh UUID. */
  readonly id: () => string;
}

/**
 * The Projects API with the extensions that the engine uses, over Maps: quick enough for many thousand simulated runs.
 * It passes the conformance suite that the real server passes.
 */
export class MemoryCloud implements Cloud {
  constructor(traits: MemoryCloudTraits) {
    this.#traits = traits;
    this.projectId = traits.id();
    this.#epoch = traits.id();
  }

  readonly baseUrl = ORIGIN + API;
  readonly key = 'key';
  readonly projectId: string;

  handle(method: string, target: string, _headers: Headers, body: Uint8Array): Promise<Answer> {
    const url = new URL(target);
    const rest = decodeURIComponent(url.pathname).slice(API.length);
    return Promise.resolve(this.#route(method, rest, url, body));
  }

  #route(method: string, rest: string, url: URL, body: Uint8Array): Answer {
    const inProject = rest.startsWith(`/${this.projectId}`)
      ? rest.slice(this.projectId.length + 1)
      : null;
    const upload = /^\/storage\/([^/]+)$/.exec(rest)?.[1];
    if (method === 'PUT' && upload !== undefined) {
      return this.#receive(upload, body);
    }
    if (rest === '/capabilities') {
      return json(200, {
        api: 'projects',
        version: '1',
        features: ['files', 'conditions', 'changes', 'batch', 'commits', 'versions'],
        limits: { max_file_size: 1 << 30, part_size: 1 << 24, max_commit_operations: 1000 }
      });
    }
    if (inProject === null) {
      return refusal(404, 'not_found');
    }
    const content = /^\/files\/(.+)$/.exec(inProject)?.[1];
    const version = /^\/file-versions\/([^/]+)\/content$/.exec(inProject)?.[1];
    if (method === 'GET' && content !== undefined) {
      const file = this.#files.get(content);
      return file?.kind === 'file' && !file.deleted
        ? this.#content(file.sha256 ?? '', file.file_version_id)
        : refusal(404, 'not_found');
    }
    if (method === 'GET' && version !== undefined) {
      const { sha256, state } = this.#versions.get(version) ?? {};
      return sha256 !== undefined && state === 'committed'
        ? this.#content(sha256, version)
        : refusal(404, 'not_found');
    }
    switch (`${method} ${inProject}`) {
      case 'GET ':
        return json(200, { ...this.#project(), epoch: this.#epoch, revision: this.#revision });
      case 'GET /files':
        return this.#list(url);
      case 'GET /changes':
        return this.#changes(url);
      case 'GET /file-versions':
        return this.#listVersions(url.searchParams.get('path') ?? '');
      case 'POST /file-preloads':
        return this.#announce(JSON.parse(Buffer.from(body).toString()) as Announcement);
      case 'POST /commits':
        return this.#commit(JSON.parse(Buffer.from(body).toString()) as CommitRequest);
      default:
        return refusal(404, 'not_found');
    }
  }

  write(path: string, text: string): Promise<boolean> {
    const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
    const sha256 = hashOf(bytes);
    this.#blobs.set(sha256, bytes);
    const version: Version = {
      id: this.#traits.id(),
      path,
      size: bytes.length,
      sha256,
      state: 'uploaded',
      committedAs: null
    };
    this.#versions.set(version.id, version);
    return this.#person({
      op: 'put',
      path,
      file_version_id: version.id,
      if_version: this.#at(path)?.file_version_id ?? null
    });
  }

  async remove(path: string): Promise<boolean> {
    const within = [...this.#files.values()]
      .filter(file => !file.deleted && isWithin(file.path, path))
      .sort((a, b) => (a.path < b.path ? 1 : -1));
    for (const file of within) {
      await this.#person({ op: 'delete', path: file.path, if_version: file.file_version_id });
    }
    return within.length > 0;
  }

  makeFolder(path: string): Promise<boolean> {
    return this.#person({ op: 'mkdir', path });
  }

  rename(from: string, to: string): Promise<boolean> {
    const if_version = this.#at(from)?.file_version_id;
    return if_version === undefined
      ? Promise.resolve(false)
      : this.#person({ op: 'move', from, to, if_version });
  }

  forgetChanges(): Promise<void> {
    this.#changesFrom = this.#revision + 1;
    return Promise.resolve();
  }

  tree(): Promise<Map<string, string | null>> {
    const found = [...this.#files.values()].filter(file => !file.deleted);
    return Promise.resolve(
      new Map(
        found
          .map(file => [file.path, file.sha256 === null ? null : this.#text(file.sha256)] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1))
      )
    );
  }

  keeps(text: string): Promise<boolean> {
    const sha256 = hashOf(Buffer.from(text, 'latin1'));
    return Promise.resolve(this.#kept.has(sha256));
  }

  fileAt(path: string): ReturnType<Cloud['fileAt']> {
    const file = this.#at(path);
    return file?.kind === 'file'
      ? {
          version: file.file_version_id,
          since: Date.parse(file.updated_at),
          text: this.#text(file.sha256 ?? '')
        }
      : null;
  }

  textOf(id: string): Promise<string | null> {
    const version = this.#versions.get(id);
    return Promise.resolve(version?.state === 'committed' ? this.#text(version.sha256) : null);
  }

  everHeld(sha256: string): Promise<boolean> {
    return Promise.resolve(this.#kept.has(sha256));
  }

  #person(operation: CommitOperation): Promise<boolean> {
    return Promise.resolve(this.#apply(operation).status === 'applied');
  }

  #content(sha256: string, version: string): Answer {
    const bytes = this.#blobs.get(sha256);
    return bytes
      ? {
          status: 200,
          headers: { 'Content-Type': 'application/octet-stream', ETag: `"${version}"` },
          bytes
        }
      : refusal(404, 'not_found');
  }

  #receive(id: string, body: Uint8Array): Answer {
    const version = this.#versions.get(id);
    if (!version) {
      return refusal(404, 'not_found');
    }
    const bytes = new Uint8Array(body);
    if (hashOf(bytes) !== version.sha256) {
      return refusal(422, 'content_mismatch');
    }
    this.#blobs.set(version.sha256, bytes);
    version.state = version.state === 'announced' ? 'uploaded' : version.state;
    return { status: 200, headers: {}, bytes: new Uint8Array() };
  }

  #list(url: URL): Answer {
    const [told = '', after = ''] = (url.searchParams.get('cursor') ?? '').split('|');
    const revision = told === '' ? this.#revision : Number(told);
    const whole =
      told === ''
        ? [...this.#files.values()]
            .filter(file => !file.deleted)
            .sort((a, b) => (a.path < b.path ? -1 : 1))
        : this.#listings.get(revision);
    if (!whole) {
      return refusal(410, 'revision_expired');
    }
    this.#listings.set(revision, whole);
    const items = whole.filter(file => file.path > after).slice(0, this.#traits.pageSize);
    const last = items[items.length - 1];
    const more = last !== undefined && last !== whole[whole.length - 1];
    const next = new URL(url);
    next.searchParams.set('cursor', `${revision}|${last?.path ?? ''}`);
    return json(200, {
      items,
      total_count: whole.length,
      num_items: items.length,
      next_page_url: more ? next.href : null,
      prev_page_url: null,
      revision,
      epoch: this.#epoch
    });
  }

  #changes(url: URL): Answer {
    const since = Number(url.searchParams.get('since'));
    const epoch = url.searchParams.get('epoch');
    if ((epoch !== null && epoch !== this.#epoch) || since > this.#revision) {
      return refusal(410, 'epoch_changed');
    }
    if (since < this.#changesFrom) {
      return refusal(410, 'revision_expired');
    }
    const changed = [...this.#files.values()]
      .filter(file => file.revision > since)
      .sort((a, b) => a.revision - b.revision);
    const items = changed.slice(0, this.#traits.pageSize);
    const more = changed.length > items.length;
    const revision = more ? (items[items.length - 1]?.revision ?? since) : this.#revision;
    return json(200, { items, revision, has_more: more, epoch: this.#epoch });
  }

  /** Those of the files that are or were at the path, up to when they left it. */
  #listVersions(path: string): Answer {
    const items: object[] = [];
    const listed = new Set<string>();
    const left = new Map<string, number>();
    for (const { path: at, file_id: id, until } of this.#history) {
      if (at === path) {
        left.set(id, Math.max(left.get(id) ?? 0, until));
      }
    }
    for (const held of [...this.#history].reverse()) {
      const { file_id, file_version_id, size, sha256, revision } = held;
      if (sha256 === null || revision >= (left.get(file_id) ?? 0) || listed.has(file_version_id)) {
        continue;
      }
      listed.add(file_version_id);
      const made = { created_at: this.#time(), created_by: OPERATOR };
      items.push({ file_version_id, file_id, path: held.path, size, sha256, ...made });
    }
    const envelope = { total_count: items.length, num_items: items.length, next_page_url: null };
    return json(200, { items, ...envelope });
  }

  #announce({ files }: Announcement): Answer {
    const bad = files.find(file => invalidPath(file.path) !== null);
    if (bad) {
      return refusal(422, 'invalid_path');
    }
    const items = files.map(({ path, size, sha256 }) => {
      const isHeld = this.#blobs.has(sha256);
      const id = this.#traits.id();
      const state = isHeld ? 'uploaded' : 'announced';
      this.#versions.set(id, { id, path, size, sha256, state, committedAs: null });
      const url = isHeld ? null : `${this.baseUrl}/storage/${id}`;
      return { path, file_version_id: id, signed_url: url };
    });
    return json(200, { items });
  }

  #commit({ idempotency_key: key, operations }: CommitRequest): Answer {
    const earlier = this.#commits.get(key);
    if (earlier) {
      return earlier;
    }
    const results = operations.map(operation => this.#apply(operation));
    const answer = json(200, { revision: this.#revision, results });
    this.#commits.set(key, answer);
    return answer;
  }

  #apply(operation: CommitOperation): CommitResult {
    const path = operation.op === 'move' ? operation.to : operation.path;
    const result = (
      status: CommitResult['status'],
      file: CloudFile | null = this.#at(path) ?? null
    ): CommitResult => ({ path, status, file });
    const fault =
      invalidPath(path) ?? (operation.op === 'move' ? invalidPath(operation.from) : null);
    if (fault !== null) {
      return { ...result('invalid', null), message: fault };
    }
    const current = this.#at(path);
    const isBlocked = ancestorsOf(path).some(above => this.#at(above)?.kind === 'file');
    switch (operation.op) {
      case 'put': {
        const version = this.#versions.get(operation.file_version_id);
        if (!version || version.state === 'announced') {
          return result('missing_content');
        }
        if (current?.file_version_id === version.id) {
          return result('applied');
        }
        if ((current?.file_version_id ?? null) !== operation.if_version) {
          return result('conflict');
        }
        if (isBlocked || current?.kind === 'directory') {
          return result('conflict', current ?? null);
        }
        this.#makeFolders(path);
        const id = current?.file_id ?? this.#traits.id();
        version.state = 'committed';
        version.committedAs = id;
        const { size, sha256 } = version;
        this.#record({
          path,
          file_id: id,
          kind: 'file',
          size,
          sha256,
          file_version_id: version.id
        });
        return result('applied');
      }
      case 'delete':
        if (!current || current.file_version_id !== operation.if_version) {
          return result('conflict');
        }
        if (this.#below(path).length > 0) {
          return result('conflict');
        }
        this.#drop(current);
        return result('applied', null);
      case 'mkdir':
        if (current) {
          return result(current.kind === 'directory' ? 'applied' : 'conflict');
        }
        if (isBlocked) {
          return result('conflict', null);
        }
        this.#makeFolders(path);
        this.#makeFolder(path);
        return result('applied');
      case 'move': {
        const source = this.#at(operation.from);
        if (isWithin(path, operation.from)) {
          return result('invalid', null);
        }
        if (!source) {
          return result('conflict');
        }
        if (source.file_version_id !== operation.if_version) {
          return result('conflict', source);
        }
        if (current || isBlocked) {
          return result('conflict', current ?? null);
        }
        const below = this.#below(operation.from);
        this.#makeFolders(path);
        for (const each of [source, ...below]) {
          this.#drop(each);
          const isFolder = each.kind === 'directory';
          this.#record({
            ...each,
            path: path + each.path.slice(operation.from.length),
            file_version_id: isFolder ? this.#traits.id() : each.file_version_id
          });
        }
        return result('applied');
      }
    }
  }

  #at(path: string): CloudFile | undefined {
    const file = this.#files.get(path);
    return file?.deleted ? undefined : file;
  }

  #below(path: string): CloudFile[] {
    return [...this.#files.values()].filter(
      file => !file.deleted && file.path !== path && isWithin(file.path, path)
    );
  }

  #makeFolders(path: string): void {
    for (const above of ancestorsOf(path)) {
      if (!this.#at(above)) {
        this.#makeFolder(above);
      }
    }
  }

  #makeFolder(path: string): void {
    const [file_id, file_version_id] = [this.#traits.id(), this.#traits.id()];
    this.#record({ path, file_id, kind: 'directory', size: 0, sha256: null, file_version_id });
  }

  #drop(file: CloudFile): void {
    this.#revision += 1;
    this.#endHistory(file.path);
    this.#files.set(file.path, { ...file, deleted: true, revision: this.#revision });
  }

  #record(file: Recorded): void {
    this.#revision += 1;
    const { path, file_id, kind, size, sha256, file_version_id } = file;
    const time = this.#time();
    this.#endHistory(path);
    this.#history.push({ ...file, revision: this.#revision, until: Infinity });
    this.#files.set(path, {
      file_id,
      path,
      kind,
      size,
      sha256,
      file_version_id,
      revision: this.#revision,
      created_at: time,
      updated_at: time,
      updated_by: OPERATOR
    });
    if (sha256 !== null) {
      this.#kept.add(sha256);
    }
  }

  #endHistory(path: string): void {
    const open = this.#history.findLast(held => held.path === path);
    if (open && open.until === Infinity) {
      open.until = this.#revision;
    }
  }

  #text(sha256: string): string {
    return Buffer.from(this.#blobs.get(sha256) ?? []).toString('latin1');
  }

  #time(): string {
    return new Date(this.#traits.now()).toISOString();
  }

  #project() {
    const time = this.#time();
    const owner = { type: 'user', ...OPERATOR };
    return { id: this.projectId, name: 'p', owner, created_at: time, updated_at: time };
  }

  readonly #traits: MemoryCloudTraits;
  readonly #epoch: string;
  #revision = 0;
  #changesFrom = 0;
  /** What paths hold, or held before they were deleted. */
  readonly #files = new Map<string, CloudFile>();
  readonly #versions = new Map<string, Version>();
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #commits = new Map<string, Answer>();
  readonly #listings = new Map<number, CloudFile[]>();
  /** What paths held, from a revision on, until another. */
  readonly #history: Held[] = [];
  readonly #kept = new Set<string>();
}

type Recorded = Pick<
  CloudFile,
  'path' | 'file_id' | 'kind' | 'size' | 'sha256' | 'file_version_id'
>;

interface Held extends Recorded {
  readonly revision: number;
  until: number;
}

interface Announcement {
  readonly files: readonly {
    readonly path: string;
    readonly size: number;
    readonly sha256: string;
  }[];
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function json(status: number, value: unknown): Answer {
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(value)));
  return { status, headers: { 'Content-Type': 'application/json' }, bytes };
}

function refusal(status: number, code: string): Answer {
  return json(status, { error: { code, message: code } });
}
