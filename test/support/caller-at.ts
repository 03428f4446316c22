import { BASE, Caller } from './cloud-app';

/**
 * One person's calls over HTTP, by the same helper that the tests in process use.
 *
 * @param url - the API base of a server.
 */
export function callerAt(url: string, key: string): Caller {
  return new Caller(
    {
      fetch: asked =>
        fetch(asked.url.replace(BASE, url), {
          method: asked.method,
          headers: asked.headers,
          body: asked.body,
          ...(asked.body ? { duplex: 'half' } : {})
        })
    },
    '',
    key
  );
}
