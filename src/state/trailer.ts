import type { Breathe } from '../sync/breathe';
import { hashOf } from '../sync/content';
import { trans } from '../sync/words';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * A state file is an SQLite database followed by a trailer of 48 bytes:
 *
 * | bytes | what |
 * |---|---|
 * | 8 | `JLPSTATE` in ASCII |
 * | 8 | the generation's number, unsigned, most significant byte first; 1 or more |
 * | 32 | sha256 of all that comes before it: database, magic and number |
 *
 * SQLite goes by the page count in its own header and never looks at what follows the last page, so the file opens in
 * any SQLite tool as it is. (A tool that writes to it cuts or outdates the trailer, and the file no longer counts.)
 */
const MAGIC = new TextEncoder().encode('JLPSTATE');
const NUMBER_AT = MAGIC.length;
const CHECKSUM_AT = NUMBER_AT + 8;
export const TRAILER_BYTES = CHECKSUM_AT + 32;

/** What a whole and unaltered state file holds. */
export interface Sealed {
  readonly number: number;
  /** The database without its trailer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex; it covers the number too. */
  readonly checksum: string;
}

/**
 * The file for a database, and the checksum in it.
 *
 * @param breathe - awaited between the copy of all bytes and the hash of them. Default: nothing comes in between
 */
export async function seal(
  database: Uint8Array,
  number: number,
  breathe?: Breathe
): Promise<{ file: Uint8Array<ArrayBuffer>; checksum: string }> {
  const file = new Uint8Array(database.length + TRAILER_BYTES);
  file.set(database);
  file.set(MAGIC, database.length);
  const view = new DataView(file.buffer);
  view.setBigUint64(database.length + NUMBER_AT, BigInt(number));
  await breathe?.();
  const checksum = await hashOf(file.subarray(0, database.length + CHECKSUM_AT));
  for (let index = 0; index < 32; index++) {
    file[database.length + CHECKSUM_AT + index] = parseInt(
      checksum.slice(2 * index, 2 * index + 2),
      16
    );
  }
  return { file, checksum };
}

/** What the file holds, or in words why it is not one of ours, whole. */
export async function unseal(file: Uint8Array<ArrayBuffer>): Promise<Sealed | string> {
  const end = file.length - TRAILER_BYTES;
  if (file.length === 0) {
    return trans.__('it is empty');
  }
  if (end < 0 || MAGIC.some((byte, index) => file[end + index] !== byte)) {
    return trans.__('it is cut short, or was not written by this extension');
  }
  const checksum = await hashOf(file.subarray(0, end + CHECKSUM_AT));
  if (checksum !== bytesToHex(file.subarray(end + CHECKSUM_AT))) {
    return trans.__('its content does not match its checksum');
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const number = Number(view.getBigUint64(end + NUMBER_AT));
  return { number, bytes: file.subarray(0, end), checksum };
}
