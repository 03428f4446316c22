import type { z } from 'zod';

/** What a cloud must announce to serve an operation; `core` and `presumed` are always served. */
export type Feature =
  | 'core'
  | 'presumed'
  | 'meta'
  | 'files'
  | 'conditions'
  | 'changes'
  | 'batch'
  | 'commits'
  | 'versions'
  | 'events';

/** The extensions of this server, as `GET /capabilities` tells them. */
export const FEATURES: readonly Feature[] = [
  'files',
  'conditions',
  'changes',
  'batch',
  'commits',
  'versions',
  'events'
];

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** What is answered: JSON of a schema, bytes, nothing, or a websocket. */
export type Answer = z.ZodType | 'bytes' | 'nothing' | Messages;

/** A websocket's messages, each JSON of a schema. */
export interface Messages {
  readonly messages: z.ZodType;
}

/** One call of the API: how it is routed, checked, and described. */
export interface Operation<
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType
> {
  readonly method: Method;
  /** On this host. `{id}` is a project, `{version}` a version, `{path}` the rest of the path. */
  readonly path: string;
  readonly feature: Feature;
  readonly summary: string;
  /** Needs no API key. */
  readonly anonymous?: boolean;
  readonly query?: Query;
  readonly body?: Body;
  readonly status: 101 | 200 | 201 | 204;
  readonly answer: Answer;
  /** Takes `If-Match` and `If-None-Match` where the cloud has the extension *conditions*. */
  readonly conditional?: boolean;
}
