import type { Problem } from '../sync/problem';
import { invalidName } from './entries';
import type { CloudError } from './errors';
import { trans } from '../sync/words';

/**
 * True for a refusal that concerns what was asked, so that something else may still be done; false for one that
 * concerns the whole cloud or project (unreachable, signed out, gone).
 */
export function isRefusal(error: CloudError): boolean {
  const { status } = error;
  return (
    error.code !== 'signed-out' &&
    ((status >= 400 && status < 500 && status !== 404 && status !== 429) || status === 507)
  );
}

/** What the refusal means for a path. */
export function problemOf(path: string, error: CloudError): Problem {
  if (error.reason === 'invalid_path') {
    return invalidName(path, trans.__('the cloud does not take it'));
  }
  if (error.reason === 'content_mismatch') {
    return corrupt(path);
  }
  if (error.status === 413) {
    return tooLarge(path, null);
  }
  if (error.status === 507) {
    return {
      path,
      code: 'quota-exceeded',
      message: trans.__(
        'The space for this project in the cloud is used up. Delete what is not needed, or ask whoever runs the cloud for more.'
      )
    };
  }
  if (error.code === 'forbidden') {
    return forbidden(path);
  }
  return { path, code: 'failed', message: error.message };
}

/** @param limit In bytes; null: not known. */
export function tooLarge(path: string, limit: number | null): Problem {
  const message =
    limit === null
      ? trans.__('This file is larger than the cloud takes. Make it smaller, or have it ignored.')
      : trans.__(
          'This file is larger than the cloud takes (%1 bytes). Make it smaller, or have it ignored.',
          limit.toLocaleString('en')
        );
  return { path, code: 'too-large', message };
}

/** Of content that was sent. */
export function corrupt(path: string): Problem {
  return {
    path,
    code: 'corrupt',
    message: trans.__(
      'What arrived in the cloud was not the content that was announced. Nothing was changed there; sync again, and if it stays so tell whoever runs the cloud.'
    )
  };
}

export function notEmpty(path: string): Problem {
  return {
    path,
    code: 'not-empty',
    message: trans.__(
      'This folder still holds something in the cloud, and stays there. Sync again to see what.'
    )
  };
}

export function forbidden(path: string): Problem {
  return {
    path,
    code: 'forbidden',
    message: trans.__(
      'You may not change this project in the cloud. Ask its owner to let you write.'
    )
  };
}
