import type { Kernel, KernelSpec, Session } from '@jupyterlab/services';
import { CommsOverSubshells } from '@jupyterlab/services';

import { trans } from '../../sync/words';

/** What people read in the list of running kernels. */
const NAME = 'Projects helper';
/** In the root, so that the kernel starts there; nothing on disk has the name. */
const PATH = 'Projects helper';
const TYPE = 'projects-helper';

const CONNECTION = {
  handleComms: true,
  commsOverSubshells: CommsOverSubshells.Disabled
};

/**
 * The session of the server's one helper kernel: the one that runs, else a new one.
 *
 * #### Notes
 * To be called under a lock: of several requests at once each would start a kernel.
 *
 * @returns whether it was started now
 */
export async function openSession(
  sessions: Session.IManager,
  kernel: string
): Promise<{ readonly session: Session.ISessionConnection; readonly isNew: boolean }> {
  await sessions.refreshRunning();
  for (const model of sessions.running()) {
    if (model.type === TYPE && model.path === PATH && model.kernel) {
      const session = sessions.connectTo({ model, kernelConnectionOptions: CONNECTION });
      return { session, isNew: false };
    }
  }
  const session = await sessions.startNew(
    { name: NAME, path: PATH, type: TYPE, kernel: { name: kernel } },
    { kernelConnectionOptions: CONNECTION }
  );
  return { session, isNew: true };
}

/** The name of a Python kernel: the default one where it is, else any; null where there is none. */
export async function pythonKernel(specs: KernelSpec.IManager): Promise<string | null> {
  await specs.ready;
  const known = specs.specs;
  if (!known) {
    return null;
  }
  const names = [known.default, 'python3', ...Object.keys(known.kernelspecs).sort()];
  const isPython = (name: string) => known.kernelspecs[name]?.language.toLowerCase() === 'python';
  return names.find(isPython) ?? null;
}

/** Whether this is the helper's session, for lists that leave it out. */
export function isHelperSession(model: Session.IModel): boolean {
  return model.type === TYPE;
}

/**
 * Resolves when messages reach the kernel; rejects when that takes longer than `timeout` ms, or it is gone.
 *
 * #### Notes
 * The status alone does not tell: where the server counts the first message, which asks for the kernel's info, as no activity (as
 * it does by default), JupyterLab's pages leave the status of a new connection at `unknown`.
 */
export async function whenConnected(
  kernel: Kernel.IKernelConnection,
  timeout: number
): Promise<void> {
  let hasAnswered = false;
  const isThere = () =>
    kernel.connectionStatus === 'connected' &&
    (hasAnswered || kernel.status === 'idle' || kernel.status === 'busy');
  let stop = () => undefined as void;
  const there = new Promise<void>((resolve, reject) => {
    const look = () => {
      if (kernel.isDisposed || kernel.status === 'dead') {
        reject(new Error(trans.__('the kernel is gone')));
      } else if (isThere()) {
        resolve();
      }
    };
    const timer = setTimeout(
      () => reject(new Error(trans.__('the kernel did not start in time'))),
      timeout
    );
    kernel.statusChanged.connect(look);
    kernel.connectionStatusChanged.connect(look);
    kernel.disposed.connect(look);
    stop = () => {
      clearTimeout(timer);
      kernel.statusChanged.disconnect(look);
      kernel.connectionStatusChanged.disconnect(look);
      kernel.disposed.disconnect(look);
    };
    kernel.info.then(() => {
      hasAnswered = true;
      look();
    }, reject);
    look();
  });
  try {
    await there;
  } finally {
    stop();
  }
}
