/** A cell of a notebook as the tests make them. */
export interface CellExample {
  id?: string;
  cell_type: string;
  metadata: Record<string, unknown>;
  source: string | string[];
  outputs?: Record<string, unknown>[];
  execution_count?: number | null;
  attachments?: Record<string, Record<string, string>>;
}

export interface NotebookExample {
  cells: CellExample[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

export function codeCell(id: string, source: string, more: Partial<CellExample> = {}): CellExample {
  return {
    cell_type: 'code',
    execution_count: null,
    id,
    metadata: {},
    outputs: [],
    source: linesOf(source),
    ...more
  };
}

export function proseCell(
  id: string,
  source: string,
  more: Partial<CellExample> = {}
): CellExample {
  return { cell_type: 'markdown', id, metadata: {}, source: linesOf(source), ...more };
}

export function stream(text: string): Record<string, unknown> {
  return { name: 'stdout', output_type: 'stream', text: linesOf(text) };
}

export function result(count: number | null, text: string): Record<string, unknown> {
  return {
    data: { 'text/plain': [text] },
    execution_count: count,
    metadata: {},
    output_type: 'execute_result'
  };
}

export function notebook(
  cells: CellExample[],
  more: Partial<NotebookExample> = {}
): NotebookExample {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5, ...more };
}

/** As Jupyter writes it: its keys are sorted, a level is indented by one space, and the file ends with a line feed. */
export function written(example: NotebookExample): string {
  return `${JSON.stringify(sorted(example), null, 1)}\n`;
}

export function sourceOf({ source }: CellExample): string {
  return typeof source === 'string' ? source : source.join('');
}

export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)])
  );
}
