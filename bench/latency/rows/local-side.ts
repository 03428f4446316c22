import { join } from 'node:path';

import { build } from 'esbuild';

import { Folder } from '../../../test/support/folder';
import { DIRECTORIES, FILES, writeFiles } from '../files';
import { inSeconds } from '../figures';
import type * as LocalSide from '../page/local-side';
import type { Measure } from '../row';
import type { Stage } from '../stage';

declare global {
  interface Window {
    localSide: typeof LocalSide;
  }
}

const ORIGIN = 'all files';

/** The local side of a first sync, by the helper kernel and by the contents API: all is read, and all is written. */
export const localSide: Measure = async (stage, { quick }) => {
  const parts = quick ? 10 : 1;
  const { root } = stage.server.lab;
  await writeFiles(new Folder(join(root, ORIGIN)));
  const part = 'a part of them';
  if (parts > 1) {
    const size = { files: FILES / parts, directories: DIRECTORIES / parts };
    await writeFiles(new Folder(join(root, part)), size);
  }
  await stage.go({ autoSync: false, helperKernel: 'off' });
  await load(stage);
  const helper = await measure(stage, 'helper', ORIGIN, 'by the helper');
  const contents = await measure(stage, 'contents', parts > 1 ? part : ORIGIN, 'by the contents');
  const all = { read: helper.scan + helper.read, write: helper.write };
  const slow = { read: (contents.scan + contents.read) * parts, write: contents.write * parts };
  const extrapolated =
    parts > 1 ? [`the contents API's figures are ${parts} × those of ${contents.files} files`] : [];
  return [
    {
      what: `read all of ${helper.files} files (124 MB), helper`,
      bar: '≤ 4 s',
      median: inSeconds(all.read),
      isOver: all.read > 4000,
      notes: [
        `scan with hashes ${inSeconds(helper.scan)}, contents ${inSeconds(helper.read)}`,
        `the contents API takes ${inSeconds(slow.read)}: ${(slow.read / all.read).toFixed(1)} ×`,
        ...extrapolated
      ]
    },
    {
      what: `write all of them, helper`,
      bar: '≤ 8 s',
      median: inSeconds(all.write),
      isOver: all.write > 8000,
      notes: [
        `the contents API takes ${inSeconds(slow.write)}: ${(slow.write / all.write).toFixed(1)} ×`,
        ...extrapolated
      ]
    }
  ];
};

async function load({ page }: Stage): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../page/local-side.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'localSide',
    target: 'es2022',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' }
  });
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
}

function measure(
  { page }: Stage,
  way: 'helper' | 'contents',
  from: string,
  to: string
): Promise<LocalSide.Times> {
  return page.evaluate(
    given => window.localSide.measure(window.jupyterapp.serviceManager, ...given),
    [way, from, to] as ['helper' | 'contents', string, string]
  );
}
