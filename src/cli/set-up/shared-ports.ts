// Doors that cannot be open at once, for they have the same port.
import { type ListenAddress, sharePort } from '../io/listen-address.ts';
import type { FaultList } from '../settings/fault-list.ts';
import type { ReadSettings } from '../settings/read-settings.ts';

/** A door, and what it is called. */
interface Door {
  readonly listen: ListenAddress;
  readonly where: string;
  readonly usage: boolean;
}

/** Adds a fault for each door whose port another one before it has. */
export function addSharedPorts(read: ReadSettings, faults: FaultList): void {
  const doors: Door[] = [];
  for (const name of ['dm', 'api', 'metrics'] as const) {
    const listen = read.values[name];
    if (listen !== undefined) {
      doors.push({ listen, where: read.nameOf(name), usage: read.origins[name] !== 'file' });
    }
  }
  const { sms, pap, papEndpoint } = read.sections;
  const sections = {
    'sms.listen': sms !== undefined && 'roads' in sms ? sms.listen : undefined,
    'pap.listen': pap?.listen,
    papEndpoint,
  };
  for (const [path, place] of Object.entries(sections)) {
    if (place === undefined) continue;
    const { address: host, port } = place;
    doors.push({ listen: { host, port }, where: read.placeOf(path), usage: false });
  }
  for (const [index, { listen, where, usage }] of doors.entries()) {
    const rival = doors.slice(0, index).find((other) => sharePort(other.listen, listen));
    if (rival === undefined) continue;
    faults.found.push({
      where,
      what: `${rival.where} has the same port: only one of them can listen`,
      remedy: 'give one of them another port',
      ...(usage && { usage }),
    });
  }
}
