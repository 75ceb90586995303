// The way of a claimed push: under which nonce, with what content, over its route, and what came of it.
import { type Logger, StoreError } from '../../core/index.ts';
import { carrierSuspendedCode } from '../../push/index.ts';
import type {
  DeviceStore,
  EventStore,
  NonceOffer,
  PushChange,
  PushEvent,
  PushQueue,
  PushRecord,
} from '../../store/index.ts';
import type { CarrierMetrics } from '../metrics/carrier-metrics.ts';
import { decideGivenUp, suspendedChange } from '../push/decide.ts';
import { keptBack, type PushGates } from '../push/push-gates.ts';
import { handOver } from './attempt.ts';
import { contentOf } from './content.ts';
import type { Deadlines } from './deadlines.ts';
import type { Decision, LaneWork, Sending } from './lane-work.ts';
import type { Outcomes } from './outcomes.ts';
import { type Plan, planOf } from './plan.ts';
import { type Attempt, type RouteOutcome, type SettleContext, settle } from './settle.ts';
import { limitReached } from './signing-nonce.ts';

/** What pushes are sent with. */
export interface SenderContext extends SettleContext {
  readonly logger: Logger;
  readonly devices: Pick<DeviceStore, 'devicesSince'>;
  /** Timelines, where a report came before a receipt. */
  readonly events: Pick<EventStore, 'timeline'>;
  /** Asks whether the default nonce may be offered, until the store answers. */
  readonly offer: PushQueue['offerDefaultNonces'];
  readonly outcomes: Outcomes;
  readonly deadlines: Deadlines;
  /** Index of the object that Requested-MO of a dm1.3 notification names when nothing else is asked for. */
  readonly requestedMo: number;
  readonly metrics?: CarrierMetrics | undefined;
  /** Called for each push that waits for a carrier, at a time that its lane may not know. */
  readonly waits: (push: PushRecord) => void;
  /** True while pushes that wait for this carrier are handed to nobody. */
  readonly isSuspended: (carrier: string) => boolean;
  /** Which campaigns let attempts begin; absent: all do. */
  readonly gates?: PushGates | undefined;
}

/** Sends the pushes of one carrier. */
export class Sender implements LaneWork<Plan> {
  readonly #context: SenderContext;
  readonly #carrier: string;

  constructor(context: SenderContext, carrier: string) {
    this.#context = context;
    this.#carrier = carrier;
  }

  decide(due: PushRecord, device: Sending<Plan>['device']): Decision<Plan> {
    try {
      return planOf(this.#context, this.#carrier, due, device);
    } catch (error) {
      // What is sealed and does not open is the trouble of one push, not of the lane.
      if (!(error instanceof StoreError)) throw error;
      return { changes: [{ event: 'failed', detail: error.message, cause: 'NOT_COMPOSED' }] };
    }
  }

  passedOver(push: PushRecord): void {
    this.#context.waits(push);
  }

  async ready(claimed: readonly Sending<Plan>[]): Promise<readonly Sending<Plan>[]> {
    const asking = claimed.filter(({ plan }) => plan.need === 'limited');
    return this.#fresh(asking.length === 0 ? claimed : await this.#offered(claimed, asking));
  }

  handOver({ push, device, plan }: Sending<Plan>, over: () => void): void {
    const { clock, requestedMo } = this.#context;
    // A device that is gone has taken its notification with it.
    if (push.purpose === 'notification' && device === undefined) {
      over();
      return;
    }
    if (device?.suspendedAt !== undefined) {
      this.#write(push, plan, [this.#marked(push, suspendedChange)], over);
      return;
    }
    if (this.#context.isSuspended(this.#carrier)) {
      this.#write(push, plan, [this.#notHandedOver(push)], over);
      return;
    }
    const { addresses, contentType, passed, route, nonce } = plan;
    const madeAt = clock.now();
    // Its campaign was paused, or its window closed, after it was claimed: it goes back as it was.
    const kept = keptBack(push, this.#context.gates, madeAt);
    if (kept !== undefined) {
      const { failures } = push;
      this.#write(
        push,
        plan,
        [this.#marked(push, kept.event === 'note' ? { ...kept, event: 'queued', failures } : kept)],
        over,
      );
      return;
    }
    const attempt: Attempt = { push, addresses, contentType, passed, madeAt, ...(route && { route }) };
    if (route === undefined) {
      this.#settle(attempt, plan, undefined, over);
      return;
    }
    let content: ReturnType<typeof contentOf>;
    try {
      content = contentOf(push, device, { nonce, scheme: route.to.scheme, madeAt, requestedMo });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#write(
        push,
        plan,
        [
          this.#marked(push, {
            event: 'failed',
            detail: `it cannot be composed: ${why}`,
            cause: 'NOT_COMPOSED',
          }),
        ],
        over,
      );
      return;
    }
    const whole = route.held === true ? { ...content, heldBy: route.carrier } : content;
    handOver(this.#context, whole, route, (outcome) => this.#settle(attempt, plan, outcome, over));
  }

