// What the server of a trial of campaigns says of each device, held against what the device saw.
import type { CampaignDevice, PushEvent } from '../../../src/store/index.ts';
import type { TrialServer } from './trial-server.ts';

/** What a trial came to. */
export interface TrialResult {
  readonly devices: number;
  /** Devices of which server and simulator say the same. */
  readonly equal: number;
  /** Those of which they do not, in words. */
  readonly differences: readonly string[];
  /** Pushes that devices got more than once, and that the server tried more than once. */
  readonly doubles: { readonly seen: number; readonly tried: number };
  /** Pushes that the server made. */
  readonly pushes: number;
}

/** What a device saw. */
export interface Seen {
  readonly arrivals: Map<number, number>;
  /** What became of the last push. */
  last?: string;
  completed: boolean;
  firstAt: number;
}

/** Short messages of a number at the centre: those that it was given, and deliveries that it made once more. */
export interface Messages {
  submitted: number;
  repeated: number;
}

/** A device of the report, with its push. */
type Reported = CampaignDevice & {
  readonly push?: { readonly attempts: number; readonly sessionId: number; readonly state: string };
};

/** Devices that differ whose timelines are shown. */
const mostShown = 10;

function lineOf({ at, event, attempt, detail }: PushEvent): string {
  return [new Date(at).toISOString(), event, attempt, detail].filter((word) => word !== undefined).join(' ');
}

/** What the report is held against. */
export interface Compared {
  readonly seen: ReadonlyMap<string, Seen>;
  /** Of devices on short messages. */
  readonly given: ReadonlyMap<string, Messages>;
  readonly devices: number;
  readonly say: (line: string) => void;
}

/** Asks for the report, device by device, and counts. */
export async function compared(
  server: TrialServer,
  id: string,
  { seen, given, devices, say }: Compared,
): Promise<TrialResult> {
  const differences: string[] = [];
  const doubles = { seen: 0, tried: 0 };
  let reported = 0;
  for (let after = -1; ; ) {
    const page = await server.call<readonly Reported[]>('report', id, after);
    for (const { deviceId, ordinal, state, push } of page) {
      const before = differences.length;
      reported += 1;
      const own = seen.get(deviceId);
      const arrivals = [...(own?.arrivals.values() ?? [])].reduce((sum, count) => sum + count, 0);
      if ((state === 'completed') !== (own?.completed === true)) {
        differences.push(
          `${deviceId}: reported ${state}, the device ${own?.completed === true ? 'was' : 'was not'} woken`,
        );
      } else if (own !== undefined && own.arrivals.size !== 1) {
        differences.push(`${deviceId}: woken under ${own.arrivals.size} Session-IDs`);
      } else if (own !== undefined && push !== undefined && !own.arrivals.has(push.sessionId)) {
        differences.push(`${deviceId}: woken under another Session-ID`);
      }
      // A short message in doubt is given to its centre once more within one attempt: the centre knows how often. And the centre
      // delivers once more what is left without an answer, as all of its window is where fleet and centre, which are one process
      // here, have no time for ten seconds: of that the server knows nothing, and the device may have it twice, or once.
      const messages = given.get(deviceId);
      const least = messages?.submitted ?? 0;
      const most = messages === undefined ? (push?.attempts ?? 0) : least + messages.repeated;
      if (arrivals > most || arrivals < least) {
        differences.push(`${deviceId}: got ${arrivals} pushes, and was sent ${most}`);
      }
      if (differences.length > before && before < mostShown) {
        const timeline = await server.call<readonly PushEvent[]>('timeline', id, ordinal);
        say(`${differences.slice(before).join('; ')}:\n${timeline.map(lineOf).join('\n')}`);
      }
      if (arrivals > 1) doubles.seen += 1;
      if (most > 1 && arrivals > 1) doubles.tried += 1;
    }
    after = page.at(-1)?.ordinal ?? after;
    if (page.length < 1000) break;
  }
  if (reported !== devices) differences.push(`${reported} of ${devices} devices are in the report`);
  const pushes = await server.call<number>('pushesOf');
  if (pushes !== devices) differences.push(`${pushes} pushes for ${devices} devices`);
  return { devices, equal: devices - differences.length, differences, doubles, pushes };
}
