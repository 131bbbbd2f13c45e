import type { Ratio } from '../measure/statistics.ts';

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const toLine = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [toLine(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(toLine)].join('\n');
}

/** With its interval, if there is one. */
export function ratio(of: Ratio | undefined): string {
  if (of === undefined) return '';
  const [low, high] = of.interval ?? [];
  const interval = low === undefined || high === undefined ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return `${of.median.toFixed(2)} ×${interval}`;
}

export const milliseconds = (microseconds: number): string => (microseconds / 1_000).toFixed(2);

export const number = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });

export const capitalized = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());
