import type { SqlJsStatic } from 'sql.js';

/** As the browser's build of sql.js asks for it. */
const BROWSER_WASM = 'sql-wasm-browser.wasm';

/**
 * Loads SQLite, when it is first needed: 0.7 MB that a page without projects does without.
 *
 * #### Notes
 * The bundler finds the wasm by the literal URL below. In Node sql.js asks for another file, and finds it beside itself.
 */
export async function loadSqlJs(): Promise<SqlJsStatic> {
  const { default: initSqlJs } = await import('sql.js');
  return initSqlJs({
    locateFile: (file: string, folder: string) =>
      file === BROWSER_WASM
        ? new URL('sql.js/dist/sql-wasm-browser.wasm', import.meta.url).href
        : folder + file
  });
}
