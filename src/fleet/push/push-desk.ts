// Pushes on their way to devices that sleep: counted, struck by faults, kept waiting for their turn, and seen through.
import { sleep } from '../../core/index.ts';
import type { DeviceEvent, PushOutcome } from '../../device/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import type { Bedroom } from '../device/bedroom.ts';
import { Gate } from '../device/gate.ts';
import type { Member } from '../device/member.ts';
import type { FleetCounts } from '../journal/fleet-summary.ts';
import type { DeviceNews, MissReason } from '../journal/journal.ts';
import { type Fault, faultOf } from '../plan/fault-plan.ts';
import type { FleetSettings } from '../plan/fleet-options.ts';
import { factsOf } from './push-facts.ts';

/** What it works with. */
export interface PushDeskHost {
  readonly settings: FleetSettings;
  readonly bedroom: Bedroom;
  readonly counts: FleetCounts;
  readonly tell: (member: Member, news: DeviceNews) => void;
  readonly error: (error: unknown) => void;
}

/** A push that a device deals with. */
interface Arrival {
  readonly push: ReceivedPush;
  /** Of this push at its device, from 1. */
  readonly number: number;
  readonly sessionId: number | undefined;
  readonly atMs: number;
  /** When its first session began. */
  startedMs?: number;
  /** True while it holds one of the places of those that work. */
  inside: boolean;
}

/** Takes pushes. */
export class PushDesk {
  readonly #host: PushDeskHost;
  readonly #gate: Gate;
  readonly #ender = new AbortController();
  readonly #work = new Set<Promise<void>>();
  /** Pushes that devices deal with now. */
  readonly #arrivals = new Map<Member, Set<Arrival>>();

  constructor(host: PushDeskHost) {
    this.#host = host;
    this.#gate = new Gate(host.settings.maxAwake, host.settings.maxWaiting);
  }

  /** Pushes that wait for their turn. */
  get waiting(): number {
    return this.#gate.waiting;
  }

  /** Pushes that are being dealt with, those included that wait. */
  get pending(): number {
    return this.#work.size;
  }

  /** Whether a device is on; when not, that counts as a push that it missed. */
  isOn(member: Member, binding: string): boolean {
    const reason = this.#whyOff(member);
    if (reason === undefined) return true;
    member.pushes += 1;
    this.#miss(member, member.pushes, binding, reason);
    this.#keep(member);
    return false;
  }

