// What a run of a fleet came to, as text.
import type { FleetSummary, TimeName } from '../../fleet/index.ts';
import type { FleetMemory } from './fleet-memory.ts';

/** Times of a run, in milliseconds, since its fleet was made. */
export interface RunTimes {
  readonly elapsedMs: number;
  /** Processor time of this process. */
  readonly processorMs: { readonly user: number; readonly system: number };
}

const timeWords: Readonly<Record<TimeName, string>> = {
  wakeToPush: 'wake asked for → push',
  pushToSession: 'push → session',
  session: 'session',
  pushToEnd: 'push → end',
  wakeToEnd: 'wake asked for → end',
};

/** Lines for people. */
export function fleetReport(summary: FleetSummary, memory: FleetMemory, run: RunTimes): string {
  const { devices, up, woken, pushes, sessions, resynchronised, times } = summary;
  const counts = (named: Readonly<Record<string, number | undefined>>): string =>
    Object.entries(named)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const lines = [
    `devices     ${devices}, up ${up}, woken ${woken}`,
    `pushes      ${pushes}; ${counts(summary.outcomes)}`,
    `missed      ${counts(summary.missed)}`,
    `ignored     ${counts(summary.ignored)}`,
    `dropped     ${counts(summary.dropped)}`,
    `faults      ${counts(summary.faults)}`,
    `sessions    ${sessions}, of these ${resynchronised} made the nonces fresh again`,
    `memory      ${megabytes(memory.base)} before, ${megabytes(memory.up)} up, ${megabytes(memory.end)} at the end, ` +
      `${megabytes(memory.peak)} at most; each device ${kilobytes(memory.perDeviceEnd)} at the end, ` +
      `${kilobytes(memory.perDeviceUsed)} of it in use`,
    `time        ${seconds(run.elapsedMs)}, of the processor ${seconds(run.processorMs.user + run.processorMs.system)}`,
    '',
    `${'milliseconds'.padEnd(24)}${['count', 'p50', 'p90', 'p99', 'max'].map((name) => name.padStart(9)).join('')}`,
  ];
  for (const [name, words] of Object.entries(timeWords)) {
    const { count, p50, p90, p99, max } = times[name as TimeName];
    if (count === 0) continue;
    lines.push(
      `${words.padEnd(24)}${[count, p50, p90, p99, max].map((value) => String(value).padStart(9)).join('')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function megabytes(octets: number): string {
  return `${(octets / 1_000_000).toFixed(1)} MB`;
}

function kilobytes(octets: number): string {
  return `${(octets / 1000).toFixed(1)} kB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
