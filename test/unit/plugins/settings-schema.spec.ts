import { readFile } from 'node:fs/promises';

import { DEFAULT_SETTINGS, settingsFrom } from '../../../src/model/settings';

interface Schema {
  readonly properties: Readonly<
    Record<string, { default: unknown; title: string; description: string }>
  >;
}

const schema = JSON.parse(await readFile('schema/plugin.json', 'utf8')) as Schema;
const properties = Object.entries(schema.properties);

describe('the settings', () => {
  it('have the defaults that the model has', () => {
    const defaults = Object.fromEntries(
      properties.map(([name, property]) => [name, property.default])
    );
    expect(defaults).toEqual(DEFAULT_SETTINGS);
    expect(settingsFrom(defaults)).toEqual(DEFAULT_SETTINGS);
  });

  it.each(properties)('%s is explained in words', (_name, { title, description }) => {
    expect(title).not.toBe('');
    expect(description.length).toBeGreaterThan(40);
  });

  it('hold no secret', () => {
    expect(
      properties.map(([name]) => name).filter(name => /key|token|password/i.test(name))
    ).toEqual([]);
  });
});
