// A push-message and its content as a submission, or the code that refuses it.
import {
  type MimePart,
  mimeHeader,
  type PapCodeName,
  type PushMessage,
  parseMimeType,
  parsePapAddress,
} from '../../codec/pap/index.ts';
import { dmContentKind } from '../../codec/wsp/index.ts';
import { mayBeToldAt, mayReach, type PapInitiator } from './initiators.ts';
import type { PapRecipient, PapSubmission } from './pap-host.ts';

/** Why a push is refused. */
export interface Refusal {
  readonly code: PapCodeName;
  readonly desc: string;
}

/** Bounds and names that hold for all initiators. */
export interface SubmissionRules {
  /** Names that addresses may have behind the "@", in lower case; `undefined` for any. */
  readonly gatewayNames: readonly string[] | undefined;
  readonly maxAddresses: number;
  /** Octets of the content. */
  readonly maxPayload: number;
  /** Milliseconds since the POSIX epoch. */
  readonly now: number;
}

/** Checks a push-message. */
export function readSubmission(
  message: PushMessage,
  content: MimePart | undefined,
  initiator: PapInitiator,
  rules: SubmissionRules,
): PapSubmission | Refusal {
  if (message.addresses.length > rules.maxAddresses) {
    return refusal('multipleAddressesNotSupported', `at most ${rules.maxAddresses} addresses are taken`);
  }
  const recipients: PapRecipient[] = [];
  for (const text of message.addresses) {
    const recipient = readRecipient(text, initiator, rules);
    if ('code' in recipient) return recipient;
    recipients.push(recipient);
  }
  const times = readTimes(message, rules.now);
  if ('code' in times) return times;
  const read = readContent(content, initiator, rules.maxPayload);
  if ('code' in read) return read;
  const { ppgNotifyRequestedTo: notifyTo, qualityOfService, sourceReference } = message;
  if (notifyTo !== undefined && !mayBeToldAt(initiator, notifyTo)) {
    return refusal('forbidden', 'results may not be told under this URL: ppg-notify-requested-to');
  }
  return {
    initiator: initiator.name,
    pushId: message.pushId,
    recipients,
    ...read,
    ...times,
    ...(qualityOfService === undefined ? {} : { qualityOfService }),
    ...(sourceReference === undefined ? {} : { sourceReference }),
    ...(notifyTo === undefined ? {} : { notifyTo }),
    progressNotesRequested: message.progressNotesRequested ?? false,
  };
}

/** Checks one address. */
export function readRecipient(
  text: string,
  initiator: PapInitiator,
  { gatewayNames }: Pick<SubmissionRules, 'gatewayNames'>,
): PapRecipient | Refusal {
  const address = parsePapAddress(text);
  if (address === undefined) return refusal('addressError', 'not an address');
  const { gateway } = address;
  if (gatewayNames !== undefined && gateway !== '' && !gatewayNames.includes(gateway.toLowerCase())) {
    return refusal('addressError', 'the address names another gateway');
  }
  if (!mayReach(initiator, address)) return refusal('forbidden', 'this address may not be pushed to');
  return { ...address, text };
}

function readTimes(
  { deliverBeforeTimestamp: before, deliverAfterTimestamp: after }: PushMessage,
  now: number,
): Pick<PapSubmission, 'deliverBefore' | 'deliverAfter'> | Refusal {
  if (before !== undefined && before <= now) {
    return refusal('forbidden', 'deliver-before-timestamp has passed');
  }
  if (before !== undefined && after !== undefined && after >= before) {
    return refusal('badRequest', 'deliver-after-timestamp is not before deliver-before-timestamp');
  }
  return {
    ...(before === undefined ? {} : { deliverBefore: before }),
    ...(after === undefined ? {} : { deliverAfter: after }),
  };
}

/** Only what is ours is carried: a push for DM, of a DM media type. */
function readContent(
  content: MimePart | undefined,
  { kinds }: PapInitiator,
  maxPayload: number,
): Pick<PapSubmission, 'kind' | 'contentType' | 'body'> | Refusal {
  if (content === undefined) return refusal('badRequest', 'the push has no content');
  const type = parseMimeType(mimeHeader(content.headers, 'content-type') ?? '');
  if (type === undefined) return refusal('badRequest', 'the content has no media type');
  const kind = dmContentKind({ mime: type.mime });
  if (kind === undefined) return refusal('forbidden', 'this gateway carries content of OMA DM only');
  const encoding = mimeHeader(content.headers, 'content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return refusal('forbidden', 'the content is encoded');
  const application = mimeHeader(content.headers, 'x-wap-application-id');
  if (application !== undefined && !isDmApplication(application)) {
    return refusal('forbidden', 'this gateway pushes to the DM client only: X-Wap-Application-Id');
  }
  if (kinds !== undefined && !kinds.includes(kind)) {
    return refusal('forbidden', 'this kind of content may not be pushed');
  }
  if (content.body.length > maxPayload) {
    return refusal(
      'forbidden',
      `content of ${content.body.length} octets, at most ${maxPayload} are carried`,
    );
  }
  return { kind, contentType: type, body: content.body };
}

function isDmApplication(text: string): boolean {
  return ['x-wap-application:syncml.dm', 'syncml.dm', '7'].includes(text.trim().toLowerCase());
}

function refusal(code: PapCodeName, desc: string): Refusal {
  return { code, desc };
}
