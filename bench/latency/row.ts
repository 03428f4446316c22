import type { Options } from './options';
import type { Stage } from './stage';

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** What it may be at most, in words; '' where nothing was promised. */
  readonly bar: string;
  readonly median: string;
  /** '' where it says nothing. */
  readonly p95?: string;
  readonly isOver: boolean;
  readonly notes?: readonly string[];
}

export type Measure = (stage: Stage, options: Options) => Promise<Row[]>;

/** The rows as lines of text, the columns aligned. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['', 'bar', 'median', 'p95', ''],
    ...rows.map(({ what, bar, median, p95, isOver }) => [
      what,
      bar,
      median,
      p95 ?? '',
      bar === '' ? '' : isOver ? 'OVER' : 'ok'
    ])
  ];
  const widths = [0, 1, 2, 3, 4].map(column =>
    Math.max(...cells.map(line => (line[column] ?? '').length))
  );
  const lines = cells.map(
    line => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  );
  lines.splice(1, 0, `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`);
  const notes = rows.flatMap(({ what, notes: own = [] }) => own.map(note => `${what}: ${note}`));
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}
