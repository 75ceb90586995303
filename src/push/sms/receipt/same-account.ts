// Other links over which the receipts of a message may come: those of the same account.
import type { SmsCentreSettings } from '../link/link-options.ts';

/**
 * By name, the other centres under whose names the same system_id binds: other hosts of one carrier, or other carriers who
 * chose the same by chance.
 */
export function sameAccount(
  centres: readonly Pick<SmsCentreSettings, 'sender' | 'receiver'>[],
): (smsc: string) => readonly string[] {
  const smscs = centres.flatMap(({ sender, receiver = sender }) => [sender, receiver]);
  const others = new Map<string, Set<string>>();
  for (const { name, systemId } of smscs) {
    const known = others.get(name) ?? new Set();
    for (const other of smscs) {
      if (other.systemId === systemId && other.name !== name) known.add(other.name);
    }
    others.set(name, known);
  }
  const lists = new Map([...others].map(([name, known]) => [name, [...known]]));
  return (smsc) => lists.get(smsc) ?? [];
}
