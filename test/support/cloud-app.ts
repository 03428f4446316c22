import { createHash, randomUUID } from 'node:crypto';

import {
  type CloudFile,
  type CloudProject,
  CommitAnswer,
  type CommitResult,
  type FileVersion,
  type Owner,
  type Preload
} from '../../src/cloud/schemas';
import type { PostgresAddress } from '../../server/src/database/postgres-address';
import type { ServerOptions } from '../../server/src/options';
import { createServer, type ProjectsServer } from '../../server/src/server';

export const ORIGIN = 'http://cloud.test';
export const BASE = `${ORIGIN}/api/projects`;

/** Fields that answers have, each of them some: a test reads those of the call it makes. */
export interface AnswerFields {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly path: string;
    readonly current: CloudFile | null;
  };
  readonly id: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly owner: Owner;
  readonly epoch: string;
  readonly own: boolean;
  readonly items: readonly (CloudFile & Preload & FileVersion & CloudProject)[];
  readonly total_count: number;
  readonly num_items: number;
  readonly next_page_url: string | null;
  readonly revision: number;
  readonly has_more: boolean;
  readonly results: readonly CommitResult[];
}

/** An answer, read whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Parsed; {} where the answer is not JSON. */
  readonly body: AnswerFields;
}

/** One person's calls to a cloud that runs in the test's own process. */
export class Caller {
  constructor(
    readonly server: Pick<ProjectsServer, 'fetch'>,
    readonly id: string,
    readonly key: string | null
  ) {}

  /** @param path - under the API base, or absolute. */
  async call(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {}
  ): Promise<Reply> {
    const { body, headers = {} } = options;
    const isBytes = body instanceof Uint8Array;
    const answer = await this.server.fetch(
      new Request(path.startsWith('http') ? path : `${BASE}${path}`, {
        method,
        headers: { ...(this.key ? { Authorization: `Bearer ${this.key}` } : {}), ...headers },
        body: body === undefined ? null : isBytes ? new Uint8Array(body) : JSON.stringify(body)
      })
    );
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return {
      status: answer.status,
      headers: answer.headers,
      bytes,
      body: JSON.parse(isJson && bytes.length > 0 ? bytes.toString() : '{}') as AnswerFields
    };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.call('GET', path, { headers });
  }

  post(path: string, body: unknown): Promise<Reply> {
    return this.call('POST', path, { body });
  }

  /** A new project of theirs; its id. */
  async project(fields: Record<string, unknown> = {}): Promise<string> {
    const { body } = await this.post('/', { name: '<random>', ...fields });
    return body.id;
  }

  async share(project: string, relation: string, other: string, action = 'add'): Promise<Reply> {
    return this.post(`/${project}/permissions`, {
      permissions: [{ type: 'user_id', relation, id: other, action }]
    });
  }

  /** Announces and sends contents; the versions' ids, ready to be committed. */
  async upload(project: string, files: Record<string, string | Buffer>): Promise<string[]> {
    const contents = Object.entries(files).map(([path, content]) => ({
      path,
      bytes: Buffer.from(content)
    }));
    const { body } = await this.post(`/${project}/file-preloads`, {
      files: contents.map(({ path, bytes }) => ({
        path,
        size: bytes.byteLength,
        sha256: sha256(bytes)
      }))
    });
    const waiting = body.items.entries();
    const sendThem = async () => {
      for (const [index, item] of waiting) {
        if (item.signed_url !== null) {
          await this.send(item.signed_url, contents[index]?.bytes ?? Buffer.alloc(0));
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, sendThem));
    return body.items.map(item => item.file_version_id);
  }

  /** Sends bytes to a signed URL, as a browser does: without any credential. */
  send(signedUrl: string, bytes: Uint8Array): Promise<Reply> {
    return new Caller(this.server, this.id, null).call('PUT', signedUrl, { body: bytes });
  }

  async commit(
    project: string,
    operations: readonly Record<string, unknown>[],
    key: string = randomUUID()
  ): Promise<CommitAnswer> {
    const { body } = await this.post(`/${project}/commits`, {
      idempotency_key: key,
      operations
    });
    return CommitAnswer.parse(body);
  }

  /** Commits one operation; its result. */
  async one(project: string, operation: Record<string, unknown>): Promise<CommitResult> {
    const [result] = (await this.commit(project, [operation])).results;
    if (!result) {
      throw new Error('The commit told no result.');
    }
    return result;
  }

  /** Puts a content at a path, whatever is there; the file. */
  async put(project: string, path: string, content: string | Buffer): Promise<CloudFile> {
    const [version] = await this.upload(project, { [path]: content });
    const before = await this.call('HEAD', `/${project}/files/${encodeURI(path)}`);
    const { file } = await this.one(project, {
      op: 'put',
      path,
      file_version_id: version,
      if_version: before.headers.get('x-file-version-id')
    });
    if (!file) {
      throw new Error('The put was refused.');
    }
    return file;
  }

  /** All that the project holds, by path. */
  async files(project: string): Promise<Map<string, CloudFile>> {
    const { body } = await this.get(`/${project}/files`);
    return new Map(body.items.map(file => [file.path, file]));
  }
}

export interface CloudApp {
  readonly server: ProjectsServer;
  readonly alice: Caller;
  readonly bob: Caller;
  readonly anonymous: Caller;
  close(): Promise<void>;
}

/** Where further clouds of this test file have their databases; by default each is embedded. */
let nextDatabase: () => Promise<ServerOptions['database']> = () => Promise.resolve(null);

/** From now on each cloud of this test file has such a database. */
export function useDatabases(next: () => Promise<PostgresAddress>): void {
  nextDatabase = next;
}

/** A cloud without a data folder, with two people. */
export async function startApp(options: Partial<ServerOptions> = {}): Promise<CloudApp> {
  const server = await createServer({ data: null, database: await nextDatabase(), ...options });
  const caller = async (name: string) => {
    const user = await server.accounts.addUser(name);
    return new Caller(server, user.id, (await server.accounts.addKey(user.id)).key);
  };
  return {
    server,
    alice: await caller('alice'),
    bob: await caller('bob'),
    anonymous: new Caller(server, '', null),
    close: () => server.close()
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
