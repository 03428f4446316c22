/**
 * Why the contents API would not show a file or folder of this path, or null when it does.
 *
 * #### Notes
 * Jupyter's defaults: `allow_hidden` is off, and `hide_globs` has `__pycache__`, `*.pyc`, `*.pyo`, `.DS_Store`, `*~`.
 */
export function whyNotVisible(path: string): string | null {
  for (const name of path.split('/')) {
    if (name.startsWith('.')) {
      return `Jupyter hides names that start with a dot ("${name}")`;
    }
    if (name === '__pycache__' || /\.(pyc|pyo)$/.test(name)) {
      return `Jupyter hides what Python compiles for itself ("${name}")`;
    }
    if (name.endsWith('~')) {
      return `Jupyter hides backup names that end with "~" ("${name}")`;
    }
  }
  return null;
}
