import { type Context, Hono } from 'hono';
import type { z } from 'zod';

import type { AccountStore } from '../accounts/account-store';
import { authRequired } from '../accounts/account-store';
import type { SignedInActor } from '../accounts/actor';
import { Refusal, invalidRequest } from '../errors';
import { pathFromUrl } from '../files/project-path';
import { readJson } from './body';
import { answerError } from './error-answer';
import type { Operation } from './operation';
import { type Env, type Target, targetOf } from './target';

/** A request that has passed the checks of its operation. */
export interface Call<Query, Body> {
  readonly request: Request;
  readonly target: Target;
  readonly query: Query;
  readonly body: Body;
  /** The project's id. */
  readonly id: string;
  /** The path in the project, decoded and valid; '' where the operation has none. */
  readonly path: string;
  /** The version's id; '' where the operation has none. */
  readonly version: string;
  /** The part's number; 0 where the operation has none. */
  readonly part: number;
  /** Throws 401 in an anonymous operation. */
  readonly actor: SignedInActor;
}

type Bindings = { Bindings: Env };

const PARAMETERS: Readonly<Record<string, string>> = {
  '{id}': ':id{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}}',
  '{version}': ':version{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}}',
  '{part}': ':part{[0-9]{1,6}}',
  '{path}': '_'
};

/**
 * Routes requests to operations: checks the key, the path, the query and the body of each before its handler runs.
 */
export class Router {
  readonly operations: Operation[] = [];
  readonly #app: Hono<Bindings>;
  readonly #accounts: AccountStore;
  readonly #serves: (operation: Operation) => boolean;

  /** @param serves - operations that it does not hold for do not exist here. */
  constructor(accounts: AccountStore, serves: (operation: Operation) => boolean) {
    this.#accounts = accounts;
    this.#serves = serves;
    this.#app = new Hono<Bindings>({
      getPath: (request, options) => targetOf(request, options?.env as Env | undefined).route
    });
    this.#app.notFound(() =>
      answerError(new Refusal(404, 'not_found', 'There is no such call in this API.'))
    );
    this.#app.onError((error, context) =>
      answerError(error, `${context.req.method} ${new URL(context.req.url).pathname}`)
    );
  }

  add<Query extends z.ZodType, Body extends z.ZodType>(
    operation: Operation<Query, Body>,
    handler: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Response> | Response
  ): void {
    if (!this.#serves(operation)) {
      return;
    }
    this.operations.push(operation);
    const pattern = operation.path.replaceAll(/\{\w+\}/g, name => PARAMETERS[name] ?? name);
    this.#app.on(operation.method.toUpperCase(), pattern, async context =>
      handler(await this.#check(operation, context))
    );
  }

  async fetch(request: Request, env?: Env): Promise<Response> {
    return this.#app.fetch(request, env);
  }

  async #check<Query extends z.ZodType, Body extends z.ZodType>(
    operation: Operation<Query, Body>,
    context: Context<Bindings>
  ): Promise<Call<z.output<Query>, z.output<Body>>> {
    const request = context.req.raw;
    const target = targetOf(request, context.env);
    const actor = operation.anonymous ? null : await this.#authenticate(request);
    return {
      request,
      target,
      query: parse(operation.query, queryOf(target.url), 'query'),
      body: operation.body && parse(operation.body, await readJson(request), 'body'),
      id: context.req.param('id') ?? '',
      path: target.tail === null ? '' : pathFromUrl(target.tail),
      version: context.req.param('version') ?? '',
      part: Number(context.req.param('part') ?? 0),
      get actor() {
        if (!actor) {
          throw authRequired('This call needs an API key.', 'missing');
        }
        return actor;
      }
    } as Call<z.output<Query>, z.output<Body>>;
  }

  async #authenticate(request: Request): Promise<SignedInActor> {
    const [, key] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (key === undefined) {
      throw authRequired('This call needs an API key: sign in.', 'missing');
    }
    return this.#accounts.authenticate(key);
  }
}

/** An empty value counts as none. */
function queryOf(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name).filter(value => value !== '');
    if (values.some(value => value.includes('\0'))) {
      throw invalidRequest(`The query's ${name} holds a NUL character.`, { field: name });
    }
    const [first] = values;
    if (first !== undefined) {
      query[name] = values.length === 1 ? first : values;
    }
  }
  return query;
}

function parse<T extends z.ZodType>(schema: T | undefined, value: unknown, where: string) {
  if (!schema) {
    return undefined;
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw invalidRequest(
      `The ${where} does not fit this call: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'invalid'}.`,
      { field }
    );
  }
  return result.data;
}
