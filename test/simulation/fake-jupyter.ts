import { createHash } from 'node:crypto';

import type { Contents } from '@jupyterlab/services';
import { ContentsManager, ServerConnection } from '@jupyterlab/services';

import { nameOf } from '../../src/sync/path';
import type { DiskNode, FakeDisk } from './fake-disk';
import { Refusal } from './fake-disk';
import type { Fault, Page } from './world';

const BASE_URL = 'http://jupyter.test/';

export interface JupyterTraits {
  /** Whether the server hashes files. */
  readonly hashes: boolean;
  /** Whether it gives raw bytes. */
  readonly raw: boolean;
  /** Whether listings come in reverse. */
  readonly reversed: boolean;
}

interface Look {
  readonly type: string | undefined;
  readonly content: boolean;
  readonly hash: boolean;
  readonly what: 'hash' | 'get' | 'stat';
}

/** The contents manager of one page, over the files of a server. */
export class FakeContents extends ContentsManager {
  constructor(options: FakeContents.IOptions) {
    super({ serverSettings: options.settings });
    this.#disk = options.disk;
    this.#page = options.page;
    this.#traits = options.traits;
    this.#windowOf = options.windowOf;
    this.#onDelete = options.onDelete;
    this.#onWrite = options.onWrite;
    this.#onCheck = options.onCheck;
  }

  override async get(path: string, options: Contents.IFetchOptions = {}): Promise<Contents.IModel> {
    const { type, content = true, hash = false } = options;
    const what = hash ? 'hash' : content ? 'get' : 'stat';
    try {
      return await this.#get(path, { type, content, hash, what });
    } catch (error) {
      if (what !== 'stat' && error instanceof ServerConnection.NetworkError) {
        this.#unseen.add(path);
      }
      throw error;
    }
  }

  #get(path: string, { type, content, hash, what }: Look): Promise<Contents.IModel> {
    return this.#ask(`${what} ${path}`, [
      () => {
        // A file that could not be read is looked for in the cheaper way.
        if (what !== 'stat' || this.#unseen.delete(path)) {
          this.#onCheck(path);
        }
        const node = this.#disk.look(path);
        if (node.kind === 'directory') {
          if (hash || type === 'file') {
            throw new Refusal(type === 'file' ? 400 : 500, `${path} is a directory`);
          }
          return content ? this.#listing(path) : modelOf(path, node);
        }
        if (type === 'directory') {
          throw new Refusal(400, `${path} is not a directory`);
        }
        return this.#fileModel(path, node, content, hash && this.#traits.hashes);
      }
    ]);
  }

  override save(path: string, model: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    if (model.type === 'directory') {
      return this.#ask(`mkdir ${path}`, [
        () => {
          this.#onWrite(path);
          this.#disk.putFolder(path);
          return modelOf(path, this.#disk.look(path));
        }
      ]);
    }
    const bytes = new Uint8Array(Buffer.from(String(model.content), 'base64'));
    const since = this.#windowOf(path);
    return this.#ask(`put ${path} (${bytes.length})`, [
      () => {
        this.#onWrite(path);
        this.#disk.beginPut(path, bytes, since);
        return modelOf(path, this.#disk.look(path));
      },
      () => {
        this.#disk.endPut(path, bytes, since);
        const node = this.#disk.find(path);
        if (!node) {
          throw new Refusal(500, `${path} went away`);
        }
        return modelOf(path, node);
      }
    ]);
  }

  override delete(path: string): Promise<void> {
    const since = this.#windowOf(path);
    return this.#ask(`delete ${path}`, [
      () => {
        this.#onWrite(path);
        this.#onDelete(path);
        this.#disk.delete(path, since);
      }
    ]);
  }

  override rename(from: string, to: string): Promise<Contents.IModel> {
    return this.#ask(`rename ${from} > ${to}`, [
      () => {
        this.#onWrite(from);
        this.#disk.move(from, to);
        return modelOf(to, this.#disk.look(to));
      }
    ]);
  }

  override getDownloadUrl(path: string): Promise<string> {
    return Promise.resolve(
      this.#traits.raw
        ? `${BASE_URL}files/${path.split('/').map(encodeURIComponent).join('/')}`
        : ''
    );
  }

  #fileModel(
    path: string,
    node: Extract<DiskNode, { kind: 'file' }>,
    content: boolean,
    hash: boolean
  ): Contents.IModel {
    this.#disk.counts.reads += content || hash ? 1 : 0;
    const sha256 = hash ? createHash('sha256').update(node.bytes).digest('hex') : undefined;
    return {
      ...modelOf(path, node),
      ...(content && { format: 'base64' as const, content: base64(node.bytes) }),
      ...(sha256 !== undefined && { hash: sha256, hash_algorithm: 'sha256' })
    };
  }

  #listing(path: string): Contents.IModel {
    const children = this.#disk.children(path).map(each => modelOf(each, this.#disk.look(each)));
    const content = this.#traits.reversed ? children.reverse() : children;
    return { ...modelOf(path, { kind: 'directory', modified: 0 }), format: 'json', content };
  }

  async #ask<T>(label: string, phases: readonly (() => T)[]): Promise<T> {
    try {
      return await this.#disk.world.request<T>({
        page: this.#page,
        to: 'jupyter',
        label,
        phases,
        suffers: fault => jupyterSuffers(fault, label),
        suffer: fault => {
          if (fault.kind === 'status') {
            throw new Refusal(fault.status, 'made up by the test');
          }
          return sufferClock(this.#disk, fault, phases);
        },
        networkError: () => new ServerConnection.NetworkError(new TypeError('Failed to fetch'))
      });
    } catch (error) {
      if (error instanceof Refusal) {
        const response = new Response(null, { status: error.status });
        throw new ServerConnection.ResponseError(response, error.message);
      }
      throw error;
    }
  }

  /** Files whose last reading was lost on the way. */
  readonly #unseen = new Set<string>();
  readonly #disk: FakeDisk;
  readonly #page: Page;
  readonly #traits: JupyterTraits;
  readonly #windowOf: (path: string) => number | null;
  readonly #onDelete: (path: string) => void;
  readonly #onWrite: (path: string) => void;
  readonly #onCheck: (path: string) => void;
}

