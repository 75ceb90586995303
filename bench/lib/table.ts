// What is printed: one line of a Markdown table for each row.
import type { Measured, RowResult, SideResult } from './measure.ts';
import type { Figure, Missing, Row, Unit } from './row.ts';

/** The head of the table. */
export const tableHead = ['| row | ours | held against | ratio |', '| --- | --- | --- | --- |'].join('\n');

/**
 * One row: figures with the spread of the first one; sides beyond the second stand below ours; the ratio is ours by the
 * other's, and `noisy` beside it says that the machine let no calm rounds be.
 */
export function tableRow(row: Pick<Row, 'name' | 'figures' | 'better'>, result: RowResult): string {
  const [ours, other, ...more] = result.sides.map((side) => sideText(row.figures, side));
  const own = [ours, ...more].join('; ');
  const ratio = result.ratio === undefined ? '–' : `${result.ratio.toFixed(2)} (${row.better} is better)`;
  const mark = result.noisy ? ` **noisy**, ${percent(result.spread ?? 0)} after ${times(result.tries)}` : '';
  return line([`\`${row.name}\``, own, other ?? '–', `${ratio}${mark}`]);
}

/** A row that could not be measured. */
export function failedRow(row: Pick<Row, 'name'>, reason: string): string {
  return line([`\`${row.name}\``, `failed: ${reason}`, '–', '–']);
}

function sideText(figures: readonly Figure[], side: SideResult | Missing): string {
  if ('missing' in side) return `${side.name}: missing, ${side.missing}`;
  const texts = figures.flatMap((figure, index) => {
    const found = side.figures[figure.name];
    return found === undefined || figure.hidden === true ? [] : [figureText(figure, found, index === 0)];
  });
  return `${side.name}: ${texts.join(', ')}`;
}

function figureText({ unit, label }: Figure, { value, spread }: Measured, withSpread: boolean): string {
  return `${numberText(value, unit)}${withSpread ? ` ±${percent(spread)}` : ''}${label === undefined ? '' : ` ${label}`}`;
}

/** A number with its unit, in three digits or so: `8.13k/s`, `111 µs`, `1.20 GB`. */
export function numberText(value: number, unit: Unit): string {
  if (unit === '%') return percent(value);
  if (unit === 'MB') return value >= 1000 ? `${(value / 1000).toFixed(2)} GB` : `${value.toFixed(0)} MB`;
  const space = unit === '/s' ? '' : ' ';
  return `${digits(value)}${space}${unit}`;
}

function digits(value: number): string {
  if (value >= 1e6) return `${short(value / 1e6)}M`;
  if (value >= 1e4) return `${short(value / 1e3)}k`;
  return short(value);
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function times(count: number): string {
  return count === 1 ? 'one try' : `${count} tries`;
}

/** What stands in a cell keeps the table whole. */
function line(cells: readonly string[]): string {
  const clean = cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim());
  return `| ${clean.join(' | ')} |`;
}
