// reveille send: one push, by itself to an address or through a server to one of its devices.

import { randomInt, randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { NewNotification } from '../../client/index.ts';
import {
  contentTypeOf,
  defaultMoIndexRegistry,
  encodeNotification,
  type Notification,
  parseNotification,
  sessionIdText,
} from '../../codec/notification/index.ts';
import { ValueError } from '../../core/index.ts';
import { type DeviceAddress, type Push, parseAddress } from '../../push/index.ts';
import { endOfLife, timeoutOf, tooEarly } from '../../server/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { senderSections } from '../bindings/sender-shapes.ts';
import { sendOnce } from '../bindings/senders.ts';
import { readInteger, readNonce } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { readJsonMessages } from '../io/json-lines.ts';
import {
  addNotificationOptions,
  type NotificationOptions,
  notificationFields,
} from '../io/notification-options.ts';
import { readSecret, type SecretOptions } from '../io/secret-file.ts';
import { readDmMessage } from '../message/dm-message.ts';
import { type ApiOptions, openApi, tellWarnings } from '../remote/api-client.ts';
import { followNotification, watchNotification } from '../remote/watch.ts';

interface SendOptions extends SecretOptions, NotificationOptions, ApiOptions {
  readonly message?: string;
  readonly serverId?: string;
  readonly sessionId?: string;
  readonly nonce: string;
  readonly dmMessage?: string;
  readonly bindingConfig?: string;
  readonly force?: boolean;
  readonly lifetime?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** The `send` command. */
export function sendCommand(io: Io): Command {
  const command = new Command('send')
    .summary('send one notification, or a whole DM message')
    .description(
      'Sends one notification. With an address (wap:, waps:, sms:, sip:, http:, https:, obex: or pap:) it is signed here ' +
        'and goes out at once. With --server, TO is a device of that server, which signs, sends and tracks it; --watch ' +
        'then shows its timeline to the end.',
    )
    .argument('<TO>', 'address such as wap:192.0.2.7, or with --server the id of a device')
    .option('--message <file>', 'fields of the message as JSON; "-" reads standard input; options below win')
    .option(
      '--dm-message <file>',
      'send this DM message (WBXML or XML, as octets or in hex) instead of a notification; "-" reads standard input',
    )
    .option(
      '--binding-config <file>',
      'JSON with what an address cannot say, such as the account at a message centre (docs/bindings.md)',
    )
    .option('--force', 'send through a push gateway (pap:) what its kind is known to lose')
    .option('--server-id <id>', 'server identifier in the message')
    .option('--session-id <number>', 'Session-ID, 1-65535; default: random')
    .option('--secret <text>', "the server's secret for the digest (AAuthSecret)")
    .option(
      '--secret-file <file>',
      'read the secret from a file; the environment variable REVEILLE_SECRET works too',
    )
    .option('--nonce <base64>', 'nonce for the MD5 digest of dm1.2 and dm1.3-2010', 'AAAAAA==')
    .option(
      '--lifetime <seconds>',
      'until when the push is worth something: carriers are told, and with --server it ends then; no shorter than the ' +
        'timeout in the message. Default: that timeout, else the carrier’s or the server’s own',
    )
    .option('--server <url>', 'REST API of a Reveille server, such as http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--watch', 'with --server: show what happens until the notification is over')
    .option('--json', 'what became of it as one JSON object; with --watch one for each event');
  return addNotificationOptions(command)
    .addHelpText(
      'after',
      `
Exit status: 0 sent (with --watch: completed); 1 not; 2 usage.

Examples:
  reveille send wap:127.0.0.1:2948 --format dm1.2 --server-id com.example.dm --secret s3cret
  reveille send wap:192.0.2.7 --message push.json --secret-file secret.txt
  reveille send sms:+491701234567 --binding-config bindings.json --dm-message message.wbxml
  reveille message sign message.wbxml --key server.pem | reveille send wap:192.0.2.7 --dm-message -
  reveille send IMEI:493005100592800 --server http://127.0.0.1:8081 --ui-mode informative --watch`,
    )
    .action(async (to: string, options: SendOptions) =>
      options.server === undefined ? sendDirectly(io, to, options) : sendThroughServer(io, to, options),
    );
}

async function sendDirectly(io: Io, to: string, options: SendOptions): Promise<void> {
  if (options.watch === true) {
    throw new UsageError(
      '--watch needs --server',
      'A push over UDP is never answered; only a server that takes the session knows what became of it.',
    );
  }
  const address = readAddress(to);
  const { push, about } =
    options.dmMessage === undefined ? await notificationPush(io, options) : await messagePush(io, options);
  const sections =
    options.bindingConfig === undefined
      ? {}
      : await readConfigFile(io, options.bindingConfig, senderSections);
  const receipt = await sendOnce(push, address, sections, {
    signal: io.stop,
    onWarning: (detail) => io.stderr(`reveille: ${detail}\n`),
    force: options.force,
    file: options.bindingConfig,
  });
  const reference =
    'reference' in receipt && receipt.reference !== undefined ? ` as ${receipt.reference}` : '';
  if (options.json === true) {
    const { body, contentType } = push;
    io.stdout(
      `${JSON.stringify({ ...receipt, octets: body.length, to: address.uri, contentType: contentType.mime })}\n`,
    );
    return;
  }
  io.stdout(`${receipt.outcome} ${push.body.length} octets to ${address.uri}${reference}: ${about}\n`);
}

interface NamedPush {
  readonly push: Push;
  /** What it is, for people. */
  readonly about: string;
}

async function notificationPush(io: Io, options: SendOptions): Promise<NamedPush> {
  const secret = await readSecret(io, options);
  if (secret === undefined) {
    throw new UsageError(
      'a message needs a secret for its digest',
      'Give --secret, --secret-file or the environment variable REVEILLE_SECRET.',
    );
  }
  const nonce = readNonce(options.nonce);
  const message = completed(await givenFields(io, options));
  const now = Date.now();
  const timed = { format: message.format, fields: { ...message } };
  const lifetimeMs = readLifetime(options, timed.fields, now);
  // Infinity stands for the carrier's own limit.
  const otherwise = lifetimeMs === undefined ? Number.POSITIVE_INFINITY : now + lifetimeMs;
  const expiresAt = endOfLife(timed, { sentAt: now, otherwise });
  const body = encodeNotification(message, { secret, nonce });
  const id = sessionIdText(message.sessionId);
  const about = `${message.format}, session ${id}`;
  const push = { id, contentType: contentTypeOf(message.format), body };
  // A time stamp from the past, sent on purpose, is no reason to keep it from the carrier.
  const told = Number.isFinite(expiresAt) && expiresAt > now;
  return { push: { ...push, ...(told && { expiresAt }) }, about };
}

async function messagePush(io: Io, options: SendOptions): Promise<NamedPush> {
  const { dmMessage = '', message, serverId, sessionId } = options;
  for (const [given, name] of [
    [message, '--message'],
    [serverId, '--server-id'],
    [sessionId, '--session-id'],
    ...Object.entries(notificationFields(options)).map(([field, value]) => [value, field] as const),
  ] as const) {
    if (given !== undefined)
      throw new UsageError(`${name} belongs to a notification; --dm-message is sent as it is`);
  }
  const { contentType, body } = await readDmMessage(io, dmMessage);
  const now = Date.now();
  const lifetimeMs = readLifetime(options, {}, now);
  const push = { id: randomUUID(), contentType, body };
  return {
    push: { ...push, ...(lifetimeMs !== undefined && { expiresAt: now + lifetimeMs }) },
    about: contentType.mime,
  };
}

async function sendThroughServer(io: Io, device: string, options: SendOptions): Promise<void> {
  for (const [given, name] of [
    [options.secret ?? options.secretFile, '--secret'],
    [options.serverId, '--server-id'],
    [options.sessionId, '--session-id'],
    [options.dmMessage, '--dm-message'],
    [options.bindingConfig, '--binding-config'],
    [options.force, '--force'],
  ] as const) {
    if (given !== undefined)
      throw new UsageError(`${name} is the server’s business with --server; leave it out`);
  }
  const api = await openApi(io, options);
  const fields = await givenFields(io, options);
  const now = Date.now();
  const lifetimeMs = readLifetime(options, fields, now);
  // A timeout decides by itself, and by the server's clock.
  if (lifetimeMs !== undefined && timeoutIn(fields) === undefined) {
    fields.expiresAt = new Date(now + lifetimeMs).toISOString();
  }
  // What a file says is for the server to judge.
  const body = { device, ...fields } as NewNotification;
  const created = await api.post('/v1/notifications', { body });
  tellWarnings(io, created);
  const json = options.json === true;
  if (options.watch !== true) {
    if (json) io.stdout(`${JSON.stringify(created)}\n`);
    else
      io.stdout(
        `queued ${String(created.id)} for ${device}: session ${sessionIdText(Number(created.sessionId))}\n`,
      );
    return;
  }
  const id = String(created.id);
  const state = json
    ? await followNotification(io, api, id, (event) => io.stdout(`${JSON.stringify(event)}\n`))
    : await watchNotification(io, api, id);
  if (state !== 'completed') throw new AlreadyReported();
}

/** Fields from JSON, then from options. @throws {ValueError} when the JSON is none or no object */
async function givenFields(io: Io, options: SendOptions): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  if (options.message !== undefined) {
    for await (const { value } of readJsonMessages(io, options.message)) {
      if (value instanceof Error) throw value;
      if (typeof value !== 'object' || value === null) {
        throw new ValueError('WRONG_TYPE', 'the message must be a JSON object');
      }
      Object.assign(fields, value);
      break;
    }
  }
  Object.assign(fields, notificationFields(options));
  if (options.serverId !== undefined) fields.serverId = options.serverId;
  if (options.sessionId !== undefined)
    fields.sessionId = readInteger(options.sessionId, '--session-id', 1, 65535);
  return fields;
}

/** The timeout in the fields of a message, whose format may be the server's to choose. */
function timeoutIn(fields: Readonly<Record<string, unknown>>): ReturnType<typeof timeoutOf> {
  return timeoutOf({ format: 'dm1.3', fields }) ?? timeoutOf({ format: 'dm1.3-2010', fields });
}

/**
 * --lifetime in milliseconds.
 * @throws {ValueError} when it ends before the message's own timeout
 */
function readLifetime(
  { lifetime }: SendOptions,
  fields: Readonly<Record<string, unknown>>,
  now: number,
): number | undefined {
  if (lifetime === undefined) return undefined;
  const lifetimeMs = readInteger(lifetime, '--lifetime', 1, 3650 * 86_400) * 1000;
  const timeout = timeoutIn(fields);
  if (timeout !== undefined && lifetimeMs < timeout.lengthMs) {
    throw tooEarly(timeout, now + lifetimeMs, now + timeout.lengthMs, '--lifetime');
  }
  return lifetimeMs;
}

/** What a message by hand may leave out: format, Session-ID, and for dm1.3 the time and Requested-MO. */
function completed(fields: Record<string, unknown>): Notification {
  const format = fields.format ?? 'dm1.3';
  const added =
    format === 'dm1.3'
      ? {
          timestamp: Math.floor(Date.now() / 1000),
          requestedMo: [defaultMoIndexRegistry.indexOf('DevInfo') ?? 1],
        }
      : {};
  return parseNotification({ format, sessionId: randomInt(1, 65536), ...added, ...fields });
}

function readAddress(text: string): DeviceAddress {
  try {
    return parseAddress(text, 'TO');
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const hint = /unknown|no scheme/.test(error.detail)
      ? 'To send to a device of a server, give --server URL.'
      : '';
    throw new UsageError(`${text}: ${error.detail}`, hint);
  }
}
