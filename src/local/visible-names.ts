import { trans } from '../sync/words';
/**
 * Why the contents API would not show a file or folder of this path, or null when it does.
 *
 * #### Notes
 * Jupyter's defaults: `allow_hidden` is off, and `hide_globs` has `__pycache__`, `*.pyc`, `*.pyo`, `.DS_Store`, `*~`.
 */
export function whyNotVisible(path: string): string | null {
  for (const name of path.split('/')) {
    if (name.startsWith('.')) {
      return trans.__('Jupyter hides names that start with a dot ("%1")', name);
    }
    if (name === '__pycache__' || /\.(pyc|pyo)$/.test(name)) {
      return trans.__('Jupyter hides what Python compiles for itself ("%1")', name);
    }
    if (name.endsWith('~')) {
      return trans.__('Jupyter hides backup names that end with "~" ("%1")', name);
    }
  }
  return null;
}
