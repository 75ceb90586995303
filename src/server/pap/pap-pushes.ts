// Pushes of other initiators: what a PAP endpoint takes is on disk before it is accepted.
import { contentTypeOf, decodeNotification } from '../../codec/notification/index.ts';
import { papAddressKey } from '../../codec/pap/index.ts';
import { type Clock, DecodeError, StoreError } from '../../core/index.ts';
import { type AddressScheme, contentTypes, type PushContentType, parseAddress } from '../../push/index.ts';
import type {
  PapCancellation,
  PapHost,
  PapOutcome,
  PapRecipient,
  PapReference,
  PapReplacement,
  PapState,
  PapSubmission,
} from '../../push/pap/index.ts';
import type {
  DeviceStore,
  EventStore,
  MessageRequest,
  PushQueue,
  PushReader,
  PushRecord,
  StoredContentType,
} from '../../store/index.ts';
import { storeTroubleOf } from '../../store/index.ts';
import { type BindingTable, isReporting } from '../push/bindings.ts';
import { pushPolicyDefaults } from '../push/push-policy.ts';
import { firstCarrier } from '../push/routes.ts';
import { papWordsOf } from './pap-message-state.ts';

/** What the pushes of initiators are kept with. */
export interface PapPushesOptions {
  readonly store: Pick<PushQueue, 'enqueue' | 'change'> &
    Pick<PushReader, 'pushesOfInitiator'> &
    Pick<EventStore, 'timeline'>;
  /** Devices by their id, for addresses of type USER. */
  readonly devices: Pick<DeviceStore, 'device'>;
  readonly bindings: BindingTable;
  readonly clock: Clock;
  /** Name of this node, for timelines. */
  readonly node: string;
  /** Life of a push without deliver-before-timestamp, in milliseconds. Default 86 400 000. */
  readonly lifetimeMs?: number;
}

/** Schemes whose receiver answers the push itself, so that its receipt says *delivered*. */
const answeredSchemes: ReadonlySet<AddressScheme> = new Set(['http', 'https', 'obex']);

type Destination = Pick<MessageRequest, 'deviceId' | 'addresses' | 'carrier'>;

/**
 * The host of the server's PAP endpoint. A push becomes one in the queue for each recipient, all in one transaction, and
 * is accepted (1001) when they are on disk; the push engine sends them.
 */
export class PapPushes implements PapHost {
  readonly #options: PapPushesOptions;
  #draining = false;

  constructor(options: PapPushesOptions) {
    this.#options = options;
  }

  /** Takes no push and no cancellation any more, and says that it may later; states are still told. */
  drain(): void {
    this.#draining = true;
  }

