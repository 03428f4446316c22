import type { Account, Role } from '../tokens';
import type { Backoff } from './backoff';
import { CloudError, unexpectedAnswer } from './errors';
import { FilesClient } from './files-client';
import { Http } from './http';
import { allPages, missingFrom } from './paging';
import type { CreateProject, PatchPermissions, PatchProject } from './schemas';
import {
  AccountAnswer,
  Capabilities,
  CloudProject,
  EventTicket,
  MyPermissions,
  Organization,
  Organizations,
  Page,
  Permissions,
  ProjectsPage
} from './schemas';
import { Wire } from './wire';

/**
 * Speaks the Projects API of one cloud, for one person.
 *
 * #### Notes
 * Every answer is parsed; methods reject with a `CloudError`, or with the signal's reason when it is aborted.
 */
export class CloudClient {
  constructor(options: CloudClient.IOptions) {
    this.#wire = new Wire(options.baseUrl, options.token, new Http(options));
    this.files = new FilesClient(this.#wire);
  }

  /** What concerns the files of a project. */
  readonly files: FilesClient;

  /** The API base, without a closing slash. */
  get baseUrl(): string {
    return this.#wire.baseUrl;
  }

  /** Who the key belongs to. */
  async account(signal?: AbortSignal): Promise<Account> {
    const { user } = await this.#wire.json(
      { call: 'GET /api/account', method: 'GET', url: this.#wire.atOrigin('/api/account'), signal },
      AccountAnswer
    );
    const fullName = [user.first_name, user.last_name].filter(Boolean).join(' ');
    return { id: user.id, name: fullName || user.username || user.email || user.id };
  }

  /** The organizations of the signed-in person. */
  async organizations(signal?: AbortSignal): Promise<Organizations> {
    const answer = await this.#wire.json(
      {
        call: 'GET /api/organizations/my',
        method: 'GET',
        url: this.#wire.atOrigin('/api/organizations/my'),
        signal
      },
      OrganizationsAnswer
    );
    return Array.isArray(answer) ? answer : answer.items;
  }

  /** What the cloud offers beyond the core; null when that is nothing. Asked once the cloud has told it for sure. */
  async capabilities(signal?: AbortSignal): Promise<Capabilities | null> {
    if (this.#capabilities === undefined) {
      const { capabilities, isSure } = await this.#askCapabilities(signal);
      this.#capabilities = isSure ? capabilities : undefined;
      return capabilities;
    }
    return this.#capabilities;
  }

  /** All that the person can see and the filter lets through. */
  async listProjects(
    filter: CloudClient.IFilter = {},
    signal?: AbortSignal
  ): Promise<CloudProject[]> {
    const call = 'GET /';
    const first = this.#wire.url('/', { ...filter, limit: '100' });
    const pages = await allPages(call, first, url =>
      this.#wire.json({ call, method: 'GET', url, signal }, ProjectsPage)
    );
    const missing = missingFrom(pages);
    if (missing !== null) {
      throw unexpectedAnswer(call, missing);
    }
    return pages.flatMap(page => page.items);
  }

  /** Is never sent again after a failure: it might make two. */
  createProject(project: CreateProject, signal?: AbortSignal): Promise<CloudProject> {
    return this.#wire.json(
      { call: 'POST /', method: 'POST', url: this.#wire.url('/'), body: project, signal },
      CloudProject
    );
  }

  getProject(id: string, signal?: AbortSignal): Promise<CloudProject> {
    return this.#wire.json(
      { call: 'GET /{id}', method: 'GET', url: this.#project(id), signal },
      CloudProject
    );
  }

  patchProject(id: string, patch: PatchProject, signal?: AbortSignal): Promise<CloudProject> {
    return this.#wire.json(
      {
        call: 'PATCH /{id}',
        method: 'PATCH',
        url: this.#project(id),
        body: patch,
        repeat: true,
        signal
      },
      CloudProject
    );
  }

  async deleteProject(id: string, signal?: AbortSignal): Promise<void> {
    await this.#wire.send({
      call: 'DELETE /{id}',
      method: 'DELETE',
      url: this.#project(id),
      signal
    });
  }

  permissions(id: string, signal?: AbortSignal): Promise<Permissions> {
    return this.#wire.json(
      {
        call: 'GET /{id}/permissions',
        method: 'GET',
        url: this.#project(id, '/permissions'),
        signal
      },
      Permissions
    );
  }

  /** Answers the new list. */
  setPermissions(
    id: string,
    changes: PatchPermissions,
    signal?: AbortSignal
  ): Promise<Permissions> {
    return this.#wire.json(
      {
        call: 'POST /{id}/permissions',
        method: 'POST',
        url: this.#project(id, '/permissions'),
        body: changes,
        repeat: true,
        signal
      },
      Permissions
    );
  }

  /** What the signed-in person may do, and the role that amounts to; null: nothing. */
  async myPermissions(
    id: string,
    signal?: AbortSignal
  ): Promise<MyPermissions & { role: Role | null }> {
    const mine = await this.#wire.json(
      {
        call: 'GET /{id}/permissions/my',
        method: 'GET',
        url: this.#project(id, '/permissions/my'),
        signal
      },
      MyPermissions
    );
    return { ...mine, role: roleOf(mine) };
  }

  /** Extension *events*: lets one websocket in, once, within a moment. A secret. */
  eventTicket(signal?: AbortSignal): Promise<EventTicket> {
    return this.#wire.json(
      {
        call: 'POST /events/tickets',
        method: 'POST',
        url: this.#wire.url('/events/tickets'),
        signal
      },
      EventTicket
    );
  }

  async #askCapabilities(
    signal?: AbortSignal
  ): Promise<{ readonly capabilities: Capabilities | null; readonly isSure: boolean }> {
    const request = {
      call: 'GET /capabilities',
      method: 'GET',
      url: this.#wire.url('/capabilities'),
      anonymous: true,
      signal
    } as const;
    try {
      return { capabilities: await this.#wire.json(request, Capabilities), isSure: true };
    } catch (error) {
      if (error instanceof CloudError && NO_CAPABILITIES.has(error.status)) {
        return { capabilities: null, isSure: error.status === 404 };
      }
      throw error;
    }
  }

  #project(id: string, rest = ''): string {
    return this.#wire.url(`/${encodeURIComponent(id)}${rest}`);
  }

  readonly #wire: Wire;
  #capabilities: Capabilities | null | undefined;
}

export namespace CloudClient {
  export interface IOptions extends Http.IOptions {
    /** As `https://host/api/projects`. */
    readonly baseUrl: string;
    /** Asked before each request; null: not signed in. */
    readonly token: () => string | null;
    readonly backoff?: Partial<Backoff>;
  }

  export interface IFilter {
    /** `me`, or a UUID; left out: every project that the person can see. */
    readonly owner?: string;
    readonly tag?: string;
    readonly name?: string;
  }
}

/** A core cloud takes `capabilities` for a project's id: unknown, none that is valid, or not for an anonymous caller. */
const NO_CAPABILITIES = new Set([400, 401, 403, 404, 405, 422]);

const OrganizationsAnswer = Organizations.or(
  Page(Organization).partial({
    total_count: true,
    num_items: true
  })
);

function roleOf(mine: MyPermissions): Role | null {
  if (mine.own) {
    return 'owner';
  }
  if (mine.modify) {
    return 'writer';
  }
  if (mine.read) {
    return 'reader';
  }
  return mine.find ? 'finder' : null;
}
