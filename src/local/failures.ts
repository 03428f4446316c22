import { ServerConnection } from '@jupyterlab/services';

import { ReplicaError } from '../sync/problem';
import type { Problem } from '../sync/problem';
import { trans } from '../sync/words';

/** What a proxy or a hub says in place of a server that does not run. */
const AWAY = new Set([424, 502, 503, 504]);

/** The HTTP status that an error of JupyterLab's services stands for, or null when it stands for none. */
export function statusOf(error: unknown): number | null {
  return error instanceof ServerConnection.ResponseError ? error.response.status : null;
}

export function isNetworkError(error: unknown): boolean {
  return error instanceof ServerConnection.NetworkError;
}

/** The server's own words, as far as there are any. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The error that ends a whole run, when this is one: the server can't be reached or wants a sign-in. A 403 is not
 * among them: a single file's permissions give it too.
 */
export function wholeSideError(error: unknown): ReplicaError | null {
  if (error instanceof ReplicaError) {
    return error;
  }
  const status = statusOf(error);
  if (isNetworkError(error) || (status !== null && AWAY.has(status))) {
    return new ReplicaError('offline', trans.__('The Jupyter server can not be reached.'), {
      cause: error
    });
  }
  if (status === 401) {
    return new ReplicaError('signed-out', trans.__('The Jupyter server asks for a new sign-in.'), {
      cause: error
    });
  }
  return null;
}

/** The same for what happened at the root, where a 403 concerns everything. */
export function rootError(error: unknown): ReplicaError {
  const whole = wholeSideError(error);
  if (whole) {
    return whole;
  }
  return statusOf(error) === 403
    ? new ReplicaError(
        'forbidden',
        trans.__(
          "The Jupyter server refuses access to the project's folder. Reload the page to sign in again, or check the folder's permissions."
        ),
        { cause: error }
      )
    : new ReplicaError(
        'failed',
        trans.__("The project's folder can not be read: %1", messageOf(error)),
        {
          cause: error
        }
      );
}

/** Why a change to one path failed, for a person. */
export function problemOf(path: string, error: unknown): Problem {
  const message = messageOf(error);
  if (isDiskFull(error)) {
    return {
      path,
      code: 'disk-full',
      message: trans.__(
        'The disk of the Jupyter server is full: "%1" could not be written. Free some space there and sync again.',
        path
      )
    };
  }
  if (/\[Errno 27\]|EFBIG/.test(message)) {
    return {
      path,
      code: 'too-large',
      message: trans.__('"%1" is larger than the Jupyter server may write.', path)
    };
  }
  if (/\[Errno 36\]|ENAMETOOLONG|File name too long/.test(message)) {
    // Jupyter writes `.~name` beside what it overwrites, and the trash adds an ending.
    return {
      path,
      code: 'invalid-name',
      message: trans.__(
        '"%1" has a name too long for Jupyter to overwrite or delete it: nothing was changed. Give it a shorter name (240 bytes do).',
        path
      )
    };
  }
  switch (statusOf(error)) {
    case 403:
      return forbidden(path);
    case 413:
      return {
        path,
        code: 'too-large',
        message: trans.__('The Jupyter server takes no request as large as "%1" needs.', path)
      };
    default:
      return {
        path,
        code: 'failed',
        message: trans.__('The Jupyter server could not change "%1": %2', path, message)
      };
  }
}

export function forbidden(path: string): Problem {
  return {
    path,
    code: 'forbidden',
    message: trans.__(
      'The Jupyter server may not change "%1": check the permissions of the file and its folder.',
      path
    )
  };
}

/** No space, or the quota is used up: Python's words for ENOSPC and EDQUOT come through the server's answer. */
export function isDiskFull(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status === 507 ||
    /\[Errno (28|122)\]|No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/i.test(
      messageOf(error)
    )
  );
}
