import { entryOf, lastModified, statOf, vouched } from '../../../../src/local/helper/entries';
import type { Stat } from '../../../../src/local/helper/entries';
import { fileEntry, lastModifiedOf } from '../../../../src/local/local-context';

const SEEN = 1_700_000_000_000;
const OLD = '1600000000123456789';
const STAT: Stat = [3, OLD, OLD, '42'];

describe('lastModified()', () => {
  // What Python's datetime.fromtimestamp(os.stat(…).st_mtime, utc).isoformat() makes of it.
  it.each([
    ['0', '1970-01-01T00:00:00Z'],
    ['1', '1970-01-01T00:00:00Z'],
    ['1600000000000000000', '2020-09-13T12:26:40Z'],
    ['1600000000123456789', '2020-09-13T12:26:40.123457Z'],
    ['1600000000000000400', '2020-09-13T12:26:40Z'],
    ['1600000000999999900', '2020-09-13T12:26:41Z'],
    ['1732449600500000000', '2024-11-24T12:00:00.500000Z'],
    ['-1500000000', '1969-12-31T23:59:58.500000Z']
  ])('should tell %s ns as the Jupyter server does', (time, text) => {
    expect(lastModified(time)).toBe(text);
  });
});

describe('vouched()', () => {
  const entry = entryOf(STAT, 'aa', SEEN);

  it('should give the very entry of what did not change', () => {
    expect(vouched(entry, STAT)).toBe(entry);
    expect(statOf(entry)).toEqual(STAT);
  });

  it.each<[string, Stat]>([
    ['size', [4, OLD, OLD, '42']],
    ['time of modification', [3, '1600000000123456790', OLD, '42']],
    ['time of change', [3, OLD, '1600000000123456790', '42']],
    ['inode', [3, OLD, OLD, '43']]
  ])('should not vouch when the %s differs', (_, stat) => {
    expect(vouched(entry, stat)).toBeNull();
  });

  it('should not vouch when it was seen just after it was written', () => {
    const time = `${SEEN - 500}000000`;
    const stat: Stat = [3, time, time, '42'];
    expect(vouched(entryOf(stat, 'aa', SEEN), stat)).toBeNull();
  });

  it('should vouch for an old file that came here a moment ago: a later change has another time of change', () => {
    const time = `${SEEN - 500}000000`;
    const stat: Stat = [3, OLD, time, '42'];
    const known = entryOf(stat, 'aa', SEEN);
    expect(vouched(known, stat)).toBe(known);
    expect(vouched(known, [3, OLD, `${SEEN - 499}000000`, '42'])).toBeNull();
  });

  it('should trust an entry of the contents API, and add what the helper knows', () => {
    const known = fileEntry({ size: 3, sha256: 'aa', lastModified: lastModified(OLD) }, SEEN);
    expect(vouched(known, STAT)).toEqual(entry);
  });

  it('should not trust an entry of the contents API when the file was touched since', () => {
    const known = fileEntry({ size: 3, sha256: 'aa', lastModified: lastModified(OLD) }, SEEN);
    expect(vouched(known, [3, OLD, `${SEEN + 5000}000000`, '42'])).toBeNull();
  });

  it('should tell the contents replica when the file was last modified', () => {
    expect(lastModifiedOf(entry)).toBe(lastModified(OLD));
  });
});
