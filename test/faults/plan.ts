// What a run does: which pushes, and which fault strikes after how many of them were acknowledged. All of it follows from the
// seed; only how the processes interleave does not.
import { Random } from './random.ts';

/** A push that is asked for. */
export interface PlannedPush {
  /** From 0; its Idempotency-Key follows from it. */
  readonly number: number;
  readonly kind: 'notification' | 'job' | 'message';
  /** Index of the device. */
  readonly device: number;
  /** Cancelled as soon as it is acknowledged. */
  readonly cancelled: boolean;
}

/** A process that can be killed, and started again. */
export type Victim = 'server' | 'centre' | 'registrar' | 'gateway' | 'fleet';

/** Something done on purpose. */
export type Strike =
  /** SIGKILL. The server is started again at once, the others by a strike of their own. */
  | { readonly strike: 'kill'; readonly victim: Victim; readonly pauseMs: number }
  | { readonly strike: 'start'; readonly victim: Victim }
  /** The server stops in good order, and is started again. */
  | { readonly strike: 'restart' }
  | { readonly strike: 'kill-device' | 'revive-device'; readonly device: number }
  /** The server's clock, in milliseconds against the true one. */
  | { readonly strike: 'clock'; readonly offsetMs: number }
  /**
   * The disk has no room for so long. With `outliveClaims`, the message centre is slow meanwhile, so that outcomes of pushes
   * wait for room until their leases are over.
   */
  | { readonly strike: 'full-disk'; readonly forMs: number; readonly outliveClaims: boolean }
  | {
      readonly strike: 'centre';
      readonly fault: 'throttle' | 'duplicate' | 'reorder' | 'dropAnswers' | 'disconnect' | 'fail';
      readonly count: number;
    };

/** A strike and when it is due. */
export interface PlannedStrike {
  /** Pushes that are acknowledged by then. */
  readonly after: number;
  readonly what: Strike;
}

/** A run. */
export interface Plan {
  readonly seed: number;
  readonly devices: number;
  readonly pushes: readonly PlannedPush[];
  readonly strikes: readonly PlannedStrike[];
}

/** How often each fault strikes in 2,000 pushes; in a run of another size in proportion, and once at least. */
const per2000 = {
  server: 5,
  restart: 1,
  centre: 2,
  registrar: 2,
  gateway: 2,
  fleet: 2,
  device: 10,
  clock: 4,
  disk: 1,
  claims: 1,
  carrier: 8,
} as const;

/** How far the server's clock is set: an hour and a bit, both ways, and little enough to be missed. */
const offsetsMs = [3_700_000, -3_700_000, 90_000, -90_000, 5000, -5000] as const;

/** Makes the plan of a seed. `disk`: whether the disk can be filled. */
export function makePlan(seed: number, pushes: number, disk: boolean): Plan {
  const devices = Math.min(400, Math.max(12, Math.round(pushes / 15)));
  return {
    seed,
    devices,
    pushes: plannedPushes(seed, pushes, devices),
    strikes: plannedStrikes(seed, pushes, devices, disk),
  };
}

function plannedPushes(seed: number, count: number, devices: number): PlannedPush[] {
  const random = new Random(seed, 'pushes');
  // A few devices have many pushes at a time, as those of a shop have whose shutters go up.
  const hot = Array.from({ length: 3 }, () => random.whole(0, devices - 1));
  return Array.from({ length: count }, (_, number) => {
    const device = random.chance(0.15) ? random.one(hot) : random.whole(0, devices - 1);
    const late = number > count * 0.8;
    const at = random.next();
    // Nothing tells the end of a message whose carrier has forgotten it but its time, so none is asked for late.
    const kind = at < 0.15 && !late ? 'message' : at < 0.55 ? 'job' : 'notification';
    return { number, kind, device, cancelled: random.chance(0.03) };
  });
}

function plannedStrikes(seed: number, pushes: number, devices: number, disk: boolean): PlannedStrike[] {
  const random = new Random(seed, 'strikes');
  const times = (name: keyof typeof per2000): number[] =>
    Array.from({ length: Math.max(1, Math.round((per2000[name] * pushes) / 2000)) });
  // Everything happens while there is still something to lose.
  const due = (): number => random.whole(Math.floor(pushes * 0.04), Math.floor(pushes * 0.92));
  const strikes: PlannedStrike[] = [];
  const add = (after: number, what: Strike): void => void strikes.push({ after, what });
  for (const _ of times('server'))
    add(due(), { strike: 'kill', victim: 'server', pauseMs: random.whole(0, 300) });
  for (const _ of times('restart')) add(due(), { strike: 'restart' });
  for (const victim of ['centre', 'registrar', 'gateway', 'fleet'] as const) {
    for (const _ of times(victim)) {
      const after = due();
      add(after, { strike: 'kill', victim, pauseMs: 0 });
      add(after + random.whole(1, 40), { strike: 'start', victim });
    }
  }
  for (const _ of times('device')) {
    const device = random.whole(0, devices - 1);
    const after = due();
    add(after, { strike: 'kill-device', device });
    add(after + random.whole(5, 80), { strike: 'revive-device', device });
  }
  for (const _ of times('clock')) add(due(), { strike: 'clock', offsetMs: random.one(offsetsMs) });
  add(Math.floor(pushes * 0.96), { strike: 'clock', offsetMs: 0 });
  for (const _ of times('carrier')) {
    const fault = random.one([
      'throttle',
      'duplicate',
      'reorder',
      'dropAnswers',
      'disconnect',
      'fail',
    ] as const);
    add(due(), { strike: 'centre', fault, count: fault === 'disconnect' ? 1 : random.whole(2, 6) });
  }
  if (disk) {
    for (const _ of times('disk')) {
      add(due(), { strike: 'full-disk', forMs: random.whole(200, 1500), outliveClaims: false });
    }
    for (const _ of times('claims')) add(due(), { strike: 'full-disk', forMs: 7000, outliveClaims: true });
  }
  return strikes.sort((one, other) => one.after - other.after);
}