  /**
   * With the devices as they are now: a session that ended while the claim was being written has left another nonce, and the device
   * may be suspended since.
   */
  async #fresh(claimed: readonly Sending<Plan>[]): Promise<readonly Sending<Plan>[]> {
    const read = claimed.flatMap(({ device, readAt }) =>
      device === undefined ? [] : { id: device.id, readAt },
    );
    const written = await this.#context.devices.devicesSince(read);
    if (written.length === 0) return claimed;
    const found = new Map(written.map(({ id, device }) => [id, device]));
    return claimed.map((sending): Sending<Plan> => {
      const { push, plan, device, readAt } = sending;
      if (device === undefined || !found.has(device.id)) return sending;
      const now = found.get(device.id);
      return now === undefined ? { push, plan, readAt } : { push, plan, device: now, readAt };
    });
  }

  /** Asks for the default nonce, and leaves out what another one holds by now. */
  async #offered(
    claimed: readonly Sending<Plan>[],
    asking: readonly Sending<Plan>[],
  ): Promise<readonly Sending<Plan>[]> {
    const { policy, node, offer } = this.#context;
    const offers: NonceOffer[] = asking.map(({ push: { id, lease } }) => ({ id, lease }));
    const answers = await offer(offers, policy.resynchronisations, node);
    const answerOf = new Map(asking.map(({ push }, index) => [push.id, answers[index]]));
    return claimed.flatMap((sending): Sending<Plan> | readonly Sending<Plan>[] => {
      const { plan, push } = sending;
      const answer = answerOf.get(push.id);
      if (plan.need !== 'limited') return sending;
      if (answer === 'offered') return { ...sending, plan: { ...plan, nonce: 'default' } };
      if (answer === 'limited') return { ...sending, plan: { ...plan, note: limitReached(policy) } };
      return [];
    });
  }

  #settle(attempt: Attempt, plan: Plan, outcome: RouteOutcome | undefined, over: () => void): void {
    const { push, route } = attempt;
    if (outcome?.taken === false && outcome.code === carrierSuspendedCode) {
      const heldBy = route?.binding.carriers?.heldBy?.(push.id);
      const change = { ...this.#notHandedOver(push), ...(heldBy !== undefined && { carrier: heldBy }) };
      this.#write(push, plan, [change], over, attempt);
      return;
    }
    if (route !== undefined && outcome !== undefined) this.#count(outcome);
    this.#write(push, plan, settle(this.#context, attempt, outcome), over, attempt);
  }

  /** Its carrier was suspended after it was claimed: it goes back as it was, and no address had its turn. */
  #notHandedOver(push: PushRecord): PushChange {
    const detail = `not handed over: ${this.#carrier} was suspended`;
    const { failures } = push;
    return this.#marked(push, { event: 'queued', detail, failures, dueAt: this.#context.clock.now() });
  }

  #count(outcome: RouteOutcome): void {
    const { metrics } = this.#context;
    if (outcome.taken) metrics?.took(this.#carrier);
    else metrics?.refused(this.#carrier, outcome.code, outcome.why);
  }

  #write(
    push: PushRecord,
    { need, note }: Plan,
    changes: readonly PushChange[],
    over: () => void,
    attempt?: Attempt,
  ): void {
    const { outcomes } = this.#context;
    outcomes.add({
      push,
      // An offer was written since it was claimed.
      unchanged: need !== 'limited',
      changes:
        note === undefined ? changes : [this.#marked(push, { event: 'note', detail: note }), ...changes],
      written: (after) => {
        if (after?.givenUp === undefined || attempt === undefined) this.#end(after, over);
        else void this.#endGivenUp(after, attempt, over);
      },
    });
  }

  #end(push: PushRecord | undefined, over: () => void): void {
    if (push?.dueAt !== undefined) this.#context.waits(push);
    over();
  }

  /** The carrier may have given up what it took just now, in a report that came before its receipt. */
  async #endGivenUp(push: PushRecord, attempt: Attempt, over: () => void): Promise<void> {
    const { policy, clock, random, outcomes } = this.#context;
    const report = await this.#givingUp(push);
    const why =
      push.purpose === 'notification'
        ? 'the carrier had given the push up before it was known by its reference'
        : (report?.detail ?? 'the carrier gave it up');
    const scheme = attempt.route?.to.scheme;
    const next =
      report === undefined
        ? undefined
        : decideGivenUp(push, why, { policy, random, now: clock.now(), scheme });
    if (next === undefined) return this.#end(push, over);
    const changes = [this.#marked(push, next)];
    outcomes.add({ push, unchanged: true, changes, written: (after) => this.#end(after, over) });
  }

  /** The report that gave up what the carrier took just now; there may have been others. */
  async #givingUp({ id, reference }: PushRecord): Promise<PushEvent | undefined> {
    const timeline = (await this.#context.events.timeline(id)) ?? [];
    return timeline.findLast(
      (entry) =>
        entry.event === 'attempt-failed' && entry.reference !== undefined && entry.reference === reference,
    );
  }

  #marked({ lease, attempts }: PushRecord, change: PushChange): PushChange {
    return { lease, attempt: attempts, node: this.#context.node, ...change };
  }
}
