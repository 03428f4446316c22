import { readFileSync } from 'node:fs';

import { DEFAULT_SETTINGS, isHeeded, settingsFrom } from '../../../src/model/settings';

describe('settingsFrom', () => {
  it('should give the defaults of the settings’ schema', () => {
    const schema = JSON.parse(readFileSync('schema/plugin.json', 'utf8')) as {
      properties: Record<string, { default: unknown }>;
    };
    const defaults = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, property.default])
    );
    expect(settingsFrom(defaults)).toEqual(DEFAULT_SETTINGS);
    expect(settingsFrom({})).toEqual(DEFAULT_SETTINGS);
  });

  it.each(['keep-both', 'merge', 'ask'])('should know the policy %s', conflictPolicy => {
    expect(settingsFrom({ conflictPolicy }).conflictPolicy).toBe(conflictPolicy);
  });

  it('should take what fits of what a person wrote, and the defaults for the rest', () => {
    expect(
      settingsFrom({
        cloudUrl: ' https://host/api/projects// ',
        projectsFolder: '/Work/',
        stateFolder: '/',
        autoSync: 'yes',
        syncInterval: 1,
        conflictPolicy: 'mine',
        ignore: ['*.log', 7]
      })
    ).toEqual({
      ...DEFAULT_SETTINGS,
      cloudUrl: 'https://host/api/projects',
      projectsFolder: 'Work',
      syncInterval: 5,
      ignore: ['*.log']
    });
  });
});

describe('isHeeded', () => {
  const sources = ['sync', 'helper', 'server', 'kernels', 'look'] as const;
  const heeded = (change: object) =>
    sources.filter(source => isHeeded({ ...DEFAULT_SETTINGS, ...change }, source));

  it.each([
    [{}, sources],
    [{ followSyncs: false }, ['helper', 'server', 'kernels', 'look']],
    [{ followHelper: false }, ['sync', 'server', 'kernels', 'look']],
    [{ followServer: false }, ['sync', 'helper', 'kernels', 'look']],
    [{ followLooks: false }, ['sync', 'helper', 'server']],
    [{ followDisk: false }, []]
  ])('should leave of the ways, with %p, just %p', (change, left) => {
    expect(heeded(change)).toEqual(left);
  });
});
