// What processes cost, as the system counts it. Linux: elsewhere these figures are left out.
import { existsSync, readFileSync } from 'node:fs';

/** Of the clock that /proc counts in; the same on every Linux that Node runs on. */
const ticksASecond = 100;

/** True where the system tells. */
export const tells = existsSync('/proc/self/stat');

/** Processor time of processes since they began, all threads, in milliseconds. */
export function cpuMsOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    // The name of the program stands in brackets, and may hold spaces.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return (sum(ticks) * 1000) / ticksASecond;
}

/** The most memory that processes ever had at once, each for itself, in megabytes of 2^20. */
export function peakMbOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0);
  });
  return sum(kilobytes) / 1024;
}

/** The memory that a process has now, in megabytes of 2^20. */
export function rssMbOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) / 1024;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
