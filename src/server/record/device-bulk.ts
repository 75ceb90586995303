// Devices by the thousand, as callers give them: imports, changes and removals of many, exports.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ReveilleError, StoreError, ValueError } from '../../core/index.ts';
import {
  type Asker,
  type DeviceRecord,
  type DeviceSelection,
  type DeviceSets,
  type DeviceStore,
  type ImportedDevice,
  type ImportedOutcome,
  isSealTrouble,
  largestDeviceSet,
  maySee,
} from '../../store/index.ts';
import type { BindingTable } from '../push/bindings.ts';
import { readDeviceChange, readNewDevice } from './device-input.ts';
import { unknownAccount } from './device-service.ts';

/** Devices that are read between two turns of the event loop: a millisecond or two. */
const slice = 100;

/** What an import does with devices that are not there, and with those that are. */
export const importModes = ['create', 'update', 'upsert'] as const;

export type ImportMode = (typeof importModes)[number];

/** How devices are taken in. */
export interface ImportOptions {
  readonly mode: ImportMode;
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** What belongs to accounts that he may not see is not there for him. */
  readonly by?: Asker | undefined;
}

/** What came of one device. */
export type BulkOutcome =
  | Exclude<ImportedOutcome, { readonly outcome: 'refused' }>
  | { readonly outcome: 'removed' }
  | { readonly outcome: 'refused'; readonly error: unknown };

/** What came of some of the devices of a selection. */
export interface BulkSet {
  readonly ids: readonly string[];
  readonly outcomes: readonly BulkOutcome[];
}

/** Which devices are meant: some by id, or those of a selection. */
export type BulkSelection = { readonly ids: readonly string[] } | DeviceSelection;

/** Keeps devices by the thousand. */
export class DeviceBulk {
  readonly #store: DeviceStore & DeviceSets;
  readonly #bindings: BindingTable;

  constructor(store: DeviceStore & DeviceSets, bindings: BindingTable) {
    this.#store = store;
    this.#bindings = bindings;
  }

