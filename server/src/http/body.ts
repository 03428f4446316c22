import { Refusal, invalidRequest, tooLarge } from '../errors';
import { MAX_BODY } from '../options';

/** The bytes of a request as they come; none where it has no body. Throws 422 `incomplete` where it breaks off. */
export async function* bytesOf(request: Request): AsyncGenerator<Uint8Array> {
  if (!request.body) {
    return;
  }
  const reader = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(brokenOff);
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

function brokenOff(cause: unknown): never {
  const refusal = new Refusal(422, 'incomplete', 'The body broke off.');
  refusal.cause = cause;
  throw refusal;
}

/** Throws 422 for what is no JSON in UTF-8, 413 for more than this server reads. */
export async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(request)) {
    size += chunk.byteLength;
    if (size > MAX_BODY) {
      break;
    }
    chunks.push(chunk);
  }
  if (size > MAX_BODY) {
    await drain(request);
    throw tooLarge(`A request's JSON may have ${MAX_BODY} bytes.`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    const refusal = invalidRequest('The body is not JSON.');
    refusal.cause = error;
    throw refusal;
  }
}

/** Bytes of a refused upload that are read and dropped, so that the client comes to read why it was refused. */
const DRAINED = 64 * 1024 * 1024;

/** Reads on where a handler stopped reading, up to a bound. */
export async function drain(request: Request): Promise<void> {
  let left = DRAINED;
  try {
    for await (const chunk of bytesOf(request)) {
      left -= chunk.byteLength;
      if (left <= 0) {
        return;
      }
    }
  } catch {
    // The client is gone: there is nobody left to answer.
  }
}
