// What a run of a fleet came to, as text.
import type { FleetSummary, TimeName } from '../../fleet/index.ts';

/** Memory of the process, in octets. */
export interface FleetMemory {
  /** Resident, before there was a fleet. */
  readonly base: number;
  /** Resident, when all devices were up. */
  readonly up: number;
  /** Resident, at the end. */
  readonly end: number;
  /** Resident, at most. */
  readonly peak: number;
  /** In use on the heap and in buffers, before there was a fleet and at the end. */
  readonly usedBase: number;
  readonly usedEnd: number;
  /**
   * Of each device above the base, when all were up and at the end. At the end that is also what the process needs to have run
   * at all, once for all devices.
   */
  readonly perDeviceUp: number;
  readonly perDeviceEnd: number;
  /** Of each device, of what is in use. */
  readonly perDeviceUsed: number;
}

const timeWords: Readonly<Record<TimeName, string>> = {
  wakeToPush: 'wake asked for → push',
  pushToSession: 'push → session',
  session: 'session',
  pushToEnd: 'push → end',
  wakeToEnd: 'wake asked for → end',
};

/** Lines for people. */
export function fleetReport(summary: FleetSummary, memory: FleetMemory): string {
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
    `memory      ${megabytes(memory.base)} before, ${megabytes(memory.up)} up, ${megabytes(memory.end)} at the end; ` +
      `in use by each device ${(memory.perDeviceUsed / 1000).toFixed(1)} kB`,
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
