// The table at the end of the demonstration.

/** One line of the table. */
export interface DemoRow {
  readonly device: string;
  readonly format: string;
  /** Binding of the push; absent when all have the same. */
  readonly binding?: string;
  readonly sessionId: string;
  /** Under which nonce the device found the digest to hold; of a message, what it is signed with. */
  readonly digest: string;
  readonly pushes: number;
  /** From the first push to the authenticated answer, or to the message's commands carried out; `undefined` without. */
  readonly milliseconds: number | undefined;
  readonly state: string;
}

const allHeadings = [
  'DEVICE',
  'FORMAT',
  'BINDING',
  'SESSION-ID',
  'DIGEST HOLDS UNDER',
  'PUSHES',
  'MS TO ANSWER',
  'STATE',
];
const numeric = new Set(['PUSHES', 'MS TO ANSWER']);

/** The table as text. */
export function demoTable(rows: readonly DemoRow[]): string {
  const bindings = rows.some(({ binding }) => binding !== undefined);
  const headings = allHeadings.filter((heading) => bindings || heading !== 'BINDING');
  const cells = [
    headings,
    ...rows.map((row) => [
      row.device,
      row.format,
      ...(bindings ? [row.binding ?? '-'] : []),
      row.sessionId,
      row.digest,
      String(row.pushes),
      row.milliseconds === undefined ? '-' : String(Math.round(row.milliseconds)),
      row.state,
    ]),
  ];
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const text = cells.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric.has(headings[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}
