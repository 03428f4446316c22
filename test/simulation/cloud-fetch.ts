import type { Answer, Cloud } from './cloud';
import type { Fault, Page, World } from './world';

/** An operation of a commit, as far as the simulation looks at it. */
export interface Committed {
  readonly op: string;
  readonly path?: string;
  readonly from?: string;
  readonly to?: string;
  readonly if_version?: string | null;
  readonly file_version_id?: string;
}

export interface CommitWatch {
  /** Told what is about to be committed for a page that is there. */
  before(operations: readonly Committed[]): void;
  /** Told what was tried, also for a page that is gone. */
  after(operations: readonly Committed[]): Promise<void>;
}

/** A page's `fetch` to the cloud. */
export function cloudFetch(
  world: World,
  cloud: Cloud,
  page: Page,
  watch: CommitWatch
): typeof fetch {
  return async (input, init = {}) => {
    const url = String(input);
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? Buffer.from(init.body) : (init.body as Uint8Array);
    const operations = operationsOf(url, body);
    const perform = async () => {
      if (!page.isGone) {
        watch.before(operations);
      }
      if (world.isCloudFull && url.includes('/storage/')) {
        const bytes = new Uint8Array(Buffer.from('{"error":{"code":"full","message":"full"}}'));
        return { status: 507, headers: {}, bytes };
      }
      const headers = new Headers(init.headers);
      const answer = await cloud.handle(method, url, headers, body ?? new Uint8Array());
      if (operations.length > 0) {
        await watch.after(operations);
      }
      return answer;
    };
    const answering = world.request<Answered>({
      page,
      to: 'cloud',
      label: labelOf(method, url, cloud, operations),
      phases: [async () => ({ ...(await perform()), broken: false })],
      suffers: fault => cloudSuffers(fault, method, url),
      suffer: async fault => suffer(fault, await perform()),
      networkError: () => new TypeError('fetch failed')
    });
    const answer = await abortable(answering, init.signal ?? null);
    return responseOf(answer);
  };
}

interface Answered extends Answer {
  /** True when the connection breaks after these bytes. */
  readonly broken: boolean;
}

function cloudSuffers(fault: Fault, method: string, url: string): boolean {
  switch (fault.kind) {
    case 'status':
      // So a cloud says that it has the core alone: a client must believe it.
      return !url.endsWith('/capabilities') || fault.status >= 429;
    case 'kill':
    case 'disk-full':
      return false;
    case 'cut':
    case 'short-page':
      return method === 'GET';
    default:
      return true;
  }
}

function suffer(fault: Fault, answer: Answer): Answered {
  switch (fault.kind) {
    case 'status': {
      const code = fault.status === 401 ? 'auth_required' : 'made_up';
      const bytes = new Uint8Array(Buffer.from(JSON.stringify({ error: { code, message: code } })));
      const retry: Record<string, string> = fault.status === 429 ? { 'Retry-After': '2' } : {};
      const headers = { 'Content-Type': 'application/json', ...retry };
      return { status: fault.status, headers, bytes, broken: false };
    }
    case 'cut':
      return {
        ...answer,
        bytes: answer.bytes.slice(0, answer.bytes.length >> 1),
        broken: fault.told
      };
    case 'short-page':
      return { ...answer, bytes: shortened(answer.bytes), broken: false };
    default:
      return { ...answer, broken: false };
  }
}

/** A list without its last item; what is no list as it is. */
function shortened(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  try {
    const page = JSON.parse(Buffer.from(bytes).toString()) as {
      items?: unknown[];
      total_count?: number;
    };
    if (!Array.isArray(page.items) || page.total_count === undefined) {
      return bytes;
    }
    const items = page.items.slice(0, -1);
    return new Uint8Array(Buffer.from(JSON.stringify({ ...page, items })));
  } catch {
    return bytes;
  }
}

function responseOf({ status, headers, bytes, broken }: Answered): Response {
  if (!broken) {
    return new Response(status === 204 ? null : bytes, { status, headers });
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
    },
    pull(controller) {
      controller.error(new TypeError('terminated'));
    }
  });
  return new Response(body, { status, headers });
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal | null): Promise<T> {
  if (!signal) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function operationsOf(url: string, body?: Uint8Array): readonly Committed[] {
  return body && new URL(url).pathname.endsWith('/commits')
    ? (JSON.parse(Buffer.from(body).toString()) as { operations: readonly Committed[] }).operations
    : [];
}

function labelOf(
  method: string,
  target: string,
  cloud: Cloud,
  operations: readonly Committed[]
): string {
  const url = new URL(target);
  const short = decodeURIComponent(url.pathname + url.search)
    .replace('/api/projects', '')
    .replace(`/${cloud.projectId}`, '')
    .replace(/&epoch=[^&]*|&?limit=\d+/g, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
  const list = operations.map(
    ({ op, path, from, to }) => `${op} ${from === undefined ? path : `${from} > ${to}`}`
  );
  return [method, short, list.join(', ')].join(' ').trimEnd();
}