  /** Takes a push. Resolves when its carrier may be told so; never rejects. */
  receive(member: Member, push: ReceivedPush): Promise<void> {
    return new Promise((taken) => {
      const work = this.#receive(member, push, taken)
        .catch((error: unknown) => this.#host.error(error))
        .then(() => taken());
      this.#work.add(work);
      void work.then(() => this.#work.delete(work));
    });
  }

  /** What a device says. */
  note(member: Member, event: DeviceEvent): void {
    const { clock } = this.#host.settings;
    if (event.event === 'session-started') {
      for (const arrival of this.#arrivals.get(member) ?? []) {
        if (arrival.sessionId !== event.sessionId || arrival.startedMs !== undefined) continue;
        arrival.startedMs = clock.monotonic();
        this.#host.counts.time('pushToSession', arrival.startedMs - arrival.atMs);
      }
    }
    if (event.event === 'waiting') {
      // It holds up no other: a server that is gone would else put all to sleep whose turn has not come.
      for (const arrival of this.#arrivals.get(member) ?? []) this.#leave(arrival);
    }
    if (event.event === 'notification-received' || event.event === 'dropped') return;
    this.#host.tell(member, event);
  }

  /** Turns away what waits and what comes; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#ender.abort();
    this.#gate.close();
    await Promise.all(this.#work);
  }

  /** Resolves when nothing is under way at this moment. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #whyOff(member: Member): 'off' | 'dead' | undefined {
    if (member.off) return 'off';
    if (member.missing === 0) return undefined;
    member.missing -= 1;
    return 'dead';
  }

  async #receive(member: Member, push: ReceivedPush, taken: () => void): Promise<void> {
    const { settings, tell, counts } = this.#host;
    const { seed, mix, clock } = settings;
    const atMs = clock.monotonic();
    const number = member.pushes + 1;
    member.pushes = number;
    const facts = factsOf(push);
    if (member.requestedMs !== undefined && member.awaited) {
      counts.time('wakeToPush', atMs - member.requestedMs);
      member.awaited = false;
    }
    tell(member, { event: 'push', push: number, ...facts });
    const off = this.#whyOff(member);
    const fault = off === undefined ? faultOf(seed, member.index, number, mix) : undefined;
    if (fault !== undefined) tell(member, { event: 'fault', push: number, ...withoutKind(fault) });
    if (fault?.kind === 'dead') member.missing = (fault.pushes ?? 1) - 1;
    const missed = off ?? (fault?.kind === 'dead' || fault?.kind === 'lost' ? fault.kind : undefined);
    if (missed !== undefined) {
      this.#miss(member, number, push.binding, missed);
      this.#keep(member);
      return;
    }
    if (fault?.kind === 'late') {
      // Its modem has it; its DM client takes it up later.
      taken();
      await sleep(clock, fault.delayMs ?? 0, this.#ender.signal);
    }
    const { sessionId } = facts;
    const arrival: Arrival = { push, number, sessionId, atMs, inside: false };
    await this.#act(member, arrival, fault, taken);
  }

  async #act(member: Member, arrival: Arrival, fault: Fault | undefined, taken: () => void): Promise<void> {
    const { number, push } = arrival;
    const refused = this.#ender.signal.aborted ? 'closed' : await this.#gate.enter();
    if (refused !== undefined) {
      this.#miss(member, number, push.binding, refused === 'full' ? 'full' : 'stopping');
      return;
    }
    arrival.inside = true;
    try {
      // It may have been killed while this waited.
      if (member.off) this.#miss(member, number, push.binding, 'off');
      else await this.#hand(member, arrival, fault, taken);
    } finally {
      this.#leave(arrival);
    }
  }

  async #hand(member: Member, arrival: Arrival, fault: Fault | undefined, taken: () => void): Promise<void> {
    const { bedroom, error } = this.#host;
    const { number, push } = arrival;
    let waking: Awaited<ReturnType<Bedroom['wake']>>;
    try {
      waking = await bedroom.wake(member);
    } catch (cause) {
      this.#miss(member, number, push.binding, 'broken-state', String(cause));
      error(cause);
      return;
    }
    const arrivals = this.#arrivals.get(member) ?? new Set();
    this.#arrivals.set(member, arrivals.add(arrival));
    try {
      const device = await waking.started;
      const copies = [device.handle(push, fault, taken)];
      if (fault?.kind === 'duplicate') copies.push(device.handle(push, undefined, () => {}));
      for (const outcome of await Promise.all(copies)) this.#end(member, arrival, outcome);
    } finally {
      arrivals.delete(arrival);
      if (arrivals.size === 0) this.#arrivals.delete(member);
      await bedroom.rest(member, waking);
    }
  }

  #end(member: Member, arrival: Arrival, outcome: PushOutcome | 'killed'): void {
    const { settings, counts, tell } = this.#host;
    const nowMs = settings.clock.monotonic();
    const ms = nowMs - arrival.atMs;
    const { outcome: name, ...rest } = outcome === 'killed' ? { outcome } : outcome;
    if (name === 'completed') {
      counts.time('pushToEnd', ms);
      if (member.requestedMs !== undefined) counts.time('wakeToEnd', nowMs - member.requestedMs);
      member.requestedMs = undefined;
    }
    tell(member, {
      event: 'end',
      push: arrival.number,
      outcome: name,
      ...('sessionId' in rest && { sessionId: rest.sessionId }),
      ...('reason' in rest && rest.reason !== undefined && { reason: rest.reason }),
      ms: Math.round(ms),
    });
  }

  #miss(member: Member, push: number, binding: string, reason: MissReason, detail?: string): void {
    const why = detail === undefined ? {} : { detail };
    this.#host.tell(member, { event: 'missed', push, binding, reason, ...why });
  }

  #keep(member: Member): void {
    try {
      this.#host.bedroom.keep(member);
    } catch (error) {
      this.#host.error(error);
    }
  }

  #leave(arrival: Arrival): void {
    if (arrival.inside) this.#gate.leave();
    arrival.inside = false;
  }
}

function withoutKind({ kind, delayMs, pushes }: Fault) {
  return {
    fault: kind,
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(pushes === undefined ? {} : { pushes }),
  };
}
