import type { Precondition } from '../files/operations';

/** Version ids as a header lists them: quoted, or not; weak or not. */
function versionsIn(header: string): string[] {
  return header.split(',').map(each =>
    each
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase()
  );
}

/** What `If-Match` and `If-None-Match` ask of what is there now. */
export function preconditionOf(headers: Headers): Precondition {
  const match = headers.get('if-match');
  const noneMatch = headers.get('if-none-match');
  return current =>
    (match === null || (current !== null && names(match, current.file_version_id))) &&
    (noneMatch === null || current === null || !names(noneMatch, current.file_version_id));
}

/** True where the header is `*` or lists the version. */
export function names(header: string, version: string): boolean {
  return header.trim() === '*' || versionsIn(header).includes(version);
}
