/** Up to where a project's feed of changes was read, and of which life of the cloud that was. */
export interface Cursor {
  /** null: the cloud never told. */
  readonly epoch: string | null;
  readonly revision: number;
}

export function formatCursor({ epoch, revision }: Cursor): string {
  return `${epoch ?? ''}:${revision}`;
}

/** null for what is no cursor of this form: then there is nothing to go on from. */
export function parseCursor(text: string | null): Cursor | null {
  const match = /^([0-9a-f-]*):(\d+)$/i.exec(text ?? '');
  return match ? { epoch: match[1] || null, revision: Number(match[2]) } : null;
}
