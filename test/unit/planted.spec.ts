import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Defect {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const { PLANTED } = (await import(join(ROOT, 'scripts/lib/planted.mjs'))) as {
  PLANTED: readonly Defect[];
};

it('should be possible to plant every defect that the simulation has to find', () => {
  expect(PLANTED.length).toBeGreaterThanOrEqual(15);
  const stale = PLANTED.filter(({ file, find, put }) => {
    const parts = readFileSync(join(ROOT, file), 'utf8').split(find);
    return parts.length !== 2 || find === put;
  });
  expect(stale.map(({ name }) => name)).toEqual([]);
});
