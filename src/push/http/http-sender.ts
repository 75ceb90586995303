// Package #0 and DM messages as OTA-HTTP: POST to the device, with its answer as the receipt (DM-NOTI-1.3 §7.4,
// DM-PUSH §5.3).
import { PushError, ValueError } from '../../core/index.ts';
import { type Binding, kindOf, type Push, requireSize, tracked } from '../index.ts';
import { converse } from './conversation.ts';
import { httpPushPath } from './header-names.ts';
import { HttpClient } from './http-client.ts';
import { peerOf } from './push-error.ts';
import {
  type HttpPushOptions,
  type HttpPushSenderOptions,
  type HttpTarget,
  type SenderSettings,
  senderSettings,
  targetUrl,
} from './sender-options.ts';
import { Terminals } from './terminals.ts';

/**
 * Makes a sender. Its receipts say *delivered*, for it is the device that answers; a 202 without X-Wap-Push-Status, which
 * somebody in between may have given, is *accepted* under the push's own id.
 * @throws {ValueError} OUT_OF_RANGE or MISSING for a setting
 */
export function createHttpPushSender(options: HttpPushSenderOptions = {}): Binding<HttpTarget> {
  const { pushOptions, messages, register, maxTerminals, maxPayload, clock } = senderSettings(options);
  const client = new HttpClient(options);
  const terminals = new Terminals(maxTerminals);
  return tracked<HttpTarget>({
    name: 'http',
    maxPayload,
    close: () => client.close(),
    async deliver(push, to, signal) {
      requireSize(push, maxPayload);
      const ofPush = pushOptions(push, to);
      checkHeaders(ofPush.headers ?? {});
      const url = targetUrl(to, httpPushPath);
      requireProtection(push, url, ofPush, messages);
      return converse({ push, url, options: ofPush, signal, client, terminals, register, clock });
    },
  });
}

/** Header fields that are the sender's own business. */
const ownFields =
  /^(?:authorization|connection|content-.*|date|expect|host|te|trailer|transfer-encoding|upgrade|x-wap-.*)$/i;

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(headers)) {
    if (ownFields.test(name)) throw new ValueError('BAD_FORMAT', 'is set by the sender', `headers.${name}`);
  }
}

/** DM-PUSH §5.3: the connection of a DM message has the security of the DM HTTP binding. */
function requireProtection(
  push: Push,
  url: URL,
  { credentials }: HttpPushOptions,
  rule: SenderSettings['messages'],
): void {
  if (rule === 'any' || url.protocol === 'https:' || kindOf(push.contentType.mime) !== 'message') return;
  if (rule === 'authenticated' && credentials !== undefined) return;
  const need = rule === 'tls' ? 'https' : 'https, or credentials';
  throw new PushError('INSECURE', `${peerOf(url)}: a DM message needs ${need} (DM-PUSH §5.3)`, false);
}
