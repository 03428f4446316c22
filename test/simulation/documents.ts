/** What a person does to one piece of a document. */
export interface Edit {
  readonly how: 'insert' | 'replace' | 'drop';
  /** Picks the piece. */
  readonly at: number;
  /** The new piece; no other is the same. */
  readonly piece: string;
}

interface Cell {
  readonly id: string;
  readonly cell_type: 'markdown';
  readonly metadata: object;
  readonly source: string;
}

/** The pieces of a text: of a notebook its cells' sources, else its lines. null: it is no notebook, by its name it should be. */
export function piecesOf(path: string, text: string): string[] | null {
  if (path.endsWith('.ipynb')) {
    return cellsOf(text)?.map(({ source }) => source) ?? null;
  }
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

export function documentOf(path: string, pieces: readonly string[]): string {
  return path.endsWith('.ipynb')
    ? notebookOf(pieces.map(piece => cellOf(piece, piece)))
    : pieces.map(piece => `${piece}\n`).join('');
}

/** The document after the edit; as it was where it is none. */
export function edited(path: string, text: string, { how, at, piece }: Edit): string {
  const isNotebook = path.endsWith('.ipynb');
  const list: Cell[] | null = isNotebook
    ? cellsOf(text)
    : (piecesOf(path, text) ?? []).map(line => cellOf(line, line));
  if (!list) {
    return text;
  }
  const index = at % (list.length + (how === 'insert' ? 1 : 0) || 1);
  const there = list[index];
  switch (how) {
    case 'insert':
      list.splice(index, 0, cellOf(piece, piece));
      break;
    case 'replace':
      list.splice(index, 1, cellOf(there?.id ?? piece, piece));
      break;
    case 'drop':
      list.splice(index, 1);
  }
  return isNotebook
    ? notebookOf(list)
    : documentOf(
        path,
        list.map(({ source }) => source)
      );
}

/** Whether no piece of it is like another, and it is no notebook under the name of a text. */
export function isPlain(path: string, text: string): boolean {
  const pieces = piecesOf(path, text);
  const isMisnamed = !path.endsWith('.ipynb') && cellsOf(text) !== null;
  return pieces !== null && new Set(pieces).size === pieces.length && !isMisnamed;
}

/** Whether it is a notebook whose cells can be told apart. */
export function isNotebook(text: string): boolean {
  const cells = cellsOf(text);
  return cells !== null && new Set(cells.map(({ id }) => id)).size === cells.length;
}

function cellOf(id: string, source: string): Cell {
  return { id, cell_type: 'markdown', metadata: {}, source };
}

function notebookOf(cells: readonly Cell[]): string {
  return `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 })}\n`;
}

function cellsOf(text: string): Cell[] | null {
  try {
    const notebook = JSON.parse(text) as { readonly cells?: Cell[]; readonly nbformat?: number };
    return notebook.nbformat === 4 && Array.isArray(notebook.cells) ? notebook.cells : null;
  } catch {
    return null;
  }
}
