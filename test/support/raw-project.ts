import { randomUUID } from 'node:crypto';

interface VersionsPage {
  readonly items: readonly { readonly path: string; readonly file_version_id: string }[];
  readonly next_page_url: string | null;
}

/**
 * A project of a running cloud by plain HTTP: what a test does behind the client's back.
 */
export class RawProject {
  /** Makes a new project. */
  static async create(baseUrl: string, key: string, name = '<random>'): Promise<RawProject> {
    const project = new RawProject(baseUrl, key, '');
    const { id } = (await project.#json('POST', '/', { name })) as { id: string };
    return new RawProject(baseUrl, key, id);
  }

  /** The ids of all that the key's user can see. */
  static async all(baseUrl: string, key: string): Promise<string[]> {
    const anyone = new RawProject(baseUrl, key, '');
    const { items } = (await anyone.#json('GET', '/')) as { items: { id: string }[] };
    return items.map(({ id }) => id).sort();
  }

  constructor(
    readonly baseUrl: string,
    readonly key: string,
    readonly id: string
  ) {}

  /** Through the core of the API, parents included. */
  async write(path: string, content: string | Uint8Array): Promise<void> {
    const preload = (await this.#json('PUT', `/${this.id}/file-preload/${encoded(path)}`, {})) as {
      signed_url: string;
      file_version_id: string;
    };
    const sent = await fetch(preload.signed_url, {
      method: 'PUT',
      body: typeof content === 'string' ? new TextEncoder().encode(content) : content.slice()
    });
    await expectOk(sent);
    await this.#call('PATCH', `/${this.id}/file-versions/${preload.file_version_id}`);
  }

  /** Removes a file, or a directory with all it holds. */
  async remove(path: string): Promise<void> {
    const below = (await this.#list())
      .map(file => file.path)
      .filter(each => each === path || each.startsWith(`${path}/`))
      .sort((a, b) => b.split('/').length - a.split('/').length);
    for (const each of below) {
      await this.#call('DELETE', `/${this.id}/files/${encoded(each)}`);
    }
  }

  /** Moves a file. */
  async move(from: string, to: string): Promise<void> {
    const file = (await this.#list()).find(({ path }) => path === from);
    const operations = [{ op: 'move', from, to, if_version: file?.file_version_id }];
    await this.#json('POST', `/${this.id}/commits`, { idempotency_key: randomUUID(), operations });
  }

  /** Changes the project itself: its title, its metadata, … */
  async patch(changes: object): Promise<void> {
    await this.#json('PATCH', `/${this.id}`, changes);
  }

  async mkdir(path: string): Promise<void> {
    const request = { idempotency_key: randomUUID(), operations: [{ op: 'mkdir', path }] };
    await this.#json('POST', `/${this.id}/commits`, request);
  }

  async files(): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>();
    for (const { path, kind } of await this.#list()) {
      if (kind !== 'directory') {
        const answer = await this.#call('GET', `/${this.id}/files/${encoded(path)}`);
        files.set(path, new Uint8Array(await answer.arrayBuffer()));
      }
    }
    return files;
  }

  /** Every content that the project holds or held, and where it was last. */
  async versions(): Promise<{ path: string; bytes: Uint8Array }[]> {
    const versions: { path: string; bytes: Uint8Array }[] = [];
    let next: string | null = `${this.baseUrl}/${this.id}/file-versions?limit=1000`;
    while (next !== null) {
      const page = (await this.#json('GET', next.slice(this.baseUrl.length))) as VersionsPage;
      for (const { path, file_version_id: version } of page.items) {
        const answer = await this.#call('GET', `/${this.id}/file-versions/${version}/content`);
        versions.push({ path, bytes: new Uint8Array(await answer.arrayBuffer()) });
      }
      next = page.next_page_url;
    }
    return versions;
  }

  async text(path: string): Promise<string> {
    return (await this.#call('GET', `/${this.id}/files/${encoded(path)}`)).text();
  }

  /** Deletes the project itself. */
  async removeRoot(): Promise<void> {
    await this.#call('DELETE', `/${this.id}`);
  }

  async share(userId: string, relation: string): Promise<void> {
    await this.#json('POST', `/${this.id}/permissions`, {
      permissions: [{ type: 'user_id', id: userId, relation, action: 'add' }]
    });
  }

  async #list(): Promise<{ path: string; kind?: string; file_version_id?: string }[]> {
    const answer = (await this.#json('GET', `/${this.id}/files?limit=1000`)) as {
      items: { path: string; kind?: string }[];
    };
    return answer.items;
  }

  async #json(method: string, path: string, body?: object): Promise<unknown> {
    return (await this.#call(method, path, body)).json();
  }

  async #call(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(this.baseUrl + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(body ? { 'Content-Type': 'application/json' } : {})
      },
      ...(body ? { body: JSON.stringify(body) } : {})
    });
    return expectOk(answer);
  }
}

async function expectOk(answer: Response): Promise<Response> {
  if (!answer.ok) {
    throw new Error(`${answer.status} ${answer.url.split('?')[0]}: ${await answer.text()}`);
  }
  return answer;
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
