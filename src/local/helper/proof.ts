import { randomBytes } from '@noble/hashes/utils.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import { joinPath } from '../../sync/path';
import { ContentsStorage } from '../contents-storage';
import type { HelperChannel } from './channel';
import type { HelperKernel } from './kernel';

/** Written again and again, never removed: what is removed through the server would fill the person's trash. */
const NAME = 'helper-proof.txt';
/** Another tab may write a nonce of its own at the same time. */
const TRIES = 3;

/**
 * Whether the program sees the files that the server shows: something is written through the contents API, and must be found on the
 * disk. A kernel on another machine or in a container finds nothing.
 */
export async function prove(
  channel: HelperChannel,
  { contents, serverSettings, stateFolder: folder, onRequest }: HelperKernel.IOptions
): Promise<boolean> {
  const request = onRequest ? { onRequest } : {};
  const storage = new ContentsStorage({ contents, serverSettings, folder, ...request });
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const nonce = bytesToHex(randomBytes(32));
    await storage.write(NAME, new TextEncoder().encode(nonce));
    const proof = { path: joinPath(folder, NAME), content: nonce };
    const { result } = await channel.request<{ found: boolean }>('prove', proof);
    if (result.found) {
      return true;
    }
  }
  return false;
}
