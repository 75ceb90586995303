// What came out, as lines and as the table of docs/testing.md.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Verdict } from './try-mutant.ts';

/** Head of the table. */
export const tableHead = [
  '| what | mutants | killed | by an assertion | by an error | time-outs | survived | no test comes by |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
].join('\n');

/** A row: the killed are those that a test saw, so without time-outs. */
export function scoreRow(name: string, verdicts: readonly Verdict[]): string {
  const count = (end: Verdict['end']): number => verdicts.filter((verdict) => verdict.end === end).length;
  const killed = count('assertion') + count('error');
  const share = verdicts.length === 0 ? 0 : (killed / verdicts.length) * 100;
  const cells = [
    name,
    verdicts.length,
    `${share.toFixed(1)} %`,
    count('assertion'),
    count('error'),
    count('timeout'),
    count('survived'),
    count('uncovered'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** A line about a mutant that no test killed by what it saw. */
export function survivorLine({ mutant, end, file }: Verdict): string | undefined {
  if (end === 'assertion' || end === 'error') return undefined;
  const { original, replacement, kind, line, column } = mutant;
  const where = `${mutant.file}:${line}:${column}`;
  const what = `${short(original)} -> ${short(replacement)}`;
  return `  ${end} ${where} ${kind} ${what}${file === undefined ? '' : ` (${file})`}`;
}

/** Puts rows into the page, in place of those that have their names. */
export function writeTable(path: string, rows: readonly string[]): void {
  const page = readFileSync(path, 'utf8');
  const begin = page.indexOf(tableHead);
  if (begin === -1) throw new Error(`${path} has no table of mutants`);
  const end = page.indexOf('\n\n', begin);
  const nameOf = (row: string): string => row.split('|')[1]?.trim() ?? '';
  const names = new Set(rows.map(nameOf));
  const kept = page
    .slice(begin + tableHead.length, end)
    .split('\n')
    .filter((row) => row !== '' && !names.has(nameOf(row)));
  const all = [...kept, ...rows].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  writeFileSync(path, `${page.slice(0, begin)}${tableHead}\n${all.join('\n')}${page.slice(end)}`);
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 87)}...` : line;
}
