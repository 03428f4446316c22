import type { Problem, ProblemCode } from '../../sync/problem';
import { forbidden } from '../failures';

/** Why the program could not do something to a path, for a person. `code`: the system's name of the error. */
export function problemOf(path: string, code: string, message: string): Problem {
  const [problem, words] = wordsFor(path, code, message);
  return { path, code: problem, message: words };
}

function wordsFor(path: string, code: string, message: string): [ProblemCode, string] {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return [
        'disk-full',
        `The disk of the Jupyter server is full: "${path}" could not be written. Free some space there and sync again.`
      ];
    case 'EFBIG':
      return ['too-large', `"${path}" is larger than the Jupyter server may write.`];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ['forbidden', forbidden(path).message];
    case 'ENAMETOOLONG':
    case 'EILSEQ':
      return ['invalid-name', `The disk of the Jupyter server can not hold the name "${path}".`];
    default:
      return ['failed', `The Jupyter server could not change "${path}": ${message} (${code}).`];
  }
}

/** The same where it could not be read. */
export function unreadable(path: string, code: string): Problem {
  return code === 'EACCES' || code === 'EPERM'
    ? {
        path,
        code: 'forbidden',
        message: `"${path}" can not be read: check the permissions of the file and its folder.`
      }
    : { path, code: 'unreadable', message: `"${path}" can not be read now (${code}).` };
}
