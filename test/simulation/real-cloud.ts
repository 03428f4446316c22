import { hashOfText } from '../property/support/trees';
import type { CloudApp } from '../support/cloud-app';
import { BASE, startApp } from '../support/cloud-app';
import type { Answer, Cloud } from './cloud';
import type { MakeCloud } from './simulation';

/** One real server in this process, with a project for each scenario. */
export async function startRealClouds(): Promise<{ make: MakeCloud; close(): Promise<void> }> {
  const app = await startApp();
  return {
    make: async () => new RealCloud(app, await app.alice.project()),
    close: () => app.close()
  };
}

class RealCloud implements Cloud {
  constructor(app: CloudApp, projectId: string) {
    this.#app = app;
    this.projectId = projectId;
    this.key = app.alice.key ?? '';
  }

  readonly baseUrl = BASE;
  readonly key: string;
  readonly projectId: string;

  async handle(method: string, url: string, headers: Headers, body: Uint8Array): Promise<Answer> {
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const answer = await this.#app.server.fetch(
      new Request(url, { method, headers, ...(hasBody && { body: new Uint8Array(body) }) })
    );
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      bytes: new Uint8Array(await answer.arrayBuffer())
    };
  }

  async write(path: string, text: string): Promise<boolean> {
    const { alice } = this.#app;
    const [version] = await alice.upload(this.projectId, { [path]: Buffer.from(text, 'latin1') });
    const current = (await alice.files(this.projectId)).get(path);
    return this.#commit({
      op: 'put',
      path,
      file_version_id: version,
      if_version: current?.file_version_id ?? null
    });
  }

  async remove(path: string): Promise<boolean> {
    const files = [...(await this.#app.alice.files(this.projectId)).values()]
      .filter(file => file.path === path || file.path.startsWith(`${path}/`))
      .sort((a, b) => (a.path < b.path ? 1 : -1));
    for (const file of files) {
      await this.#commit({ op: 'delete', path: file.path, if_version: file.file_version_id });
    }
    return files.length > 0;
  }

  makeFolder(path: string): Promise<boolean> {
    return this.#commit({ op: 'mkdir', path });
  }

  async rename(from: string, to: string): Promise<boolean> {
    const file = (await this.#app.alice.files(this.projectId)).get(from);
    return (
      file !== undefined && this.#commit({ op: 'move', from, to, if_version: file.file_version_id })
    );
  }

  async forgetChanges(): Promise<void> {
    // The real server remembers all changes.
  }

  async tree(): Promise<Map<string, string | null>> {
    const tree = new Map<string, string | null>();
    const files = [...(await this.#app.alice.files(this.projectId)).values()];
    for (const file of files.sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const isFolder = file.kind === 'directory';
      tree.set(file.path, isFolder ? null : await this.#content(file.file_version_id));
    }
    return tree;
  }

  keeps(text: string): Promise<boolean> {
    return this.everHeld(hashOfText(text));
  }

  fileAt(): null {
    // The server's clock is not the world's.
    return null;
  }

  async textOf(version: string): Promise<string | null> {
    return (await this.#knows(this.#versions, version)) ? this.#content(version) : null;
  }

  everHeld(sha256: string): Promise<boolean> {
    return this.#knows(this.#hashes, sha256);
  }

  /** Versions are kept for good: what was there once need not be asked for again. */
  async #knows(known: ReadonlySet<string>, wanted: string): Promise<boolean> {
    if (!known.has(wanted)) {
      const { body } = await this.#app.alice.get(`/${this.projectId}/file-versions`);
      for (const { file_version_id: id, sha256 } of body.items) {
        this.#versions.add(id);
        this.#hashes.add(sha256 ?? '');
      }
    }
    return known.has(wanted);
  }

  async #content(version: string): Promise<string> {
    const { bytes } = await this.#app.alice.get(
      `/${this.projectId}/file-versions/${version}/content`
    );
    return bytes.toString('latin1');
  }

  async #commit(operation: Record<string, unknown>): Promise<boolean> {
    return (await this.#app.alice.one(this.projectId, operation)).status === 'applied';
  }

  readonly #app: CloudApp;
  readonly #versions = new Set<string>();
  readonly #hashes = new Set<string>();
}
