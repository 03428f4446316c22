import { decodeBase64, encodeBase64 } from '../../../src/local/base64';

describe('base64', () => {
  it('should encode as the platform does, around every border of its steps', async () => {
    for (const size of [0, 1, 2, 3, 24_575, 24_576, 24_577, 1_600_000, 5_000_003]) {
      const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 256);
      const text = await encodeBase64(bytes);
      expect(text === Buffer.from(bytes).toString('base64')).toBe(true);
      expect(Buffer.compare(decodeBase64(text), bytes)).toBe(0);
    }
  });

  it('should decode what is broken into lines, as Python writes it', () => {
    expect([...decodeBase64('AAEC\nAwQ=\n')]).toEqual([0, 1, 2, 3, 4]);
  });

  it('should let the page breathe while it encodes much', async () => {
    let breaths = 0;
    const ticking = setInterval(() => {
      breaths += 1;
    });
    await encodeBase64(new Uint8Array(20_000_000));
    clearInterval(ticking);
    expect(breaths).toBeGreaterThan(3);
  });

  it('should throw on what is no base64', () => {
    expect(() => decodeBase64('*')).toThrow();
  });
});
