import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { CloudClient } from '../cloud/client';
import { CloudReplicas } from '../cloud/cloud-replicas';
import type { Credentials } from '../cloud/credentials';
import type { CloudProject } from '../cloud/schemas';
import type { Account, Connection, Role } from '../tokens';
import { ProjectsError } from '../tokens';
import { asProjectsError } from './errors';
import { trans } from '../sync/words';

/**
 * One cloud as the signed-in person sees it: the account, the projects, and whether it answers.
 */
export class CloudSession implements IDisposable {
  constructor(options: CloudSession.IOptions) {
    this.#options = options;
    this.cloudUrl = options.cloudUrl;
    this.#client = this.#clientFor(() => this.#options.credentials.get(this.cloudUrl));
  }

  readonly cloudUrl: string;

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  /** @throws ProjectsError when no usable cloud URL is set */
  get client(): CloudClient {
    if (!this.#client) {
      throw new ProjectsError('invalid-arguments', this.#message || noCloud());
    }
    return this.#client;
  }

  /** The projects as sides of syncs. @throws ProjectsError when no usable cloud URL is set */
  get replicas(): CloudReplicas {
    const replicas = (this.#replicas ??= new CloudReplicas(this.client));
    this.#projects.forEach(project => replicas.learn(project));
    return replicas;
  }

  get connection(): Exclude<Connection, 'loading'> {
    return this.#connection;
  }

  /** What to do next; '' when nothing is. */
  get message(): string {
    return this.#message;
  }

  get account(): Account | null {
    return this.#account;
  }

  /** The key that the account is known by; null while none is. */
  get key(): string | null {
    return this.#key;
  }

  get projects(): readonly CloudProject[] {
    return this.#projects;
  }

  roleIn(projectId: string): Role | null {
    return this.#roles.get(projectId) ?? null;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Keeps the key once the cloud has taken it. The projects come with the next `refresh`. */
  async signIn(apiKey: string): Promise<Account> {
    if (!this.#client) {
      throw new ProjectsError('invalid-arguments', this.#message || noCloud());
    }
    const key = apiKey.trim();
    if (key === '') {
      throw new ProjectsError(
        'invalid-arguments',
        trans.__('The API key is empty. Paste the whole key.')
      );
    }
    const candidate = this.#clientFor(() => key);
    let account: Account;
    try {
      account = await (candidate ?? this.#client).account();
    } catch (error) {
      throw asProjectsError(error);
    }
    // First the account: whoever hears of the key finds it known.
    this.#account = account;
    this.#key = key;
    this.#options.credentials.set(this.cloudUrl, key);
    return account;
  }

  signOut(): void {
    this.#forget();
    this.#options.credentials.remove(this.cloudUrl);
    this.#move('signed-out', '');
  }

  /** Asks the cloud who the person is and what they can see. The outcome is the connection; rejects when it failed. */
  async refresh(): Promise<void> {
    if (!this.#client) {
      return;
    }
    const key = this.#options.credentials.get(this.cloudUrl);
    if (key !== this.#key) {
      this.#forget();
    }
    if (key === null) {
      this.#move('signed-out', '');
      return;
    }
    // Whoever signs out or in meanwhile, here or in another tab, must not get the answers of before.
    const isCurrent = () => this.#options.credentials.get(this.cloudUrl) === key;
    try {
      const account = this.#account ?? (await this.#client.account());
      await this.#client.capabilities();
      const projects = await this.#client.listProjects();
      const roles = await this.#askRoles(projects, account);
      if (isCurrent()) {
        this.#account = account;
        this.#key = key;
        this.#projects = projects;
        this.#roles = roles;
        this.#move('online', '');
      }
    } catch (error) {
      if (isCurrent()) {
        this.failed(error);
        if (asProjectsError(error).code === 'not-found') {
          this.#move('error', asProjectsError(error).message);
        }
        throw asProjectsError(error);
      }
    }
  }

  /** What a failed call to the cloud says of the connection. */
  failed(error: unknown): void {
    const { code, message } = asProjectsError(error);
    if (code === 'signed-out') {
      this.#forget();
      this.#move('signed-out', message);
    } else if (code === 'offline') {
      this.#move('offline', message);
    } else if (code === 'unexpected-answer') {
      this.#move('error', message);
    }
  }

  /** A call was answered. */
  answered(): void {
    const wasAway = this.#connection === 'offline' || this.#connection === 'error';
    if (wasAway && this.#account) {
      this.#move('online', '');
    }
  }

  /** A project was made, or its details came another way. */
  learn(project: CloudProject, role: Role | null): void {
    this.#projects = [...this.#projects.filter(({ id }) => id !== project.id), project];
    if (role) {
      this.#roles.set(project.id, role);
    }
    this.#changed.emit();
  }

  /** A project is in the cloud no more. */
  lose(projectId: string): void {
    this.#projects = this.#projects.filter(({ id }) => id !== projectId);
    this.#roles.delete(projectId);
    this.#changed.emit();
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  /** Asks only where the person does not own the project. */
  async #askRoles(projects: readonly CloudProject[], account: Account): Promise<Map<string, Role>> {
    const client = this.client;
    const roles = new Map<string, Role>();
    await Promise.all(
      projects.map(async ({ id, owner }) => {
        const isOwner = owner.type === 'user' && owner.id === account.id;
        const role = isOwner ? 'owner' : (await client.myPermissions(id)).role;
        if (role) {
          roles.set(id, role);
        }
      })
    );
    return roles;
  }

  #clientFor(token: () => string | null): CloudClient | null {
    const { fetch, onRequest } = this.#options;
    if (this.cloudUrl === '') {
      this.#move('error', noCloud());
      return null;
    }
    try {
      return new CloudClient({
        baseUrl: this.cloudUrl,
        token,
        onRequest,
        ...(fetch && { fetch })
      });
    } catch (error) {
      this.#move('error', asProjectsError(error).message);
      return null;
    }
  }

  #forget(): void {
    this.#account = null;
    this.#key = null;
    this.#projects = [];
    this.#roles.clear();
  }

  #move(connection: Exclude<Connection, 'loading'>, message: string): void {
    this.#connection = connection;
    this.#message = message;
    this.#changed.emit();
  }

  readonly #options: CloudSession.IOptions;
  readonly #changed = new Signal<this, void>(this);
  #roles = new Map<string, Role>();
  readonly #client: CloudClient | null;
  #connection: Exclude<Connection, 'loading'> = 'signed-out';
  #message = '';
  #replicas: CloudReplicas | null = null;
  #account: Account | null = null;
  #key: string | null = null;
  #projects: readonly CloudProject[] = [];
  #isDisposed = false;
}

export namespace CloudSession {
  export interface IOptions {
    /** '' when none is set. */
    readonly cloudUrl: string;
    readonly credentials: Credentials;
    readonly onRequest: () => void;
    readonly fetch?: typeof fetch;
  }
}

const noCloud = () =>
  trans.__(
    'No cloud is set. Open the settings of Projects and give the address of your cloud, as https://host/api/projects.'
  );
