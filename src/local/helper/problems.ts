import type { Problem, ProblemCode } from '../../sync/problem';
import { forbidden } from '../failures';
import { trans } from '../../sync/words';

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
        trans.__(
          'The disk of the Jupyter server is full: "%1" could not be written. Free some space there and sync again.',
          path
        )
      ];
    case 'EFBIG':
      return ['too-large', trans.__('"%1" is larger than the Jupyter server may write.', path)];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ['forbidden', forbidden(path).message];
    case 'ENAMETOOLONG':
    case 'EILSEQ':
      return [
        'invalid-name',
        trans.__('The disk of the Jupyter server can not hold the name "%1".', path)
      ];
    default:
      return [
        'failed',
        trans.__('The Jupyter server could not change "%1": %2 (%3).', path, message, code)
      ];
  }
}

/** The same where it could not be read. */
export function unreadable(path: string, code: string): Problem {
  return code === 'EACCES' || code === 'EPERM'
    ? {
        path,
        code: 'forbidden',
        message: trans.__(
          '"%1" can not be read: check the permissions of the file and its folder.',
          path
        )
      }
    : { path, code: 'unreadable', message: trans.__('"%1" can not be read now (%2).', path, code) };
}
