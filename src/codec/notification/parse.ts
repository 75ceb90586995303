// The JSON form of a notification, checked strictly.
import { ValueError } from '../../core/index.ts';
import type { FormatCodec } from './decoded.ts';
import { formatCodecs } from './formats.ts';
import { type Notification, type NotificationFormat, notificationFormats } from './message.ts';
import { unknownFormat } from './unknown-format.ts';

/**
 * A complete notification of a JSON value: every field checked, defaults filled in, hex in lower case. A property that is
 * `undefined` counts as absent.
 * @throws {ValueError} for the first thing wrong, with its path and, for a known field, its section: no object, an unknown
 * format or field, a field of another format (the error names it), a wrong type, a value out of range or too long, or
 * more than 7 options in dm1.3 (the error says what to drop)
 */
export function parseNotification(value: unknown): Notification {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ValueError('WRONG_TYPE', 'a notification must be a JSON object');
  }
  const given = new Map(Object.entries(value).filter(([, member]) => member !== undefined));
  const format = parseFormat(given.get('format'));
  given.delete('format');
  const codec = formatCodecs[format];
  const message: Record<string, unknown> = { format };
  for (const name of given.keys()) refuseUnknown(name, format, codec);
  for (const field of codec.fields) {
    const member = given.get(field.name);
    if (member !== undefined) {
      message[field.name] = field.parse(member);
    } else if (field.fallback !== undefined) {
      message[field.name] = field.fallback;
    } else if (field.required) {
      throw new ValueError('MISSING', `must be given for ${format}`, field.name, field.spec);
    }
  }
  codec.checkWhole(message);
  return message as unknown as Notification;
}

function parseFormat(value: unknown): NotificationFormat {
  const format = notificationFormats.find((name) => name === value);
  if (format !== undefined) return format;
  throw unknownFormat(value);
}

function refuseUnknown(name: string, format: NotificationFormat, codec: FormatCodec): void {
  if (codec.fields.some((field) => field.name === name)) return;
  const owners = notificationFormats.filter((other) =>
    formatCodecs[other].fields.some((field) => field.name === name),
  );
  const detail =
    owners.length > 0
      ? `not a field of ${format}, but of ${owners.join(' and ')}`
      : `not a field of ${format}; its fields are ${codec.fields.map((field) => field.name).join(', ')}`;
  // A foreign name may hold anything; the error stays on one line.
  const shown = /^[\w.$-]{1,64}$/.test(name) ? name : `${JSON.stringify(name).slice(0, 64)}`;
  throw new ValueError('UNKNOWN_FIELD', detail, shown);
}
