import {
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  SessionManager
} from '@jupyterlab/services';

import { HelperKernel } from '../../src/local/helper/kernel';
import { HelperReplica } from '../../src/local/helper/replica';
import type { JupyterServer } from './jupyter-server';
import { configureAsJupyterLab } from './lab-page-config';

export const STATE_FOLDER = 'Projects/_state';

/** A page's part of JupyterLab that the helper kernel needs, with the page's helper. */
export class HelperPage {
  constructor(
    readonly jupyter: JupyterServer,
    options: Partial<HelperKernel.IOptions> & {
      /** In place of the socket that the page would use. */
      readonly socket?: typeof WebSocket;
    } = {}
  ) {
    const { socket, ...rest } = options;
    configureAsJupyterLab();
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: jupyter.url,
      wsUrl: jupyter.url.replace(/^http/, 'ws'),
      token: jupyter.token,
      appendToken: true,
      fetch,
      Request,
      Headers,
      ...(socket ? { WebSocket: socket } : {})
    });
    this.kernels = new KernelManager({ serverSettings });
    this.sessions = new SessionManager({ serverSettings, kernelManager: this.kernels });
    this.kernelspecs = new KernelSpecManager({ serverSettings });
    this.helper = new HelperKernel({
      kernelspecs: this.kernelspecs,
      sessions: this.sessions,
      contents: jupyter.contents,
      serverSettings: jupyter.settings,
      stateFolder: STATE_FOLDER,
      ...rest
    });
  }

  readonly kernels: KernelManager;
  readonly sessions: SessionManager;
  readonly kernelspecs: KernelSpecManager;
  readonly helper: HelperKernel;

  /** A project's replica, its root in use. */
  async replica(
    root: string,
    options: Partial<HelperReplica.IOptions> = {}
  ): Promise<HelperReplica> {
    await this.helper.useRoot(root);
    return new HelperReplica({
      helper: this.helper,
      root,
      contents: this.jupyter.contents,
      serverSettings: this.jupyter.settings,
      stateFolder: STATE_FOLDER,
      ...options
    });
  }

  /** The process of the helper's kernel. */
  async process(): Promise<number> {
    const { result } = await this.helper.request<{ process: number }>('hello', {});
    return result.process;
  }

  /** The next hint that names the path, or says that anything may have changed. */
  hint(path: string): Promise<readonly string[] | null> {
    const { helper } = this;
    return new Promise(resolve => {
      const listen = (_: HelperKernel, { paths }: HelperKernel.IHint) => {
        if (paths === null || paths.includes(path)) {
          helper.hints.disconnect(listen);
          resolve(paths);
        }
      };
      helper.hints.connect(listen);
    });
  }

  /** Resolves when the helper's status is this one. */
  async whenState(state: HelperKernel.State): Promise<void> {
    const { helper } = this;
    if (helper.status.state !== state) {
      await new Promise<void>(resolve => {
        const listen = (_: HelperKernel, status: HelperKernel.IStatus) => {
          if (status.state === state) {
            helper.statusChanged.disconnect(listen);
            resolve();
          }
        };
        helper.statusChanged.connect(listen);
      });
    }
  }

  /** As when the page is closed: nobody tells the kernel. */
  async close(): Promise<void> {
    await Promise.all([this.sessions.ready, this.kernels.ready, this.kernelspecs.ready]);
    this.helper.dispose();
    this.sessions.dispose();
    this.kernels.dispose();
    this.kernelspecs.dispose();
  }
}
