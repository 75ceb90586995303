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
  largestDeviceSet,
  maySee,
} from '../../store/index.ts';
import type { BindingTable } from '../push/bindings.ts';
import { readDeviceChange, readNewDevice } from './device-input.ts';
import { unknownAccount } from './device-service.ts';
import { holds } from './same-credentials.ts';

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
    return await (await this.beginSet(values, options)).outcomes;
  }

  /**
   * As `importSet`, for sets of which many are to be under way: resolves when the next one may be begun. New devices (`create`) have
   * been read then, and nothing holds the values of most of them, which would take many times the memory of what is to be written.
   */
  async beginSet(
    values: readonly unknown[],
    options: ImportOptions,
  ): Promise<{ readonly outcomes: Promise<readonly BulkOutcome[]> }> {
    if (options.mode !== 'create' || hasTwice(values))
      return { outcomes: this.#importInTurns(values, options) };
    return { outcomes: outcomesOf(await this.#handOver(values, new Map(), options)) };
  }

  async #importInTurns(values: readonly unknown[], options: ImportOptions): Promise<readonly BulkOutcome[]> {
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
  async #importOnce(values: readonly unknown[], options: ImportOptions): Promise<readonly BulkOutcome[]> {
    const known = options.mode === 'create' ? new Map<string, DeviceRecord>() : await this.#known(values);
    const handed = await this.#handOver(values, known, options);
    const outcomes = await outcomesOf(handed);
    if (options.mode !== 'upsert') return outcomes;
    const again = handed.places.filter((place) => isOvertaken(outcomes[place]));
    if (again.length === 0) return outcomes;
    const some = await this.#importOnce(
      again.map((place) => values[place]),
      options,
    );
    for (const [index, place] of again.entries()) outcomes[place] = some[index] as BulkOutcome;
    return outcomes;
  }

  /** Reads values, and gives the store those that are devices, or changes of those that are known. */
  async #handOver(
    values: readonly unknown[],
    known: ReadonlyMap<string, DeviceRecord>,
    { mode, dryRun, by }: ImportOptions,
  ): Promise<HandedOver> {
    const outcomes: BulkOutcome[] = new Array(values.length);
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
    return { outcomes, places, taken: this.#store.importDevices(imported, { dryRun }) };
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

/** Values that were read. */
interface HandedOver {
  /** A place for each; there already, for those that were refused. */
  readonly outcomes: BulkOutcome[];
  /** Places of the others. */
  readonly places: readonly number[];
  /** What the store says of the others. */
  readonly taken: Promise<readonly ImportedOutcome[]>;
}

async function outcomesOf({ outcomes, places, taken }: HandedOver): Promise<BulkOutcome[]> {
  for (const [index, outcome] of (await taken).entries()) outcomes[places[index] ?? 0] = outcome;
  return outcomes;
}

/** True when an id stands there twice. */
function hasTwice(values: readonly unknown[]): boolean {
  const ids = values.flatMap((value) => idOf(value) ?? []);
  return new Set(ids).size < ids.length;
}

/** The same as where there is none. */
function unknownDevice(id: string): StoreError {
  return new StoreError('UNKNOWN_DEVICE', `there is no device ${id}`);
}

/** True of what the store says of a device that was made, or has gone, since it was looked for. */
function isOvertaken(outcome: BulkOutcome | undefined): boolean {
  if (outcome?.outcome !== 'refused' || !(outcome.error instanceof StoreError)) return false;
  const { code } = outcome.error;
  return code === 'ALREADY_EXISTS' || code === 'UNKNOWN_DEVICE';
}

/** The id of a value that has one. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' ? value.id : undefined;
}