export namespace FakeContents {
  export interface IOptions {
    readonly disk: FakeDisk;
    readonly page: Page;
    readonly traits: JupyterTraits;
    readonly settings: ServerConnection.ISettings;
    /** Since when, in the world's time, who asks now for a change of the path may have missed an edit; null: never. */
    readonly windowOf: (path: string) => number | null;
    /** Told what is about to be deleted. */
    readonly onDelete: (path: string) => void;
    /** Told what is about to be written, made, deleted or moved. */
    readonly onWrite: (path: string) => void;
    /** Told of what a request is about to learn what it holds. */
    readonly onCheck: (path: string) => void;
  }
}

function jupyterSuffers(fault: Fault, label: string): boolean {
  switch (fault.kind) {
    case 'cut':
    case 'short-page':
    case 'silence':
      return false;
    case 'kill':
    case 'disk-full':
      return label.startsWith('put ');
    case 'status':
      return fault.status !== 429;
    default:
      return true;
  }
}

function sufferClock<T>(disk: FakeDisk, fault: Fault, phases: readonly (() => T)[]): T {
  if (fault.kind === 'clock') {
    disk.skew += fault.shift;
  } else if (fault.kind === 'disk-full') {
    disk.fullFor = fault.requests;
  }
  const values = phases.map(perform => perform());
  return values[values.length - 1]!;
}

/** What `ServerConnection.makeRequest` sends for a page: the clock, and raw bytes. */
export function settingsFor(disk: FakeDisk, page: Page, traits: JupyterTraits) {
  return ServerConnection.makeSettings({
    baseUrl: BASE_URL,
    appendToken: false,
    token: '',
    fetch: async input => {
      const { pathname } = new URL(input instanceof Request ? input.url : String(input));
      const path = decodeURIComponent(pathname).replace(/^\/files\//, '');
      const isClock = pathname === '/api';
      const serve = (): Response => {
        if (isClock) {
          const headers = { Date: new Date(disk.world.now + disk.skew).toUTCString() };
          return Response.json({ version: '2' }, { headers });
        }
        const node = disk.find(path);
        disk.check(path);
        if (node?.kind !== 'file' || !traits.raw) {
          return new Response(null, { status: 404 });
        }
        disk.counts.reads += 1;
        return new Response(node.bytes);
      };
      const label = isClock ? 'clock' : `raw ${path}`;
      return disk.world.request<Response>({
        page,
        to: 'jupyter',
        label,
        phases: [
          () => {
            try {
              return serve();
            } catch (error) {
              if (error instanceof Refusal) {
                return new Response(null, { status: error.status });
              }
              throw error;
            }
          }
        ],
        suffers: fault => fault.kind === 'cut' || jupyterSuffers(fault, label),
        suffer: async fault => {
          if (fault.kind === 'status') {
            return new Response(null, { status: fault.status });
          }
          if (fault.kind === 'cut') {
            const whole = new Uint8Array(await serve().arrayBuffer());
            return new Response(whole.slice(0, whole.length >> 1));
          }
          return sufferClock(disk, fault, [serve]);
        },
        networkError: () => new TypeError('Failed to fetch')
      });
    }
  });
}

function modelOf(path: string, node: DiskNode): Contents.IModel {
  const time = new Date(node.modified).toISOString().replace('Z', '000Z');
  return {
    name: nameOf(path),
    path,
    type: node.kind,
    created: time,
    last_modified: time,
    writable: true,
    mimetype: '',
    format: null,
    content: null,
    ...(node.kind === 'file' && { size: node.bytes.length })
  };
}

function base64(bytes: Uint8Array<ArrayBuffer>): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
