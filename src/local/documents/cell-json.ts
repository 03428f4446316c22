import type { IAttachments, ICell } from '@jupyterlab/nbformat';

import type { Cell } from './notebook-content';

/** As a file keeps it. */
export function cellJson(cell: Cell): ICell {
  const { id, type, source, metadata, outputs, count } = cell;
  const attachments = attachmentsOf(cell);
  return {
    cell_type: type,
    ...(id !== null && { id }),
    metadata,
    source,
    ...(attachments && { attachments }),
    ...(type === 'code' && { outputs: [...outputs], execution_count: count })
  };
}

export function attachmentsOf({ attachments }: Cell): IAttachments | undefined {
  return attachments as IAttachments | undefined;
}