  async submit(submission: PapSubmission): Promise<PapOutcome> {
    if (this.#draining) return stopping;
    return await unlessInTrouble(() => this.#submit(submission), unavailable);
  }

  async #submit(submission: PapSubmission): Promise<PapOutcome> {
    const requests = await this.#requestsOf(submission);
    return 'code' in requests ? requests : this.#enqueue(requests);
  }

  /**
   * `all` queues the new message in any case, and cancels the old one where that can still be done; `pending-only` queues
   * it only where the old one can be cancelled (PAP 2.0, replace-method).
   */
  async replace(replacement: PapReplacement): Promise<PapOutcome> {
    if (this.#draining) return stopping;
    return await unlessInTrouble(() => this.#replace(replacement), unavailable);
  }

  async #replace(replacement: PapReplacement): Promise<PapOutcome> {
    const { initiator, replaces } = replacement;
    const old = await this.#options.store.pushesOfInitiator(initiator, replaces.pushId);
    if (old.length === 0) return { code: 'pushIdNotFound', desc: 'the push to replace is not known' };
    const byRecipient = new Map(old.map((push) => [papAddressKey(recipientOf(push)), push.id]));
    const required = replaces.method === 'pending-only';
    const stranger = replacement.recipients.find(({ text }) => !byRecipient.has(papAddressKey(text)));
    if (required && stranger !== undefined) {
      return refusalOf('addressNotFound', `the push to replace was not for ${stranger.text}`);
    }
    const requests = await this.#requestsOf(replacement);
    if ('code' in requests) return requests;
    return this.#enqueue(
      requests.map((request) => {
        const id = byRecipient.get(papAddressKey(request.initiator?.recipient ?? ''));
        return id === undefined ? request : { ...request, replaces: { id, required } };
      }),
    );
  }

  async cancel(reference: PapReference): Promise<readonly PapCancellation[]> {
    if (this.#draining) return [{ ...stopping, addresses: reference.addresses }];
    const nothingDone = { ...unavailable, addresses: reference.addresses };
    return await unlessInTrouble(() => this.#cancel(reference), [nothingDone]);
  }

  async #cancel(reference: PapReference): Promise<readonly PapCancellation[]> {
    const { store, node } = this.#options;
    const pushes = await store.pushesOfInitiator(reference.initiator, reference.pushId);
    if (pushes.length === 0) return [];
    const { found, missing } = chosen(pushes, reference.addresses);
    const changes = found.map(({ id }) => ({
      id,
      change: { event: 'cancelled', node, detail: 'cancelled by its initiator' } as const,
    }));
    const outcomes = await store.change(changes);
    const done: string[] = [];
    const tooLate: string[] = [];
    for (const [index, push] of found.entries()) {
      (outcomes[index]?.verdict === 'changed' ? done : tooLate).push(recipientOf(push));
    }
    const results: readonly PapCancellation[] = [
      { code: 'ok', addresses: done },
      { code: 'cancellationNotPossible', addresses: tooLate },
      { code: 'addressNotFound', addresses: missing },
    ];
    return results.filter(({ addresses }) => addresses.length > 0);
  }

  async query(reference: PapReference): Promise<readonly PapState[]> {
    const { store } = this.#options;
    const pushes = await store.pushesOfInitiator(reference.initiator, reference.pushId);
    if (pushes.length === 0) return [];
    const { found, missing } = chosen(pushes, reference.addresses);
    const states: PapState[] = [];
    for (const push of found) {
      const { id, state, reason, endedAt, updatedAt } = push;
      // Remarks move `updatedAt` too, such as that the result was told.
      const event = (await store.timeline(id))?.findLast((entry) => entry.event === state);
      states.push({
        state: papWordsOf(state).state,
        code: 'ok',
        addresses: [recipientOf(push)],
        eventTime: event?.at ?? endedAt ?? updatedAt,
        ...(reason === undefined ? {} : { desc: reason.slice(0, 200) }),
      });
    }
    if (missing.length > 0) states.push({ state: 'unknown', code: 'addressNotFound', addresses: missing });
    return states;
  }

  async #enqueue(requests: readonly MessageRequest[]): Promise<PapOutcome> {
    try {
      const outcomes = await this.#options.store.enqueue(requests);
      const kept = outcomes.filter(({ outcome }) => outcome === 'not-replaced').length;
      if (kept === 0) return { code: 'acceptedForProcessing' };
      if (kept === outcomes.length) return refusalOf('notPossible', 'the push to replace is not pending');
      return refusalOf(
        'acceptedForProcessing',
        `for ${kept} of ${outcomes.length} addresses the push to replace was not pending`,
      );
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (error.code === 'ALREADY_EXISTS') return { code: 'duplicatePushId' };
      if (error.code === 'UNKNOWN_DEVICE') return { code: 'addressNotFound' };
      if (error.code === 'SUSPENDED') return refusalOf('notPossible', error.message);
      // What was to be replaced has gone meanwhile.
      if (error.code === 'UNKNOWN_MESSAGE') return { code: 'pushIdNotFound' };
      throw error;
    }
  }

  /** One request for each recipient. When one of them cannot be served the push is refused whole, with the address. */
  async #requestsOf(submission: PapSubmission): Promise<readonly MessageRequest[] | PapOutcome> {
    const { clock, lifetimeMs = 86_400_000 } = this.#options;
    const { initiator, pushId, notifyTo, kind, body, deliverAfter, deliverBefore } = submission;
    const contentType = storedTypeOf(submission);
    if (contentType === undefined) return refusalOf('badRequest', 'the content is not a notification of DM');
    const found: { readonly destination: Destination; readonly recipient: string }[] = [];
    const recipients = new Map(
      submission.recipients.map((recipient) => [papAddressKey(recipient.text), recipient]),
    );
    for (const recipient of recipients.values()) {
      const destination = await this.#destinationOf(recipient, submission, contentType);
      if ('code' in destination) return destination;
      found.push({ destination, recipient: recipient.text });
    }
    // After the last wait: a clock that is set between counting an end and writing it would be counted in.
    const expiresAt = deliverBefore ?? Math.max(clock.now(), deliverAfter ?? 0) + lifetimeMs;
    return found.map(({ destination, recipient }) => ({
      purpose: 'relayed',
      ...destination,
      contentType,
      body,
      summary: { kind, initiator, pushId },
      expiresAt,
      endCounted: deliverBefore === undefined && deliverAfter === undefined,
      ...(deliverAfter === undefined ? {} : { notBefore: deliverAfter }),
      initiator: { initiator, pushId, recipient, ...(notifyTo === undefined ? {} : { notifyTo }) },
    }));
  }

