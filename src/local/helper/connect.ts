import type { Kernel } from '@jupyterlab/services';

import { HelperChannel } from './channel';
import { HelperError } from './helper-error';
import { BOOT, MODULES, PROGRAM_VERSION } from './program';

/** Pages of another version run another program, beside this one. */
const TARGET = `jupyterlab_projects_helper_${PROGRAM_VERSION}`;
/** A person may interrupt the kernel while the program is put into it. */
const TRIES = 3;

/** A channel to the program in this kernel, which is put there where it is not yet. */
export async function openChannel(
  kernel: Kernel.IKernelConnection,
  options: HelperChannel.IOptions
): Promise<HelperChannel> {
  try {
    return await open(kernel, options);
  } catch (error) {
    if (!(error instanceof HelperError)) {
      throw error;
    }
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await inject(kernel);
      return await open(kernel, options);
    } catch (error) {
      if (attempt >= TRIES || kernel.isDisposed) {
        throw error;
      }
    }
  }
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
  const future = kernel.requestExecute({ code, silent: true, store_history: false });
  const reply = await future.done;
  if (reply.content.status !== 'ok') {
    const why = reply.content.status === 'error' ? reply.content.evalue : reply.content.status;
    throw new Error(`the helper program could not be started: ${why}`);
  }
}
