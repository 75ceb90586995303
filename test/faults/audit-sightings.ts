// Nothing is reported further than it got: what timelines say against what carriers and devices saw.
import type { Finding, Ledgers, ShownEvent, StoredPush } from './ledgers.ts';
import { sessionsOf } from './sessions.ts';

/** Timelines against carriers and devices. */
export function auditSightings(ledgers: Ledgers): Finding[] {
  const { notifications, messages } = ledgers;
  const seen = sightingsOf(ledgers);
  const findings: Finding[] = [];
  const counted = new Map<string, number>();
  const judge = (push: StoredPush, event: ShownEvent): void => {
    const why = whyUnseen(push, event, seen, counted);
    if (why === undefined) return;
    findings.push({ rule: 'further-than-it-got', about: push.id, detail: `${event.event}, but ${why}` });
  };
  for (const push of [...notifications.values(), ...messages.values()]) {
    for (const event of push.timeline) if (taken.has(event.event)) judge(push, event);
  }
  return [...findings, ...auditSessions(ledgers)];
}

const taken = new Set(['sent', 'accepted', 'delivered']);

/** What was seen, by what it can be told by. */
interface Sightings {
  /** Datagrams at the relay, by device and Session-ID or `message`. */
  readonly relayed: ReadonlyMap<string, number>;
  /** Pushes at devices, in the same way. */
  readonly arrived: ReadonlyMap<string, number>;
  /** References that the message centre gave and those that it says it delivered, that the gateway was handed: to whom. */
  readonly submitted: ReadonlyMap<string, string>;
  readonly delivered: ReadonlyMap<string, string>;
  readonly handed: ReadonlyMap<string, readonly string[]>;
  readonly numbers: ReadonlyMap<string, string>;
}

function sightingsOf({ devices, relayed, journal, centre, gateway }: Ledgers): Sightings {
  const count = (keys: Iterable<string>): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  return {
    relayed: count(relayed.map(({ device, sessionId }) => keyOf(device, sessionId))),
    arrived: count(
      journal.flatMap((line) => (line.event === 'push' ? [keyOf(line.device, line.sessionId)] : [])),
    ),
    submitted: new Map(
      centre.flatMap((line) => (line.type === 'submitted' ? [[line.messageId, line.to]] : [])),
    ),
    delivered: new Map(
      centre.flatMap((line) =>
        line.type === 'final' && line.state === 'DELIVERED' ? [[line.messageId, line.to]] : [],
      ),
    ),
    handed: new Map(gateway.map(({ pushId, numbers }) => [pushId, numbers])),
    numbers: new Map(devices.map(({ id, number }) => [id, digitsOf(number)])),
  };
}

/** Why an event cannot be true; `undefined` when somebody saw what it says. */
function whyUnseen(
  { device, sessionId }: StoredPush,
  { event, address = '', reference = '', binding }: ShownEvent,
  seen: Sightings,
  counted: Map<string, number>,
): string | undefined {
  const number = seen.numbers.get(device) ?? '';
  const scheme = address === '' ? binding : address.replace(/:.*$/s, '');
  const key = keyOf(device, sessionId);
  switch (scheme) {
    case 'wap': {
      const nth = (counted.get(key) ?? 0) + 1;
      counted.set(key, nth);
      const came = seen.relayed.get(key) ?? 0;
      return nth <= came ? undefined : `it is number ${nth}, and ${came} datagrams left the server`;
    }
    case 'sms': {
      const known = event === 'delivered' ? seen.delivered : seen.submitted;
      // A push of several short messages has a reference of several.
      const ids = reference.split(' ').map((each) => each.replace(/^.*:/, ''));
      const strange = ids.find((each) => digitsOf(known.get(each) ?? '') !== number);
      return (
        strange &&
        `the message centre says nothing like it of ${strange} (${known.get(strange) ?? 'unknown'})`
      );
    }
    case 'pap':
      return seen.handed.get(reference)?.some((to) => digitsOf(to) === number)
        ? undefined
        : `the gateway was not handed ${reference}`;
    case 'sip':
    case 'http':
      return (seen.arrived.get(key) ?? 0) > 0 ? undefined : 'nothing arrived at the device';
    default:
      return `nobody watches over ${scheme ?? 'what has no address'}`;
  }
}

/** What a push says that is completed though its session broke off. */
const jobDoneBefore = 'its job was done before the session broke off';

/** `answered` and `completed` stand for sessions of the device. */
function auditSessions({ notifications, journal, outages }: Ledgers): Finding[] {
  const sessions = sessionsOf(journal);
  const findings: Finding[] = [];
  for (const { id, device, sessionId, timeline } of notifications.values()) {
    const find = (detail: string): void =>
      void findings.push({ rule: 'further-than-it-got', about: id, detail });
    let which = sessionId;
    for (const { event, detail = '' } of timeline) {
      if (event === 'answered') {
        const other = /^by session ([0-9A-F]+), /.exec(detail)?.[1];
        which = other === undefined ? sessionId : Number.parseInt(other, 16);
        if (sessions.of(device, which).length === 0)
          find(`answered, but the device began no session ${which}`);
      }
      if (event !== 'completed') continue;
      const tried = sessions.of(device, which);
      const well = tried.some(({ outcome }) => outcome === 'completed');
      // The last message of a session may not reach a device that is killed, or whose server is.
      const excused = tried.some((session) => sessions.wasDisturbed(session, outages));
      // It does not say that the session ended well; whether the job was done, its own audit looks at.
      if (tried.length > 0 && detail === jobDoneBefore) continue;
      if (!well && !excused) {
        const how = tried.map(({ outcome = 'open' }) => outcome).join(', ');
        find(`completed, but sessions ${which} of the device ended: ${how === '' ? 'there was none' : how}`);
      }
    }
  }
  return findings;
}

function keyOf(device: string, sessionId: number | undefined): string {
  return `${device} ${sessionId ?? 'message'}`;
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}