  async #destinationOf(
    recipient: PapRecipient,
    { body, qualityOfService }: PapSubmission,
    contentType: StoredContentType,
  ): Promise<Destination | PapOutcome> {
    const { bindings, devices } = this.#options;
    const { type, value, text } = recipient;
    const deviceId = type === 'USER' ? plainName(value) : undefined;
    const addresses =
      deviceId === undefined ? [addressOf(recipient)] : (await devices.device(deviceId))?.addresses;
    if (addresses === undefined) return refusalOf('addressNotFound', `${text} is not known`);
    const routes = addresses.flatMap((address) => {
      const { scheme } = parseAddress(address);
      const binding = bindings[scheme];
      return binding === undefined ? [] : [{ scheme, binding }];
    });
    if (routes.length === 0) return refusalOf('addressError', `no route leads to ${text} here`);
    const limit = Math.max(...routes.map(({ binding }) => binding.maxPayload));
    if (body.length > limit) {
      return refusalOf('forbidden', `content of ${body.length} octets, ${limit} fit on the way to ${text}`);
    }
    const confirms = routes.every(
      ({ scheme, binding }) => isReporting(binding) || answeredSchemes.has(scheme),
    );
    if (qualityOfService?.deliveryMethod === 'confirmed' && !confirms) {
      return refusalOf('deliveryMethodNotPossible', `the route to ${text} reports no delivery`);
    }
    const carrier = firstCarrier({ bindings, policy: pushPolicyDefaults }, contentType, addresses);
    return {
      ...(deviceId === undefined ? { addresses } : { deviceId }),
      ...(carrier !== undefined && { carrier }),
    };
  }
}

/** PAP 2.0, code 4001: the service failed, and the same request may succeed later. */
const unavailable = {
  code: 'serviceUnavailable',
  desc: 'the server can store nothing now, so nothing was accepted: try again later',
} as const;

const stopping = {
  code: 'serviceUnavailable',
  desc: 'the server is stopping, so nothing was accepted: try again later',
} as const;

/** What `work` gives; `otherwise` while the store takes no writes. */
async function unlessInTrouble<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (storeTroubleOf(error) === undefined) throw error;
    return otherwise;
  }
}

function refusalOf(code: PapOutcome['code'], desc: string): PapOutcome {
  return { code, desc: desc.slice(0, 200) };
}

function recipientOf(push: PushRecord): string {
  return (push.purpose === 'notification' ? undefined : push.initiator?.recipient) ?? push.id;
}

/** The pushes for these addresses, or all of them; and the addresses that the push was not for. */
function chosen(
  pushes: readonly PushRecord[],
  addresses: readonly string[],
): { readonly found: readonly PushRecord[]; readonly missing: readonly string[] } {
  if (addresses.length === 0) return { found: pushes, missing: [] };
  const wanted = new Map(addresses.map((address) => [papAddressKey(address), address]));
  const found = pushes.filter((push) => wanted.has(papAddressKey(recipientOf(push))));
  for (const push of found) wanted.delete(papAddressKey(recipientOf(push)));
  return { found, missing: [...wanted.values()] };
}

function addressOf({ type, value }: PapRecipient): string {
  if (type === 'PLMN') return `sms:${value.replace(/[.-]/g, '')}`;
  return type === 'IPv6' ? `wap:[${value}]` : `wap:${value}`;
}

/** Device ids stand percent-encoded in addresses. */
function plainName(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The type with its WSP number, and what a bootstrap message is verified with. */
function storedTypeOf(submission: PapSubmission): StoredContentType | undefined {
  const type = assignedTypeOf(submission);
  if (type === undefined) return undefined;
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(submission.contentType.parameters)) {
    const upper = name.toUpperCase();
    if (upper === 'SEC' || upper === 'MAC') parameters[upper] = value;
  }
  const { mime, code } = type;
  return Object.keys(parameters).length === 0 ? { mime, code } : { mime, code, parameters };
}

/** The two 1.3 formats share one name, and the octets tell them apart. */
function assignedTypeOf({ kind, contentType, body }: PapSubmission): PushContentType | undefined {
  if (kind !== 'notification') return contentTypes[kind];
  try {
    return contentTypeOf(decodeNotification(body, { mime: contentType.mime }).message.format);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
