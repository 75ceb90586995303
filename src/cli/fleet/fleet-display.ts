// How a fleet stands, while it runs: one line that changes on a terminal, a line now and then elsewhere.
import type { Fleet } from '../../fleet/index.ts';
import type { Io } from '../io/io.ts';

const terminalMs = 500;
const plainMs = 10_000;

/** Says something about a fleet on standard error, with the time, UTC. */
export function tellFleet(io: Io, text: string, time = new Date().toISOString()): void {
  io.stderr(`${time} reveille: ${text}\n`);
}

/** Shows it on standard error until what it gives is called. */
export function showFleet(io: Io, fleet: Fleet): () => void {
  const { columns } = io;
  let lastPushes = 0;
  let lastMs = performance.now();
  let shown = '';
  const show = (): void => {
    const { devices, pushes, sessions, missed, faults, outcomes } = fleet.summary();
    const { up, awake, waiting, woken } = fleet.status();
    const nowMs = performance.now();
    const rate = Math.round(((pushes - lastPushes) * 1000) / Math.max(1, nowMs - lastMs));
    lastPushes = pushes;
    lastMs = nowMs;
    const sum = (counts: Readonly<Record<string, number>>): number =>
      Object.values(counts).reduce((total, each) => total + each, 0);
    const facts: readonly (readonly [name: string, value: string | number])[] = [
      ['up', `${up}/${devices}`],
      ['pushes', `${pushes} (${rate}/s)`],
      ['waiting', waiting],
      ['awake', awake],
      ['sessions', sessions],
      ['completed', outcomes.completed ?? 0],
      ['woken', woken],
      ['missed', sum(missed)],
      ['faults', sum(faults)],
    ];
    const line = facts.map(([name, value]) => `${name} ${value}`).join('  ');
    if (columns !== undefined) io.stderr(`\r\x1b[K${line.slice(0, Math.max(0, columns - 1))}`);
    // Nothing new is not worth a line.
    else if (line !== shown) tellFleet(io, line);
    shown = line;
  };
  const timer = setInterval(show, columns === undefined ? plainMs : terminalMs);
  return () => {
    clearInterval(timer);
    if (columns !== undefined) io.stderr('\r\x1b[K');
  };
}
