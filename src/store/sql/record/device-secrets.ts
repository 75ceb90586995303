// Secrets of a device as columns, and as fields of its record: those are opened when they are first read, for most who read a
// device need none of them, or one.
import { hexToBytes, StoreError } from '../../../core/index.ts';
import type { StoredCredentials } from '../../index.ts';
import type { DeviceTable, Kept } from '../engine/schema.ts';
import type { Seals } from '../seal/seals.ts';

/** Columns of a device that hold secrets. */
export const secretColumns = [
  'srv_secret',
  'cl_secret',
  'notification_secret',
  'message_keys',
  'rotations',
] as const;
export type SecretColumn = (typeof secretColumns)[number];

/** Reads the secrets of one device. */
export class DeviceSecrets {
  readonly #seals: Seals;
  readonly #id: string;

  constructor(seals: Seals, id: string) {
    this.#seals = seals;
    this.#id = id;
  }

  /** The credentials of a side. Reading their secret throws SEAL_BROKEN where it does not open. */
  credentials(
    column: 'srv_secret' | 'cl_secret',
    kept: Kept,
    { scheme, name }: Pick<StoredCredentials, 'scheme' | 'name'>,
    nonce: string | null = null,
  ): StoredCredentials {
    const known = nonce === null ? { scheme, name } : { scheme, name, nonce: hexToBytes(nonce) };
    const credentials = known as { -readonly [Field in keyof StoredCredentials]: StoredCredentials[Field] };
    this.put(credentials, 'secret', column, kept, asText);
    return credentials;
  }

  /** Gives a record a field; reading it throws SEAL_BROKEN where it does not open. A copy of the record has what was opened. */
  put<Field extends string, Value>(
    record: { [F in Field]?: Value },
    field: Field,
    column: SecretColumn,
    kept: Kept,
    read: (text: string) => Value,
  ): void {
    const open = (): Value => read(this.#seals.open('devices', column, this.#id, kept));
    if (this.#seals.isPlain(kept)) {
      record[field] = open();
      return;
    }
    let opened: { readonly value: Value } | undefined;
    const get = (): Value => {
      opened ??= { value: open() };
      return opened.value;
    };
    Object.defineProperty(record, field, { get, enumerable: true, configurable: true });
  }
}

/** The text itself. */
export function asText(text: string): string {
  return text;
}

/** What `read` gives; `undefined` where it is sealed and does not open. */
export function ifOpen<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreError && error.code === 'SEAL_BROKEN') return undefined;
    throw error;
  }
}

/** Columns of a device before its secrets are sealed. */
export type PlainColumns<Columns> = {
  readonly [Column in keyof Columns]: Column extends SecretColumn
    ? Extract<Columns[Column], null> | string
    : Columns[Column];
};

/**
 * The columns as a row has them. A secret that a row `before` has already stays as it is sealed there, so that what has not
 * changed is not written as if it had; one that does not open is written anew.
 */
export function sealedDevice<Columns extends Partial<Pick<DeviceTable, SecretColumn>>>(
  seals: Seals,
  id: string,
  columns: PlainColumns<Columns>,
  before?: Pick<DeviceTable, SecretColumn>,
): Columns {
  const sealed: Record<string, unknown> = { ...columns };
  for (const column of secretColumns) {
    const plain = (columns as Readonly<Partial<Record<SecretColumn, string | null>>>)[column];
    if (plain === undefined || plain === null) continue;
    const was = before?.[column] ?? null;
    sealed[column] =
      was !== null && ifOpen(() => seals.open('devices', column, id, was)) === plain
        ? was
        : seals.seal('devices', column, id, plain);
  }
  return sealed as Columns;
}

/** Columns that are going to be written: their secrets are sealed, where they lay open or under another key. */
export function renewedDevice<Columns extends Pick<DeviceTable, SecretColumn>>(
  seals: Seals,
  id: string,
  columns: Columns,
): Columns {
  const renewed: Columns = { ...columns };
  for (const column of secretColumns) {
    const kept = columns[column];
    if (kept !== null) Object.assign(renewed, { [column]: seals.renewed('devices', column, id, kept) });
  }
  return renewed;
}
