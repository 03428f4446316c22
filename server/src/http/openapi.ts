import { z } from 'zod';

import { ErrorBody } from '../../../src/cloud/schemas';
import type { Answer, Operation } from './operation';

type JsonObject = Record<string, unknown>;

/**
 * The API as an OpenAPI 3.1 document, made from the very operations that are served and the schemas that check them.
 *
 * @param origin - as `https://host`.
 */
export function describeApi(operations: readonly Operation[], origin: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Projects API', version: '1' },
    servers: [{ url: origin }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(ErrorBody, 'output') }
    }
  };
}

function describe(operation: Operation): JsonObject {
  const { summary, feature, anonymous, body, status, answer } = operation;
  return {
    summary,
    tags: [feature],
    ...(anonymous ? { security: [] } : {}),
    parameters: [
      ...pathParameters(operation),
      ...queryParameters(operation),
      ...conditions(operation)
    ],
    ...(body
      ? { requestBody: { required: true, content: jsonContent(schemaOf(body, 'input')) } }
      : {}),
    responses: {
      [status]: { description: summary, ...contentOf(answer) },
      default: {
        description: 'It was refused.',
        content: jsonContent({ $ref: '#/components/schemas/Error' })
      }
    }
  };
}

function pathParameters({ path }: Operation): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema:
      name === 'id' || name === 'version'
        ? { type: 'string', format: 'uuid' }
        : { type: name === 'part' ? 'integer' : 'string' },
    ...(name === 'path'
      ? { description: 'Each segment percent-encoded, with "/" between them.' }
      : {})
  }));
}

function queryParameters({ query }: Operation): JsonObject[] {
  if (!query) {
    return [];
  }
  const { properties } = schemaOf(query, 'input');
  return Object.entries((properties ?? {}) as JsonObject).map(([name, schema]) => ({
    name,
    in: 'query',
    schema
  }));
}

function conditions({ conditional }: Operation): JsonObject[] {
  return conditional
    ? ['If-Match', 'If-None-Match'].map(name => ({
        name,
        in: 'header',
        schema: { type: 'string' }
      }))
    : [];
}

/** OpenAPI has no words for messages. */
const SWITCHED = 'A websocket; each of its messages is JSON that fits this schema:';

function contentOf(answer: Answer): JsonObject {
  if (answer === 'nothing') {
    return {};
  }
  if (typeof answer === 'object' && 'messages' in answer) {
    return {
      description: `${SWITCHED} ${JSON.stringify(schemaOf(answer.messages, 'output'))}`
    };
  }
  return {
    content:
      answer === 'bytes'
        ? { 'application/octet-stream': {} }
        : jsonContent(schemaOf(answer, 'output'))
  };
}

function jsonContent(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const described: JsonObject = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete described['$schema'];
  return described;
}
