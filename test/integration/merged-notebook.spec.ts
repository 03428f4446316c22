import { execFileSync } from 'node:child_process';

import fc from 'fast-check';

import { mergeNotebooks } from '../../src/sync/merge/notebook-merge';
import { pythonOf } from '../support/jupyter-server';
import { scenarioOf } from '../support/notebook-edits';
import { written } from '../support/notebook-examples';

/** Reads a list of texts; prints for each what Jupyter finds wrong, or what it would write differently. */
const VALIDATE = `
import json, sys, warnings
import nbformat
warnings.simplefilter("error")
found = []
for text in json.load(sys.stdin):
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        if nbformat.writes(notebook) + "\\n" != text:
            found.append("written differently: " + text)
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
print(json.dumps(found))
`;

const findings = (texts: readonly string[]): string[] =>
  JSON.parse(
    execFileSync(pythonOf(), ['-c', VALIDATE], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024
    })
  ) as string[];

it('should be valid for Jupyter itself, and written as Jupyter writes, whatever was merged', () => {
  const merged = fc
    .sample(scenarioOf(5, 5, 4), 1000)
    .map(({ base, local, cloud }) => mergeNotebooks(written(base), written(local), written(cloud)))
    .filter(text => text !== null);
  expect(merged.length).toBeGreaterThan(200);
  expect(findings(merged)).toEqual([]);
});

it('should be noticed by Jupyter where it were not', () => {
  expect(findings(['{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":"x"}'])).toHaveLength(
    1
  );
});
