// Package #0 and DM messages through push gateways: we are the push initiator of PAP (PAP 2.0).
import { randomBytes } from 'node:crypto';
import {
  formatPapTime,
  type MimePart,
  type PapAddress,
  type PushMessage,
  papCodes,
  parsePapAddress,
} from '../../codec/pap/index.ts';
import { contentTypeNames } from '../../codec/wsp/index.ts';
import { bytesToHex, PushError, systemClock, ValueError, wholeNumber } from '../../core/index.ts';
import {
  contentTypeText,
  InFlight,
  lifeLeftMs,
  PacedCarriers,
  type Push,
  requireSize,
  type SendResult,
} from '../index.ts';
import { AwaitedResults } from './awaited-results.ts';
import { GatewayLink, type PapGateway, papGatewayDefaults } from './gateway.ts';
import { answerKannelReport, kannelReportFields } from './kannel-reports.ts';
import { codePushError, protocolError } from './push-error.ts';
import { answerResult } from './result-answer.ts';
import type { PapSender, PapSenderOptions, PapTarget } from './sender-contract.ts';

/** Name of the binding. */
const bindingName = 'pap';

/** Random octets of a push-id: nobody else can guess one, and so say what became of a push. */
const saltOctets = 8;

/** Longer identifiers of pushes are cut in push-ids. */
const maxIdLength = 128;

/**
 * Makes a sender. Its receipts say *accepted*, under the push-id; what became of the push comes by result notification,
 * where a gateway has `notifyTo`.
 * @throws {ValueError} for a gateway that cannot be used, or two of one name
 */
