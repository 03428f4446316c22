import type { Kernel } from '@jupyterlab/services';

import { HelperChannel } from './channel';
import { HelperError } from './helper-error';
import { BOOT, MODULES, PROGRAM_VERSION } from './program';
import { trans } from '../../sync/words';

/** Pages of another version run another program, beside this one. */
const TARGET = `jupyterlab_projects_helper_${PROGRAM_VERSION}`;
/** A person may interrupt the kernel while the program is put into it. */
const TRIES = 3;
/** How long the kernel may take to load the program; ms. */
const INJECT_TIMEOUT = 8000;

/**
 * A channel to the program in this kernel, which is put there where it is not yet.
 *
 * #### Notes
 * Rejects soon when the kernel does not answer: a connection that was made while the kernel restarted may stay deaf, and another
 * one is the cure.
 */
export async function openChannel(
  kernel: Kernel.IKernelConnection,
  options: HelperChannel.IOptions
): Promise<HelperChannel> {
  try {
    return await open(kernel, options);
  } catch (error) {
    // A comm of a kind that the kernel does not know is closed.
    if (!(error instanceof HelperError) || error.reason !== 'closed') {
      throw error;
    }
  }
  await inject(kernel);
  return open(kernel, options);
}

async function open(
  kernel: Kernel.IKernelConnection,
  options: HelperChannel.IOptions
): Promise<HelperChannel> {
  const channel = new HelperChannel(kernel, TARGET, options);
  try {
    await channel.open();
  } catch (error) {
    channel.dispose();
    throw error;
  }
  return channel;
}

/** JSON strings are Python's too as long as they are ASCII, as the program is. */
async function inject(kernel: Kernel.IKernelConnection): Promise<void> {
  const values = [PROGRAM_VERSION, MODULES, kernel.id].map(value => JSON.stringify(value));
  const code = `${BOOT}\n_boot_projects_helper(${values.join(', ')})\n`;
  for (let attempt = 1; ; attempt += 1) {
    const future = kernel.requestExecute({ code, silent: true, store_history: false });
    const timer = setTimeout(() => future.dispose(), INJECT_TIMEOUT);
    // Rejects when it is disposed.
    const { content } = await future.done.finally(() => clearTimeout(timer));
    if (content.status === 'ok') {
      return;
    }
    if (attempt >= TRIES) {
      const why = content.status === 'error' ? content.evalue : content.status;
      throw new Error(trans.__('the helper program could not be started: %1', why));
    }
  }
}
