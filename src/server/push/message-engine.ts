// The engine of push messages: what is pushed and not answered by a session goes out as it is, over the same roads.
import { type Push, parseAddress } from '../../push/index.ts';
import type {
  DeviceStore,
  PushMessageChange,
  PushMessageQueue,
  PushMessageReader,
  PushMessageRecord,
} from '../../store/index.ts';
import { persist } from '../work/persist.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { WorkLoop, type WorkLoopOptions } from '../work/work-loop.ts';
import { decideGivenUp, decideMessage } from './decide-message.ts';
import { type RoadsContext, tryRoads } from './roads.ts';

/** Settings of the engine. */
export interface MessageEngineOptions
  extends RoadsContext,
    Pick<WorkLoopOptions, 'batchSize' | 'maxInFlight' | 'pollMs'> {
  readonly queue: PushMessageQueue & Pick<PushMessageReader, 'onMessageEvent' | 'messageTimeline'>;
  readonly devices: Pick<DeviceStore, 'device'>;
  readonly node: string;
}

/** Sends push messages that are due until it is stopped. */
export class MessageEngine {
  readonly #options: MessageEngineOptions;
  readonly #loop: WorkLoop;
  readonly #trouble: TroubleLog;
  #ender = new AbortController();
  #leave: () => void = () => undefined;

  constructor(options: MessageEngineOptions) {
    this.#options = options;
    this.#trouble = new TroubleLog(options.clock, options.logger);
    this.#loop = new WorkLoop(
      {
        name: 'engine of push messages',
        nextDueAt: () => options.queue.nextMessageDueAt(),
        start: (limit) => this.#startDue(limit),
      },
      options,
    );
  }

  /** Takes back what this node held before it went down, and begins. */
  async start(): Promise<void> {
    if (this.#loop.running) return;
    this.#ender = new AbortController();
    const { queue, node, logger } = this.#options;
    const taken = await queue.releaseMessageClaims(node);
    if (taken > 0) logger.info({ node, messages: taken }, 'sending again what a crash interrupted');
    this.#leave = queue.onMessageEvent(() => this.#loop.wake());
    this.#loop.start();
  }

  /** Looks at the queue now. */
  wake(): void {
    this.#loop.wake();
  }

  /**
   * Claims nothing more, and resolves when what is under way has its outcome on disk; one that the store does not take is
   * given up, and its lease brings it back.
   */
  async stop(): Promise<void> {
    this.#leave();
    this.#ender.abort();
    await this.#loop.stop();
    this.#trouble.end();
  }

  async #startDue(limit: number): Promise<readonly Promise<void>[]> {
    const { queue, policy, clock, node } = this.#options;
    const claimed = await queue.claimDueMessages({ limit, leaseMs: policy.leaseMs, node }, (due) =>
      decideMessage(due, clock.now()),
    );
    return claimed.filter(({ state }) => state === 'sending').map((message) => this.#send(message));
  }

  /** Sends a claimed message, and writes what came of it. Rejects only when the store fails. */
  async #send(message: PushMessageRecord): Promise<void> {
    const { devices, clock, node } = this.#options;
    const { id, lease, attempts: attempt, deviceId, contentType, body, expiresAt } = message;
    const addresses =
      deviceId === undefined ? message.addresses : (await devices.device(deviceId))?.addresses;
    const push: Push = { id, contentType, body, expiresAt };
    const { schemes } = message;
    const allowed = (addresses ?? []).filter(
      (address) => schemes === undefined || schemes.includes(parseAddress(address).scheme),
    );
    const turn = inTurn(allowed, message);
    const outcome = await tryRoads(this.#options, push, turn, message.refusedAddresses, message.failures);
    const changes: PushMessageChange[] = outcome.refusals.map(({ address, detail, binding, final }) => ({
      event: 'attempt-failed',
      address,
      detail,
      ...(binding !== undefined && { binding }),
      ...(final && { refusedAddress: address }),
    }));
    if (outcome.taken) {
      const { receipt, binding, address } = outcome;
      changes.push({
        event: receipt.outcome,
        binding,
        address,
        ...('reference' in receipt && receipt.reference !== undefined && { reference: receipt.reference }),
        ...(receipt.outcome === 'accepted' && { dueAt: expiresAt }),
      });
    } else if (!outcome.retryable) {
      changes.push({ event: 'failed', detail: outcome.why });
    } else {
      const dueAt = Math.min(clock.now() + outcome.pauseMs, expiresAt);
      changes.push({ event: 'queued', detail: outcome.why, dueAt });
    }
    const mark = { lease, attempt, node };
    const outcomes = await this.#write(changes.map((change) => ({ id, change: { ...mark, ...change } })));
    const after = outcomes.at(-1)?.message;
    if (after?.state === 'accepted') await this.#lookForOvertakingReport(after);
  }

  /** The carrier may have given a push up before its receipt was written. */
  async #lookForOvertakingReport(message: PushMessageRecord): Promise<void> {
    const { queue, policy, clock, random, node } = this.#options;
    const timeline = (await queue.messageTimeline(message.id)) ?? [];
    const next = decideGivenUp(message, timeline, { policy, now: clock.now(), random });
    if (next !== undefined) await this.#write([{ id: message.id, change: { node, ...next } }]);
  }

  #write(changes: Parameters<PushMessageQueue['changeMessages']>[0]) {
    const { queue, clock } = this.#options;
    const { signal } = this.#ender;
    return persist(() => queue.changeMessages(changes), { clock, trouble: this.#trouble, signal });
  }
}

/** The addresses in order of preference, beginning with the one after those that were tried in vain. */
function inTurn(addresses: readonly string[], { failures }: PushMessageRecord): readonly string[] {
  const begin = addresses.length === 0 ? 0 : failures % addresses.length;
  return [...addresses.slice(begin), ...addresses.slice(0, begin)];
}
