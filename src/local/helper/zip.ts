/** JSON of the value, compressed by zlib. */
export async function zip(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  return through(new Blob([JSON.stringify(value)]), new CompressionStream('deflate'));
}

/** The value of JSON that zlib had compressed. */
export async function unzip(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const text = await through(new Blob([bytes]), new DecompressionStream('deflate'));
  return JSON.parse(new TextDecoder().decode(text));
}

async function through(
  blob: Blob,
  transform: CompressionStream | DecompressionStream
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(blob.stream().pipeThrough(transform)).arrayBuffer());
}
