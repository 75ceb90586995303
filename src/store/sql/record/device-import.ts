// Devices taken in as a set, in SQL: what there is of them is read, all are judged in memory, and written in a few statements.
import { StoreError } from '../../../core/index.ts';
import {
  type DeviceInput,
  type DevicePatch,
  type ImportedDevice,
  type ImportedOutcome,
  isSealTrouble,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { Questions } from '../engine/lists.ts';
import { lastStep, type Program, type Transaction } from '../engine/program.ts';
import type { DeviceLabelTable, DeviceTable } from '../engine/schema.ts';
import { Seals } from '../seal/seals.ts';
import { type ChangedDevice, changedDevice, deviceChanges } from './device-changes.ts';
import { replacingPatch } from './device-columns.ts';
import { deviceStatements } from './device-statements.ts';
import { deviceInserts, labelRows, newDeviceRow } from './new-device-rows.ts';
import { type DeviceRow, deviceRecord } from './record-rows.ts';

export function deviceImport(engine: SqlEngine) {
  const { accounts: accountsOf, byIdsForChange } = deviceStatements(engine);
  const seals = new Seals(engine.sealer);
  const inserts = deviceInserts(engine);
  const changesOf = deviceChanges(engine);

  return function* take(
    { now }: Transaction,
    imported: readonly ImportedDevice[],
    dryRun: boolean,
  ): Program<readonly ImportedOutcome[]> {
    const questions = new Questions();
    const rows = questions.ask(
      byIdsForChange,
      imported.map((each) => ('input' in each ? each.input.id : each.id)),
    );
    const inputs = imported.flatMap((each) => ('input' in each ? each.input.serverId : []));
    const accounts = questions.ask(accountsOf, [...new Set(inputs)]);
    yield* questions.put();
    const known: Known = {
      rows: new Map(rows().map((row) => [row.id, row])),
      accounts: new Set(accounts().map((row) => row.server_id)),
    };
    const fresh: DeviceTable[] = [];
    const labels: DeviceLabelTable[] = [];
    const changed: ChangedDevice[] = [];
    const judged = (each: ImportedDevice): ImportedOutcome => {
      if ('patch' in each) {
        const before = known.rows.get(each.id);
        if (before === undefined) return refused('UNKNOWN_DEVICE', `there is no device ${each.id}`);
        const change = changedDevice(before, each.patch, now, seals);
        if (change === undefined) return unchanged;
        changed.push(change);
        return { outcome: 'changed' };
      }
      const outcome = judgedNew(each.input, known, now, seals);
      if (outcome.outcome !== 'created') return outcome;
      fresh.push(newDeviceRow(each.input, now, seals));
      labels.push(...labelRows(each.input.id, each.input.labels));
      return outcome;
    };
    const outcomes = imported.map((each) => unlessSealed(() => judged(each)));
    if (dryRun) return outcomes;
    const queries = [
      ...(fresh.length === 0 ? [] : [inserts.devices(fresh)]),
      ...(labels.length === 0 ? [] : [inserts.labels(labels)]),
      ...changesOf(changed),
    ];
    if (queries.length > 0) yield lastStep(queries);
    return outcomes;
  };
}

interface Known {
  readonly rows: ReadonlyMap<string, DeviceRow>;
  readonly accounts: ReadonlySet<string>;
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
  return accounts.has(serverId)
    ? created
    : refused('UNKNOWN_ACCOUNT', `there is no account ${serverId}: create the account first`);
}

/** A device whose replacement would change nothing is the one that was meant. */
function replacing(before: DeviceRow, input: DeviceInput, seals: Seals): DevicePatch {
  return { ...replacingPatch(deviceRecord(before, seals), input), suspended: input.suspended === true };
}

/** A device whose secrets do not open holds up no other. */
function unlessSealed(judge: () => ImportedOutcome): ImportedOutcome {
  try {
    return judge();
  } catch (error) {
    if (isSealTrouble(error)) return { outcome: 'refused', error };
    throw error;
  }
}

function refused(code: string, message: string): ImportedOutcome {
  return { outcome: 'refused', error: new StoreError(code, message) };
}
