// Pushes of other initiators: what a PAP endpoint takes goes to the carrier at once, and is accepted when that has it.
import { contentTypeOf, decodeNotification } from '../codec/notification/index.ts';
import { type PapMessageState, papCodeMeaning, papCodes } from '../codec/pap/index.ts';
import type { Logger } from '../core/index.ts';
import { type Clock, DecodeError, PushError, sleep, ValueError } from '../core/index.ts';
import {
  contentTypes,
  type DeliveryReport,
  type Push,
  type PushContentType,
  parseAddress,
  type Receipt,
} from '../push/index.ts';
import type {
  NotificationTarget,
  PapCancellation,
  PapHost,
  PapNotifier,
  PapOutcome,
  PapRecipient,
  PapReference,
  PapState,
  PapSubmission,
} from '../push/pap/index.ts';
import type { DeviceStore } from '../store/index.ts';
import type { BindingTable } from './bindings.ts';

/** What a relay works with. */
export interface PapRelayOptions {
  readonly bindings: BindingTable;
  /** Devices by their id, for addresses of type USER. */
  readonly devices: Pick<DeviceStore, 'device'>;
  /** Tells initiators what became of pushes. */
  readonly notifier: Pick<PapNotifier, 'notify'>;
  /** What is proved to an initiator that is told a result. Default: nothing. */
  readonly targetOf?: (initiator: string, url: string) => NotificationTarget;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long the carriers may take for one push, in milliseconds. Default 30 000. */
  readonly sendTimeoutMs?: number;
  /** Pushes whose state is remembered; the oldest is forgotten. Default 10 000. */
  readonly maxPushes?: number;
}

interface Relayed {
  readonly submission: PapSubmission;
  readonly recipient: PapRecipient;
  /** Names it to the binding. */
  readonly id: string;
  state: PapMessageState;
  desc: string | undefined;
  since: number;
}

/** Pauses before a result is told again, in milliseconds. */
const notifyPauses = [1000, 5000, 30_000];

/**
 * The host of the server's PAP endpoint. It keeps no queue: an initiator whose push is answered with a code that passes
 * submits it again, and no push is accepted before its carrier has it. States are in memory and end with the process.
 */
export class PapRelay implements PapHost {
  readonly #options: PapRelayOptions;
  /** By initiator and push-id, oldest first. */
  readonly #pushes = new Map<string, Relayed>();
  readonly #byId = new Map<string, Relayed>();
  readonly #stop = new AbortController();
  readonly #telling = new Set<Promise<void>>();
  #count = 0;

  constructor(options: PapRelayOptions) {
    this.#options = options;
  }

  async submit(submission: PapSubmission): Promise<PapOutcome> {
    const key = keyOf(submission);
    if (this.#pushes.has(key)) return { code: 'duplicatePushId' };
    const [recipient, ...others] = submission.recipients;
    if (recipient === undefined || others.length > 0) return { code: 'multipleAddressesNotSupported' };
    const { clock } = this.#options;
    if (submission.deliverAfter !== undefined && submission.deliverAfter > clock.now()) {
      return { code: 'notImplemented', desc: 'pushes are not kept for later: deliver-after-timestamp' };
    }
    if (submission.qualityOfService?.deliveryMethod === 'confirmed')
      return { code: 'deliveryMethodNotPossible' };
    const type = contentTypeOfSubmission(submission);
    if (type === undefined) return { code: 'badRequest', desc: 'the content is not a notification of DM' };
    this.#count += 1;
    const id = `pap-${clock.now().toString(36)}-${this.#count}`;
    const relayed: Relayed = {
      submission,
      recipient,
      id,
      state: 'pending',
      desc: undefined,
      since: clock.now(),
    };
    this.#remember(key, relayed);
    const outcome = await this.#send({ id, contentType: type, body: submission.body }, recipient);
    if ('code' in outcome) {
      // The initiator may submit it again under the same name.
      this.#forget(key, relayed);
      return outcome;
    }
    if (relayed.state === 'pending') {
      relayed.since = clock.now();
      if (outcome.outcome === 'sent') relayed.state = 'unknown';
      if (outcome.outcome === 'delivered') this.#settle(relayed, 'delivered', undefined);
    }
    return { code: 'acceptedForProcessing' };
  }

  async cancel(reference: PapReference): Promise<readonly PapCancellation[]> {
    const { addresses } = reference;
    return this.#pushes.has(keyOf(reference)) ? [{ code: 'cancellationNotPossible', addresses }] : [];
  }

  async query(reference: PapReference): Promise<readonly PapState[]> {
    const relayed = this.#pushes.get(keyOf(reference));
    if (relayed === undefined) return [];
    const { state, since: eventTime, desc } = relayed;
    const { addresses } = reference;
    return [{ state, code: 'ok', addresses, eventTime, ...(desc === undefined ? {} : { desc }) }];
  }

  /** Takes a delivery report, when it is for a push of an initiator; says whether it is. */
  takeReport({ pushId, outcome, detail }: DeliveryReport): boolean {
    const relayed = this.#byId.get(pushId);
    if (relayed === undefined) return pushId.startsWith('pap-');
    if (relayed.state === 'pending') {
      this.#settle(relayed, outcome === 'delivered' ? 'delivered' : 'undeliverable', detail);
    }
    return true;
  }

  /** Gives up telling results that nobody takes, and waits for those under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#telling);
  }

  /** The addresses of a recipient in order, until a carrier takes the push. */
  async #send(push: Push, recipient: PapRecipient): Promise<Receipt | PapOutcome> {
    const addresses = await this.#addressesOf(recipient);
    if (addresses.length === 0) return { code: 'addressNotFound' };
    const { bindings, sendTimeoutMs = 30_000, logger } = this.#options;
    let passing = false;
    const reasons: string[] = [];
    for (const address of addresses) {
      try {
        const to = parseAddress(address);
        const binding = bindings[to.scheme];
        if (binding === undefined) {
          reasons.push(`${to.scheme}: is not served here`);
          continue;
        }
        return await binding.send(push, to, AbortSignal.timeout(sendTimeoutMs));
      } catch (error) {
        passing ||= error instanceof PushError && error.retryable;
        if (!(error instanceof PushError || error instanceof ValueError)) throw error;
        reasons.push(error.message);
        logger.debug({ push: push.id, address, reason: error.message }, 'push of an initiator not taken');
      }
    }
    return { code: passing ? 'serviceUnavailable' : 'forbidden', desc: reasons.join('; ').slice(0, 200) };
  }

