import { createHash } from 'node:crypto';

import { RawProject } from '../../test/support/raw-project';

interface FilesPage {
  readonly items: readonly {
    readonly path: string;
    readonly kind?: string;
    readonly sha256: string | null;
  }[];
  readonly next_page_url: string | null;
}

/** Another client of the cloud, of one project. */
export class OtherClient {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
    readonly id: string
  ) {
    this.raw = new RawProject(baseUrl, key, id);
  }

  readonly raw: RawProject;

  /** A file's content; null where there is none. */
  async text(path: string): Promise<string | null> {
    const answer = await this.#fetch(`/files/${encoded(path)}`);
    return answer.ok ? answer.text() : null;
  }

  /** Brings content to the cloud; gives what makes it the file's. */
  async prepare(path: string, content: string): Promise<() => Promise<void>> {
    const preload = await this.#fetch(`/file-preload/${encoded(path)}`, {
      method: 'PUT',
      body: '{}'
    });
    const told = (await preload.json()) as { signed_url: string; file_version_id: string };
    const sent = await fetch(told.signed_url, { method: 'PUT', body: content });
    expectOk(sent);
    return async () => {
      expectOk(await this.#fetch(`/file-versions/${told.file_version_id}`, { method: 'PATCH' }));
    };
  }

  /** Each file's hash. */
  async hashes(): Promise<Map<string, string>> {
    const hashes = new Map<string, string>();
    let next: string | null = '/files?limit=1000';
    while (next !== null) {
      const answer = await this.#fetch(next);
      expectOk(answer);
      const page = (await answer.json()) as FilesPage;
      for (const { path, kind, sha256 } of page.items) {
        if (kind !== 'directory' && sha256 !== null) {
          hashes.set(path, sha256);
        }
      }
      next = page.next_page_url?.replace(/^.*?(?=\/files\?)/, '') ?? null;
    }
    return hashes;
  }

  #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.baseUrl}/${this.id}${path}`, {
      ...init,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(init.body ? { 'Content-Type': 'application/json' } : {})
      }
    });
  }
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function expectOk(answer: Response): void {
  if (!answer.ok) {
    throw new Error(`The cloud answers ${answer.status} to ${new URL(answer.url).pathname}.`);
  }
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
