import {
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  SessionManager
} from '@jupyterlab/services';

import { HelperKernel } from '../../src/local/helper/kernel';
import type { JupyterServer } from './jupyter-server';

/** A page's part of JupyterLab that the helper kernel needs, with a helper of its own. */
export class HelperPage {
  constructor(
    readonly jupyter: JupyterServer,
    options: Partial<HelperKernel.IOptions> & { readonly url?: string } = {}
  ) {
    const { url = jupyter.url, ...rest } = options;
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: url,
      wsUrl: url.replace(/^http/, 'ws'),
      token: jupyter.token,
      appendToken: true,
      fetch,
      Request,
      Headers
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

  /** As when the page is closed. */
  close(): void {
    this.helper.dispose();
    this.sessions.dispose();
    this.kernels.dispose();
    this.kernelspecs.dispose();
  }
}

export const STATE_FOLDER = 'Projects/_state';