  async #addressesOf({ type, value }: PapRecipient): Promise<readonly string[]> {
    if (type === 'PLMN') return [`sms:${value.replace(/[.-]/g, '')}`];
    if (type === 'IPv4') return [`wap:${value}`];
    if (type === 'IPv6') return [`wap:[${value}]`];
    return (await this.#options.devices.device(plainName(value)))?.addresses ?? [];
  }

  #settle(relayed: Relayed, state: 'delivered' | 'undeliverable', desc: string | undefined): void {
    relayed.state = state;
    relayed.desc = desc?.slice(0, 200);
    relayed.since = this.#options.clock.now();
    const { notifyTo, initiator } = relayed.submission;
    if (notifyTo === undefined) return;
    const telling = this.#tell(relayed, this.#options.targetOf?.(initiator, notifyTo) ?? { url: notifyTo });
    const settled = (): void => {
      this.#telling.delete(telling);
    };
    this.#telling.add(telling);
    telling.then(settled, settled);
  }

  /** Tells the result, and again after pauses while that may help. Never rejects. */
  async #tell(
    { submission, recipient, state, desc, since }: Relayed,
    target: NotificationTarget,
  ): Promise<void> {
    const { notifier, clock, logger } = this.#options;
    const code = state === 'delivered' ? papCodes.ok : papCodes.serviceFailure;
    const result = {
      pushId: submission.pushId,
      address: recipient.text,
      messageState: state,
      code,
      desc: desc ?? papCodeMeaning(code),
      eventTime: since,
    };
    for (const pauseMs of [...notifyPauses, 0]) {
      try {
        await notifier.notify(target, result, this.#stop.signal);
        return;
      } catch (error) {
        const again =
          error instanceof PushError && error.retryable && pauseMs > 0 && !this.#stop.signal.aborted;
        if (!again) {
          logger.warn(
            { push: submission.pushId, reason: String(error) },
            'an initiator was not told a result',
          );
          return;
        }
        await sleep(clock, pauseMs, this.#stop.signal);
      }
    }
  }

  #remember(key: string, relayed: Relayed): void {
    const { maxPushes = 10_000 } = this.#options;
    for (const [oldest, held] of this.#pushes) {
      if (this.#pushes.size < maxPushes) break;
      this.#forget(oldest, held);
    }
    this.#pushes.set(key, relayed);
    this.#byId.set(relayed.id, relayed);
  }

  #forget(key: string, { id }: Relayed): void {
    this.#pushes.delete(key);
    this.#byId.delete(id);
  }
}

function keyOf({ initiator, pushId }: { readonly initiator: string; readonly pushId: string }): string {
  return `${initiator}\n${pushId}`;
}

/** Device ids stand percent-encoded in addresses. */
function plainName(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The type with its WSP number: the two 1.3 formats share one name, and the octets tell them apart. */
function contentTypeOfSubmission({ kind, contentType, body }: PapSubmission): PushContentType | undefined {
  if (kind !== 'notification') return contentTypes[kind];
  try {
    return contentTypeOf(decodeNotification(body, { mime: contentType.mime }).message.format);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
