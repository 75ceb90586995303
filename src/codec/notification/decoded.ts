// What reading a notification gives, and what every format offers.
import type { Annotate, Deviation } from '../../core/index.ts';
import type { FormatDescription } from './description.ts';
import type { DigestKey } from './digest.ts';
import type { JsonField } from './json-field.ts';
import type { Notification, NotificationFormat, NotificationInput } from './message.ts';
import type { MoIndexRegistry } from './mo-index.ts';

/** A notification as it was read. `digest` and `signed` are views of the input. */
export interface DecodedNotification {
  readonly format: NotificationFormat;
  readonly message: Notification;
  /** 16 octets of MD5, or for dm1.3 32 of SHA-256. Not checked: see `verifyNotification`. */
  readonly digest: Uint8Array;
  /** The octets that the digest covers: the trigger, or for dm1.3 header and options. */
  readonly signed: Uint8Array;
  /** Reserved bits, reserved values and unknown options that were found set (spec-notes ruling 6). */
  readonly deviations: readonly Deviation[];
  /** Other formats that the same octets read as, when neither content type nor digest tells; the likelier first. */
  readonly alternatives?: readonly DecodedNotification[];
}

/** For explaining what is read; costs nothing when absent. */
export interface Explain {
  /** Receives every field in order, lengths and digest included. */
  readonly annotate?: Annotate;
  /** Names MO indexes in annotations. Default: the project's table. */
  readonly moIndexes?: MoIndexRegistry;
}

/** One format: its JSON fields and both directions. */
export interface FormatCodec {
  /** Short name of the document. */
  readonly doc: string;
  /** The tables that it is made of. */
  readonly description: FormatDescription;
  /** In the order of the JSON form, without `format`. */
  readonly fields: readonly JsonField[];
  /** Checks what no field can check alone. @throws {ValueError} */
  checkWhole(values: Readonly<Record<string, unknown>>): void;
  /** Encodes and signs a message of this format. @throws {ValueError} */
  encode(message: NotificationInput, key: DigestKey): Uint8Array;
  /** @throws {DecodeError} */
  decode(bytes: Uint8Array, explain: Explain): DecodedNotification;
}
