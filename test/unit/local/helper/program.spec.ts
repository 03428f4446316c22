import { readFileSync } from 'node:fs';

import { PROGRAM_VERSION } from '../../../../src/local/helper/program';

interface Script {
  readonly TARGET: string;
  programText(): string;
}

describe('the helper program', () => {
  it('should be in the bundle as its Python files say: else run scripts/helper-program.mjs', async () => {
    const path = '../../../../scripts/helper-program.mjs';
    const script = (await import(path)) as Script;
    expect(readFileSync(script.TARGET, 'utf8')).toBe(script.programText());
    expect(PROGRAM_VERSION).toMatch(/^[0-9a-f]{12}$/);
  });
});
