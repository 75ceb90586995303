// Devices taken in as a set, in SQL: what there is of them is read, all are judged in memory, and written in a few statements.
import { StoreError } from '../../../core/index.ts';
import {
  type DeviceInput,
  type DevicePatch,
  type ImportedDevice,
  type ImportedOutcome,
  importedId,
  isSealTrouble,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { Questions } from '../engine/lists.ts';
import { lastStep, type Program, type Query, type Transaction } from '../engine/program.ts';
import type { DeviceLabelTable, DeviceTable } from '../engine/schema.ts';
import { Seals } from '../seal/seals.ts';
import { type ChangedDevice, changedDevice, deviceChanges } from './device-changes.ts';
import { replacingPatch } from './device-columns.ts';
import { deviceStatements } from './device-statements.ts';
import { deviceInserts, labelRows, newDeviceRow } from './new-device-rows.ts';
import { type DeviceRow, deviceRecord } from './record-rows.ts';

/** Devices that are judged, and written, at once. */
export interface DeviceSlice {
  readonly devices: readonly ImportedDevice[];
  /** None follow. */
  readonly isLast: boolean;
}

/** What has been found out so far. */
interface Taking {
  readonly now: number;
  /** True for accounts that there are. */
  readonly accounts: Map<string, boolean>;
  readonly outcomes: Map<string, ImportedOutcome>;
}

export function deviceImport(engine: SqlEngine) {
  const { accounts: accountsOf, byIdsForChange } = deviceStatements(engine);
  const seals = new Seals(engine.sealer);
  const inserts = deviceInserts(engine);
  const changesOf = deviceChanges(engine);

  /** Takes devices in, no id twice; gives the outcomes by id. `dryRun`: nothing is written. */
  return function* take(
    { now }: Transaction,
    slices: Iterable<DeviceSlice>,
    dryRun: boolean,
  ): Program<ReadonlyMap<string, ImportedOutcome>> {
    const outcomes = new Map<string, ImportedOutcome>();
    const accounts = new Map<string, boolean>();
    const rest = slices[Symbol.iterator]();
    for (;;) {
      // While they are written, only the words of that are held: devices and rows of them live for a moment.
      const judged = yield* judgeNext(rest, { now, accounts, outcomes });
      if (judged === undefined) return outcomes;
      const { writes, isLast } = judged;
      if (!dryRun && writes.length > 0) yield isLast ? lastStep(writes) : writes;
      if (isLast) return outcomes;
    }
  };

  function* judgeNext(
    slices: Iterator<DeviceSlice>,
    { now, accounts, outcomes }: Taking,
  ): Program<{ readonly writes: readonly Query[]; readonly isLast: boolean } | undefined> {
    const next = slices.next();
    if (next.done === true) return undefined;
    const { devices, isLast } = next.value;
    const questions = new Questions();
    const rows = questions.ask(byIdsForChange, devices.map(importedId));
    const asked = new Set(devices.flatMap((each) => ('input' in each ? each.input.serverId : [])));
    for (const id of accounts.keys()) asked.delete(id);
    const there = questions.ask(accountsOf, [...asked]);
    yield* questions.put();
    for (const id of asked) accounts.set(id, false);
    for (const { server_id: id } of there()) accounts.set(id, true);
    const known: Known = { rows: new Map(rows().map((row) => [row.id, row])), accounts };
    const judging = new Judging(known, now, seals);
    for (const each of devices) outcomes.set(importedId(each), judging.judge(each));
    return { writes: writesOf(judging), isLast };
  }

  function writesOf({ fresh, labels, changed }: Judging): readonly Query[] {
    return [
      ...(fresh.length === 0 ? [] : [inserts.devices(fresh)]),
      ...(labels.length === 0 ? [] : [inserts.labels(labels)]),
      ...changesOf(changed),
    ];
  }
}

/** Devices judged by what there is of them, and what is to be written. */
class Judging {
  readonly fresh: DeviceTable[] = [];
  readonly labels: DeviceLabelTable[] = [];
  readonly changed: ChangedDevice[] = [];
  readonly #known: Known;
  readonly #now: number;
  readonly #seals: Seals;

  constructor(known: Known, now: number, seals: Seals) {
    this.#known = known;
    this.#now = now;
    this.#seals = seals;
  }

  /** A device whose secrets do not open holds up no other. */
  judge(each: ImportedDevice): ImportedOutcome {
    try {
      return 'patch' in each ? this.#changed(each.id, each.patch) : this.#new(each.input);
    } catch (error) {
      if (isSealTrouble(error)) return { outcome: 'refused', error };
      throw error;
    }
  }

  #changed(id: string, patch: DevicePatch): ImportedOutcome {
    const before = this.#known.rows.get(id);
    if (before === undefined) return refused('UNKNOWN_DEVICE', `there is no device ${id}`);
    const change = changedDevice(before, patch, this.#now, this.#seals);
    if (change === undefined) return unchanged;
    this.changed.push(change);
    return { outcome: 'changed' };
  }

  #new(input: DeviceInput): ImportedOutcome {
    const outcome = judgedNew(input, this.#known, this.#now, this.#seals);
    if (outcome.outcome !== 'created') return outcome;
    this.fresh.push(newDeviceRow(input, this.#now, this.#seals));
    this.labels.push(...labelRows(input.id, input.labels));
    return outcome;
  }
}

interface Known {
  readonly rows: ReadonlyMap<string, DeviceRow>;
  /** True for accounts that there are. */
  readonly accounts: ReadonlyMap<string, boolean>;
}

const unchanged: ImportedOutcome = { outcome: 'unchanged' };
const created: ImportedOutcome = { outcome: 'created' };

function judgedNew(
  input: DeviceInput,
  { rows, accounts }: Known,
  now: number,
  seals: Seals,
): ImportedOutcome {
  const { id, serverId } = input;
  const before = rows.get(id);
  if (before !== undefined) {
    const patch = replacing(before, input, seals);
    return before.server_id === serverId && changedDevice(before, patch, now, seals) === undefined
      ? unchanged
      : refused('ALREADY_EXISTS', `device ${id} exists already, and is another`);
  }
  return accounts.get(serverId) === true
    ? created
    : refused('UNKNOWN_ACCOUNT', `there is no account ${serverId}: create the account first`);
}

/** A device whose replacement would change nothing is the one that was meant. */
function replacing(before: DeviceRow, input: DeviceInput, seals: Seals): DevicePatch {
  return { ...replacingPatch(deviceRecord(before, seals), input), suspended: input.suspended === true };
}

function refused(code: string, message: string): ImportedOutcome {
  return { outcome: 'refused', error: new StoreError(code, message) };
}
