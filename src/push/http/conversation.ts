// One push to one device over OTA-HTTP: POST, and registration where the device asks for it (OMA PushOTA).
import { type Clock, PushError } from '../../core/index.ts';
import { contentTypeText, type Push, type SendResult } from '../index.ts';
import { envelopeType, writeEnvelope } from './envelope.ts';
import { dmApplicationId, fieldNames, otaVersion, parsePushStatus, pushStatuses } from './header-names.ts';
import type { HttpClient, HttpResponse } from './http-client.ts';
import { peerOf, statusPushError } from './push-error.ts';
import type { HttpPushOptions } from './sender-options.ts';
import {
  acceptsType,
  cpiTagOf,
  readCapabilities,
  type TerminalCapabilities,
  type Terminals,
} from './terminals.ts';

/** What a conversation is about, and what it is held with. */
export interface ConversationParts {
  readonly push: Push;
  readonly url: URL;
  readonly options: HttpPushOptions;
  readonly signal: AbortSignal;
  readonly client: HttpClient;
  readonly terminals: Terminals;
  readonly register: 'on-demand' | 'always' | 'never';
  readonly clock: Clock;
}

/** Carries out one push. @throws {ValueError} {PushError} */
export async function converse(parts: ConversationParts): Promise<SendResult> {
  const { url, terminals, register } = parts;
  let known = terminals.get(url.href);
  if (known === undefined && register === 'always') known = await askCapabilities(parts);
  if (known !== undefined) requireAccepted(parts, known);
  const response = await post(parts, known?.cpiTag);
  if (register === 'never' || pushStatusOf(response)?.code !== pushStatuses.capabilitiesChanged) {
    return receiptOf(parts, response);
  }
  const now = await askCapabilities(parts);
  if (now !== undefined) requireAccepted(parts, now);
  return receiptOf(parts, await post(parts, now?.cpiTag ?? cpiTagOf(response)));
}

function post(
  { push, options, clock, client, url, signal }: ConversationParts,
  cpiTag: string | undefined,
): Promise<HttpResponse> {
  const { form = 'direct', headers = {}, credentials } = options;
  const date = httpDate(clock.now());
  const own: Record<string, string> = {
    Date: date,
    'Content-Type': contentTypeText(push.contentType),
    'X-Wap-Application-Id': dmApplicationId,
    ...headers,
  };
  const transport: Record<string, string> = { 'X-Wap-Push-OTA-Version': otaVersion };
  if (cpiTag !== undefined) transport['X-Wap-CPITag'] = cpiTag;
  const request =
    form === 'direct'
      ? { headers: { ...own, ...transport }, body: push.body }
      : {
          headers: { Date: date, 'Content-Type': envelopeType, ...transport },
          body: writeEnvelope({ headers: Object.entries(own), body: push.body }),
        };
  // Devices collapse pushes that come twice (they carry the same Session-ID).
  return client.exchange({ method: 'POST', url, credentials, repeatable: true, ...request }, signal);
}

/** The last second that was written, and how. */
let lastDate = { second: Number.NaN, text: '' };

/** A moment as HTTP writes it; nearly every one is of the second that the one before was of. */
function httpDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastDate.second) lastDate = { second, text: new Date(ms).toUTCString() };
  return lastDate.text;
}

/** Asks the device for its capabilities. One that does not know the request has none to tell. */
async function askCapabilities(parts: ConversationParts): Promise<TerminalCapabilities | undefined> {
  const { client, terminals, url, options, signal } = parts;
  const { credentials } = options;
  const known = terminals.get(url.href);
  const headers = {
    'X-Wap-Push-OTA-Version': otaVersion,
    ...(known === undefined ? {} : { 'X-Wap-CPITag': known.cpiTag }),
  };
  const response = await client.exchange(
    { method: 'OPTIONS', url, headers, credentials, repeatable: true },
    signal,
  );
  const told = isSuccess(response) ? readCapabilities(response, known) : undefined;
  if (told !== undefined) terminals.set(url.href, told);
  return told;
}

function requireAccepted({ push, url }: ConversationParts, capabilities: TerminalCapabilities): void {
  const { maxMessageSize, acceptsDm } = capabilities;
  const { mime } = push.contentType;
  const { length } = push.body;
  const peer = peerOf(url);
  if (!acceptsDm) throw new PushError('NOT_ACCEPTED', `${peer}: takes no pushes for DM`, false);
  if (!acceptsType(capabilities, mime)) {
    throw new PushError('NOT_ACCEPTED', `${peer}: does not take ${mime}`, false);
  }
  if (maxMessageSize !== undefined && length > maxMessageSize) {
    const detail = `${length} octets, the device takes ${maxMessageSize}`;
    throw new PushError('TOO_LONG', `${peer}: ${detail}`, false);
  }
}

function receiptOf({ push, url }: ConversationParts, response: HttpResponse): SendResult {
  if (!isSuccess(response)) throw statusPushError(response, peerOf(url));
  if (response.header(fieldNames.pushStatus) === undefined) {
    return response.status === 202 ? { outcome: 'accepted', reference: push.id } : { outcome: 'delivered' };
  }
  const said = pushStatusOf(response);
  if (said === undefined) {
    throw new PushError('PROTOCOL', `${peerOf(url)}: X-Wap-Push-Status cannot be read`, false);
  }
  const { code } = said;
  if (code === pushStatuses.accepted) return { outcome: 'delivered' };
  const why = explanations.get(code) ?? 'unknown status';
  throw new PushError(
    `PUSH_STATUS_${code}`,
    `${peerOf(url)}: answered push status ${code}: ${why}`,
    passing.has(code),
  );
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

function pushStatusOf(response: HttpResponse): { readonly code: number } | undefined {
  const field = isSuccess(response) ? response.header(fieldNames.pushStatus) : undefined;
  return field === undefined ? undefined : parsePushStatus(field);
}

const explanations: ReadonlyMap<number, string> = new Map([
  [pushStatuses.refused, 'the device refuses it'],
  [pushStatuses.undeliverable, 'it cannot be delivered to the DM client'],
  [pushStatuses.discarded, 'the device is short of resources'],
  [pushStatuses.unsupportedType, 'the device cannot process this content type'],
  [pushStatuses.capabilitiesChanged, "the device's capabilities have changed"],
]);

/** Codes after which the same push may succeed later. */
const passing: ReadonlySet<number> = new Set([
  pushStatuses.undeliverable,
  pushStatuses.discarded,
  pushStatuses.capabilitiesChanged,
]);
