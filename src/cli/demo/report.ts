// The table at the end of the demonstration.

/** One line of the table. */
export interface DemoRow {
  readonly device: string;
  readonly format: string;
  readonly sessionId: string;
  /** Under which nonce the device found the digest to hold. */
  readonly digest: string;
  readonly pushes: number;
  /** From the first push to the authenticated answer; `undefined` without one. */
  readonly milliseconds: number | undefined;
  readonly state: string;
}

const headings = ['DEVICE', 'FORMAT', 'SESSION-ID', 'DIGEST HOLDS UNDER', 'PUSHES', 'MS TO ANSWER', 'STATE'];
const numeric = new Set([4, 5]);

/** The table as text. */
export function demoTable(rows: readonly DemoRow[]): string {
  const cells = [
    headings,
    ...rows.map((row) => [
      row.device,
      row.format,
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
        return numeric.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}
