// Sessions of devices, by the journal.
import type { FleetEvent } from '../../src/fleet/index.ts';
import type { Outage } from './ledgers.ts';

/** A session, as its device tells. */
export interface DeviceSession {
  readonly device: string;
  /** Milliseconds since the POSIX epoch. */
  readonly from: number;
  /** Absent when the device did not come to tell its end. */
  to?: number;
  outcome?: string;
}

/** How long after an outage what it disturbed may still be felt, in milliseconds. */
const aftermathMs = 6000;

/** All sessions of a journal. */
export function sessionsOf(journal: readonly FleetEvent[]) {
  const all = new Map<string, DeviceSession[]>();
  const key = (device: string, sessionId: number | undefined): string => `${device} ${sessionId}`;
  for (const line of journal) {
    if (line.event === 'session-started') {
      const list = all.get(key(line.device, line.sessionId)) ?? [];
      list.push({ device: line.device, from: Date.parse(line.time) });
      all.set(key(line.device, line.sessionId), list);
    } else if (line.event === 'session-ended') {
      const open = all.get(key(line.device, line.sessionId))?.findLast(({ to }) => to === undefined);
      if (open === undefined) continue;
      open.to = Date.parse(line.time);
      open.outcome = line.outcome;
    }
  }
  return {
    of: (device: string, sessionId: number | undefined): readonly DeviceSession[] =>
      all.get(key(device, sessionId)) ?? [],
    /** True when the server, the device or all devices were killed, or the disk was full, while it lasted. */
    wasDisturbed: (
      { device, from, to = Number.POSITIVE_INFINITY }: DeviceSession,
      outages: readonly Outage[],
    ) =>
      outages.some(
        (outage) =>
          ['server', 'fleet', 'disk', `device ${device}`].includes(outage.of) &&
          outage.from <= to &&
          from <= outage.to + aftermathMs,
      ),
  };
}