  /**
   * Takes devices in, up to `largestDeviceSet`, each for itself and as if one came after the other. With `create` each is a new
   * device (`DeviceService.create`); one that is there with the same is `unchanged`. With `update` each is a change
   * (`DeviceService.update`) with the `id`, and may repeat the `serverId`; with `upsert` it is that where the device is there, and else
   * a new one. Credentials in a change that are those of the device leave it its nonces.
   * @throws {StoreError} for trouble of the store; whatever is wrong with one device is its outcome
   */
  async importSet(values: readonly unknown[], options: ImportOptions): Promise<readonly BulkOutcome[]> {
    const outcomes: BulkOutcome[] = new Array(values.length);
    // Twice the same id: the second comes when what the first left is there to be changed.
    let left = values.map((_, index) => index);
    while (left.length > 0) {
      const ids = new Set<unknown>();
      const now: number[] = [];
      const later: number[] = [];
      for (const index of left) {
        const id = idOf(values[index]);
        if (id !== undefined && ids.has(id)) later.push(index);
        else now.push(index);
        ids.add(id);
      }
      const some = await this.#importOnce(
        now.map((index) => values[index]),
        options,
      );
      for (const [place, index] of now.entries()) outcomes[index] = some[place] as BulkOutcome;
      left = later;
    }
    return outcomes;
  }

  /** Changes devices as `DeviceService.update` does, a set after the other. */
  async *change(
    selection: BulkSelection,
    change: object,
    { dryRun, by }: Omit<ImportOptions, 'mode'>,
  ): AsyncGenerator<BulkSet, void, undefined> {
    for await (const ids of this.#idsOf(selection)) {
      const values = ids.map((id) => ({ ...change, id }));
      yield { ids, outcomes: await this.importSet(values, { mode: 'update', dryRun, by }) };
    }
  }

  /** Removes devices as `DeviceService.remove` does, a set after the other. */
  async *remove(
    selection: BulkSelection,
    { dryRun, by }: Omit<ImportOptions, 'mode'>,
  ): AsyncGenerator<BulkSet, void, undefined> {
    for await (const ids of this.#idsOf(selection)) {
      const unseen = by === undefined || by.accounts === 'all' ? none : await this.#unseen(ids, by);
      const seen = ids.filter((id) => !unseen.has(id));
      const outcomes = await this.#store.deleteDevices(seen, { dryRun });
      let place = 0;
      yield {
        ids,
        outcomes: ids.map((id): BulkOutcome => {
          if (unseen.has(id)) return { outcome: 'refused', error: unknownDevice(id) };
          place += 1;
          return outcomes[place - 1] as BulkOutcome;
        }),
      };
    }
  }

  /** All devices of a selection, in order of id, a page after the other. */
  async *pages(selection: DeviceSelection): AsyncGenerator<readonly DeviceRecord[], void, undefined> {
    for (let after: string | undefined; ; ) {
      const page = { ...selection, limit: largestDeviceSet, ...(after !== undefined && { after }) };
      const { items, next } = await this.#store.listDevices(page);
      if (items.length > 0) yield items;
      if (next === undefined) return;
      after = next;
    }
  }

  async #unseen(ids: readonly string[], by: Asker): Promise<ReadonlySet<string>> {
    const devices = await this.#store.devices(ids);
    return new Set(devices.flatMap(({ id, serverId }) => (maySee(by, serverId) ? [] : id)));
  }

  async *#idsOf(selection: BulkSelection): AsyncGenerator<readonly string[], void, undefined> {
    if ('ids' in selection) {
      for (let at = 0; at < selection.ids.length; at += largestDeviceSet) {
        yield selection.ids.slice(at, at + largestDeviceSet);
      }
      return;
    }
    for (let after: string | undefined; ; ) {
      const page = { ...selection, limit: largestDeviceSet, ...(after !== undefined && { after }) };
      const { items, next } = await this.#store.listDeviceIds(page);
      if (items.length > 0) yield items;
      if (next === undefined) return;
      after = next;
    }
  }

  /** Of values no two of which have the same id. */
  async #importOnce(
    values: readonly unknown[],
    { mode, dryRun, by }: ImportOptions,
  ): Promise<readonly BulkOutcome[]> {
    const outcomes: BulkOutcome[] = new Array(values.length);
    const known = mode === 'create' ? new Map<string, DeviceRecord>() : await this.#known(values);
    const imported: ImportedDevice[] = [];
    const places: number[] = [];
    for (const [place, value] of values.entries()) {
      // Others have their turns meanwhile.
      if (place % slice === slice - 1) await nextTurn();
      try {
        imported.push(this.#read(value, known, { mode, by }));
        places.push(place);
      } catch (error) {
        if (!(error instanceof ReveilleError)) throw error;
        outcomes[place] = { outcome: 'refused', error };
      }
    }
    const taken = await this.#store.importDevices(imported, { dryRun });
    const again: number[] = [];
    for (const [index, outcome] of taken.entries()) {
      const place = places[index] ?? 0;
      // It was made, or has gone, since it was looked for.
      if (mode === 'upsert' && isOvertaken(outcome)) again.push(place);
      else outcomes[place] = outcome;
    }
    if (again.length > 0) {
      const some = await this.#importOnce(
        again.map((place) => values[place]),
        { mode, dryRun, by },
      );
      for (const [index, place] of again.entries()) outcomes[place] = some[index] as BulkOutcome;
    }
    return outcomes;
  }

  async #known(values: readonly unknown[]): Promise<ReadonlyMap<string, DeviceRecord>> {
    const ids = values.flatMap((value) => idOf(value) ?? []);
    return new Map((await this.#store.devices(ids)).map((device) => [device.id, device]));
  }

  #read(
    value: unknown,
    known: ReadonlyMap<string, DeviceRecord>,
    { mode, by }: Omit<ImportOptions, 'dryRun'>,
  ): ImportedDevice {
    const id = idOf(value);
    const device = id === undefined || mode === 'create' ? undefined : known.get(id);
    if (device === undefined) {
      if (mode === 'update' && id !== undefined) {
        throw unknownDevice(id);
      }
      const input = readNewDevice(value, this.#bindings);
      if (!maySee(by, input.serverId)) throw unknownAccount(input.serverId);
      return { input };
    }
    if (!maySee(by, device.serverId)) {
      if (mode === 'update') throw unknownDevice(device.id);
      throw new StoreError('ALREADY_EXISTS', `device ${device.id} exists already, and is another`);
    }
    const { id: _, serverId, firstSessionId: __, ...change } = value as Readonly<Record<string, unknown>>;
    if (serverId !== undefined && serverId !== device.serverId) {
      const detail = `is not ${device.serverId}: a device stays with its account`;
      throw new ValueError('OUT_OF_RANGE', detail, 'serverId');
    }
    const { serverCredentials, clientCredentials, ...patch } = readDeviceChange(
      change,
      device,
      this.#bindings,
    );
    return {
      id: device.id,
      patch: {
        ...patch,
        ...(serverCredentials !== undefined &&
          !holds(device.serverCredentials, serverCredentials) && { serverCredentials }),
        ...(clientCredentials !== undefined &&
          !(clientCredentials !== null && holds(device.clientCredentials, clientCredentials)) && {
            clientCredentials,
          }),
      },
    };
  }
}

const none: ReadonlySet<string> = new Set();

/** The same as where there is none. */
function unknownDevice(id: string): StoreError {
  return new StoreError('UNKNOWN_DEVICE', `there is no device ${id}`);
}

/** True where credentials that are given are those that are there; a nonce that is not given is no difference. */
function holds(
  current: DeviceRecord['clientCredentials'],
  given: DeviceRecord['serverCredentials'],
): boolean {
  if (current?.scheme !== given.scheme || current.name !== given.name) return false;
  if (openedSecret(current) !== given.secret) return false;
  const { nonce } = given;
  const known = current.nonce;
  return (
    nonce === undefined ||
    (known?.length === nonce.length && known.every((octet, index) => octet === nonce[index]))
  );
}

/** The secret of credentials; `undefined` where it does not open: given anew it takes that one's place. */
function openedSecret(credentials: DeviceRecord['serverCredentials']): string | undefined {
  try {
    return credentials.secret;
  } catch (error) {
    if (isSealTrouble(error)) return undefined;
    throw error;
  }
}

function isOvertaken(outcome: ImportedOutcome): boolean {
  if (outcome.outcome !== 'refused') return false;
  const { code } = outcome.error;
  return code === 'ALREADY_EXISTS' || code === 'UNKNOWN_DEVICE';
}

/** The id of a value that has one. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' ? value.id : undefined;
}
