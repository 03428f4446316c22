import { PageConfig } from '@jupyterlab/coreutils';

/**
 * What JupyterLab's server tells its pages of kernels, which a page of plain `@jupyterlab/services` does not know: messages that
 * are no activity, and change no status that a page shows.
 */
export function configureAsJupyterLab(): void {
  const types = [
    ...['comm_info_request', 'comm_info_reply', 'kernel_info_request', 'kernel_info_reply'],
    ...['shutdown_request', 'shutdown_reply', 'interrupt_request', 'interrupt_reply'],
    ...['debug_request', 'debug_reply', 'stream', 'display_data', 'update_display_data'],
    ...['execute_input', 'execute_result', 'error', 'status', 'clear_output', 'debug_event'],
    ...['input_request', 'input_reply']
  ];
  PageConfig.setOption('untracked_message_types', JSON.stringify(types));
}