export function createPapSender(options: PapSenderOptions): PapSender {
  const { initiator = 'reveille.invalid', maxAwaited = 100_000, clock = systemClock() } = options;
  const { random = randomBytes, onReport, onError } = options;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(initiator)) {
    throw new ValueError('BAD_FORMAT', `${JSON.stringify(initiator)} is not a host name`, 'initiator');
  }
  wholeNumber(maxAwaited, 1, 2 ** 30, 'maxAwaited');
  const links = new Map<string, GatewayLink>();
  for (const [index, gateway] of options.gateways.entries()) {
    const key = gateway.name.toLowerCase();
    if (links.has(key)) throw new ValueError('BAD_FORMAT', `${gateway.name} is there twice`, 'gateways');
    links.set(key, new GatewayLink(gateway, index, { clock, random, onWarning: options.onWarning }));
  }
  /** Those whose clocks were ahead of ours at the last push. */
  const ahead = new Set<GatewayLink>();
  const warn = options.onWarning ?? (() => {});
  const results = new AwaitedResults(bindingName, maxAwaited, onReport, onError);
  const inFlight = new InFlight('pap sender');

  const carrierOf = ({ gateway }: GatewayLink): string => `${bindingName}:${gateway.name}`;
  const carriers = new PacedCarriers<PapTarget>(
    new Map([...links.values()].map((link) => [carrierOf(link), link.gateway])),
    ({ gateway }) => carrierOf(linkOf(gateway)),
    clock,
    (carrier) => `gateways[${[...links.values()].findIndex((link) => carrierOf(link) === carrier)}].`,
  );

  const linkOf = (name: string): GatewayLink => {
    const link = links.get(name.toLowerCase());
    if (link !== undefined) return link;
    const known = [...links.values()].map(({ gateway }) => gateway.name).join(', ') || 'none';
    throw new ValueError(
      'BAD_FORMAT',
      `no gateway ${JSON.stringify(name)} is configured (${known})`,
      'gateway',
    );
  };

  const deliver = async (
    push: Push,
    to: PapTarget,
    signal: AbortSignal,
    replaced: Pick<PushMessage, 'replacePushId' | 'replaceMethod'> = {},
  ): Promise<SendResult> => {
    const link = linkOf(to.gateway);
    requireSize(push, link.maxPayload);
    const parsed = addressOf(to.address);
    const address = link.kind?.spelling(parsed) ?? parsed;
    // Gateways turn the media type into its WSP number, which says what the body is (spec-notes ruling 7): so the name is the
    // one that is assigned to the number, and a dm1.3-2010 message goes as application/vnd.syncml.notification.
    const { code: number, mime } = push.contentType;
    const name = contentTypeNames.get(number);
    // Parameters that stand in the type itself stay.
    const written = /;.*/s.exec(mime)?.[0] ?? '';
    const contentType = { ...push.contentType, mime: name === undefined ? mime : `${name}${written}` };
    link.requireCarried({ contentType, size: push.body.length, address });
    const content = contentOf({ ...push, contentType });
    const before = deliverBefore(push, link.gateway, clock.now());
    const submitted = { push, content, address, link, replaced };
    try {
      const receipt = await submit(submitted, before, signal);
      if (before !== undefined) ahead.delete(link);
      return receipt;
    } catch (error) {
      if (before === undefined || !isForbidden(error)) throw error;
      // Gateways whose clock is ahead refuse so what has time left by ours; without an end they may take it. When they do
      // not, they mean the push.
      lifeLeftMs(push, clock.now());
      const receipt = await submit(submitted, undefined, signal);
      if (!ahead.has(link)) {
        const end = formatPapTime(before);
        warn(
          `${link.peer}: refused a push that ends at ${end}, and took it without an end: its clock is ahead`,
        );
      }
      ahead.add(link);
      return receipt;
    }
  };

  /** Submits it once, under a push-id of its own. */
  const submit = async (
    { push, content, address, link, replaced }: Submitted,
    before: number | undefined,
    signal: AbortSignal,
  ): Promise<SendResult> => {
    const reference = `${pushIdPart(push.id)}.${bytesToHex(random(saltOctets))}@${initiator}`;
    const notifies = link.kind?.reports('result-notification', address) ?? true;
    const notifyTo = notifies ? link.gateway.notifyTo : undefined;
    const message = pushMessageOf({ ...link.gateway, notifyTo }, reference, address, before);
    // The result may come before the answer.
    const reports = link.kind?.reports('own', address) ?? true;
    const kannelReportsTo = reports ? link.gateway.kannelReportsTo : undefined;
    if (notifyTo !== undefined || kannelReportsTo !== undefined) results.add(reference, push.id);
    try {
      const { message: answer } = await link.ask(
        { ...message, ...replaced },
        'push-response',
        signal,
        content,
        kannelReportsTo === undefined ? {} : kannelReportFields(kannelReportsTo, reference),
      );
      const { code, desc } = answer.responseResult;
      const error = codePushError(code, desc, link.peer);
      if (error !== undefined) throw duplicateMayPass(error, code);
      if (answer.pushId !== reference)
        throw protocolError(link.peer, 'the push-id is not the one that was sent');
      return { outcome: 'accepted', reference };
    } catch (error) {
      results.remove(reference);
      throw error;
    }
  };

  return {
    name: bindingName,
    maxPayload: Math.max(...[...links.values()].map((link) => link.maxPayload), 1),
    carriers,
    send: (push, to, signal) => carriers.run(to, signal, () => inFlight.run(() => deliver(push, to, signal))),
    replace: (push, to, { reference, method }, signal) =>
      carriers.run(to, signal, () =>
        inFlight.run(() => deliver(push, to, signal, { replacePushId: reference, replaceMethod: method })),
      ),
    cancel: (gateway, reference, addresses, signal) =>
      inFlight.run(async () => {
        const message = { element: 'cancel-message', pushId: reference, addresses } as const;
        return (await linkOf(gateway).ask(message, 'cancel-response', signal)).message.results;
      }),
    queryStatus: (gateway, reference, addresses, signal) =>
      inFlight.run(async () => {
        const message = { element: 'statusquery-message', pushId: reference, addresses } as const;
        return (await linkOf(gateway).ask(message, 'statusquery-response', signal)).message.results;
      }),
    queryCapabilities: (to, question, signal) =>
      inFlight.run(async () => {
        addressOf(to.address);
        const message = { element: 'ccq-message', address: to.address, ...question } as const;
        const answer = await linkOf(to.gateway).ask(message, 'ccq-response', signal);
        return { code: answer.message.code, desc: answer.message.desc, content: answer.content };
      }),
    receiveResult: (request) => answerResult(request, results),
    receiveKannelReport: (request) => answerKannelReport(request, results),
    expectReport(pushId, reference) {
      if (!referencePattern.test(reference)) {
        throw new ValueError('BAD_FORMAT', 'is not a push-id of this binding', 'reference');
      }
      results.add(reference, pushId);
    },
    get awaited() {
      return results.size;
    },
    async close() {
      carriers.close();
      await inFlight.close();
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}

/** What a gateway is asked to push. */
interface Submitted {
  readonly push: Push;
  readonly content: MimePart;
  readonly address: PapAddress;
  readonly link: GatewayLink;
  readonly replaced: Pick<PushMessage, 'replacePushId' | 'replaceMethod'>;
}

/** A push-id as `send` makes it. */
const referencePattern = /^[^\s@]+\.[0-9a-f]{16}@[A-Za-z0-9.-]+$/;

/** The target of a device address, which names its gateway behind the "@". @throws {ValueError} BAD_FORMAT */
export function papTarget(address: string): PapTarget {
  return { address, gateway: addressOf(address).gateway };
}

function addressOf(text: string): PapAddress {
  const address = parsePapAddress(text);
  if (address !== undefined && address.gateway !== '') return address;
  throw new ValueError('BAD_FORMAT', `${JSON.stringify(text.slice(0, 100))} is not a PAP address`, 'address');
}

function pushMessageOf(
  { qualityOfService = papGatewayDefaults.qualityOfService, notifyTo, sourceReference }: PapGateway,
  pushId: string,
  { value, type, gateway }: PapAddress,
  deliverBeforeTimestamp: number | undefined,
): PushMessage {
  return {
    element: 'push-message',
    pushId,
    ...(deliverBeforeTimestamp === undefined ? {} : { deliverBeforeTimestamp }),
    ...(sourceReference === undefined ? {} : { sourceReference }),
    ...(notifyTo === undefined ? {} : { ppgNotifyRequestedTo: notifyTo }),
    addresses: [`WAPPUSH=${value}/TYPE=${type}@${gateway}`],
    qualityOfService,
  };
}

/** The content entity. */
function contentOf({ contentType, body }: Push): MimePart {
  return {
    headers: [
      ['Content-Type', contentTypeText(contentType)],
      ['X-Wap-Application-Id', 'x-wap-application:syncml.dm'],
    ],
    body,
  };
}

/**
 * Moment in milliseconds since the POSIX epoch from which a gateway need not try any more: the end of the push, or sooner
 * when the gateway's settings say so, on a whole second as PAP writes it. `undefined` when neither says anything.
 * @throws {PushError} EXPIRED when the time of the push is over
 */
function deliverBefore(push: Push, { lifetimeMs }: PapGateway, now: number): number | undefined {
  const leftMs = Math.min(lifeLeftMs(push, now), lifetimeMs ?? Number.POSITIVE_INFINITY);
  return leftMs === Number.POSITIVE_INFINITY ? undefined : Math.ceil((now + leftMs) / 1000) * 1000;
}

function isForbidden(error: unknown): boolean {
  return error instanceof PushError && error.code === forbidden;
}

const forbidden = codePushError(papCodes.forbidden, undefined, '')?.code;

/** Every push-id is new, so one that the gateway has seen before is bad luck, not a fault that comes back. */
function duplicateMayPass(error: PushError, code: number): PushError {
  return code === papCodes.duplicatePushId ? new PushError(error.code, error.message, true) : error;
}

/** The identifier of a push as part of a push-id. */
function pushIdPart(id: string): string {
  const part = id.slice(0, maxIdLength).replace(/[^A-Za-z0-9._~-]/g, '_');
  return part === '' ? '_' : part;
}
