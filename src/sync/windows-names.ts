import { trans } from './words';
const SEPARATORS = /[\\:]/;
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f<>"|?*]/;
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)/i;
/** Any of these, quickly. */
const ODD =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f<>"|?*\\:]|[. ](?:\/|$)|(?:^|\/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])/i;

/** Whether a look at `whyNotOnWindows` is worth it. */
export function mayBeOddOnWindows(path: string): boolean {
  return ODD.test(path);
}

/** Why Windows can't hold a file or folder of this path as it is, or null when it can. */
export function whyNotOnWindows(path: string): string | null {
  for (const name of path.split('/')) {
    const separator = SEPARATORS.exec(name);
    if (separator) {
      return trans.__('"%1" has a meaning of its own in a path there', separator[0]);
    }
    const forbidden = FORBIDDEN.exec(name);
    if (forbidden) {
      return trans.__('%1 is not allowed in a name there', JSON.stringify(forbidden[0]));
    }
    if (/[. ]$/.test(name)) {
      return trans.__('a dot or a space at the end of a name is dropped there');
    }
    if (DEVICE.test(name)) {
      return trans.__('"%1" is the name of a device there', name);
    }
  }
  return null;
}
