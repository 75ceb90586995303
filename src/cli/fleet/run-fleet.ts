// One run of `reveille fleet`: rehearsed, brought up, registered, woken, looked at, reported.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { ApiClient } from '../../client/index.ts';
import { ConfigError } from '../../core/index.ts';
import {
  createFleet,
  type Fleet,
  type FleetEvent,
  type FleetOptions,
  type FleetSummary,
  fleetMixShape,
  type JournalFile,
  openJournalFile,
  type UnwokenDevice,
} from '../../fleet/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { reasonOf } from '../io/input.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { openApi as openClient } from '../remote/api-client.ts';
import { showFleet, tellFleet } from './fleet-display.ts';
import { type FleetFlags, fleetOptionsOf, readRunNumbers, refusingFlags } from './fleet-flags.ts';
import { MemoryWatch } from './fleet-memory.ts';
import { fleetReport, type RunTimes } from './fleet-report.ts';
import { aborted, awaitWoken, registerFleet, wakeFleet } from './register-fleet.ts';
import { rehearse } from './rehearsal.ts';
import { keepSmall } from './small-process.ts';

/** Devices that are named when not all were woken. */
const mostUnwoken = 10;
/** Troubles that are told: a thousand devices have the same one a thousand times. */
const mostTold = 10;

/** Runs a fleet to its end. @throws {UsageError} {ReveilleError} {AlreadyReported} */
export async function runFleet(io: Io, flags: FleetFlags): Promise<void> {
  keepSmall();
  const { seconds, perSecond, rehearsed } = readRunNumbers(flags);
  const api = await openApi(io, flags);
  const mix = flags.mix === undefined ? {} : await readConfigFile(io, flags.mix, fleetMixShape);
  const journal = flags.journal === undefined ? undefined : openJournalFile(flags.journal);
  const ender = new AbortController();
  let failure: unknown;
  const late = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  const over = AbortSignal.any([io.stop, ender.signal, ...(late === undefined ? [] : [late])]);
  const fail = (error: unknown): void => {
    failure ??= error;
    ender.abort();
  };
  let fleet: Fleet;
  let memory: MemoryWatch | undefined;
  try {
    const options = { ...fleetOptionsOf(flags, mix), ...listeners(io, journal, fail) };
    await refusingFlags(flags, () => rehearseFor(io, flags, options, { api, rehearsed }, over));
    memory = new MemoryWatch();
    fleet = await refusingFlags(flags, () => createFleet(options));
  } catch (error) {
    memory?.end();
    journal?.close();
    throw error;
  }
  const began = { ms: performance.now(), processor: process.cpuUsage() };
  const hide = showFleet(io, fleet);
  try {
    const stopEarly = (): void => {
      // While its sockets are still there.
      memory.end();
      void fleet.stop();
    };
    over.addEventListener('abort', stopEarly, { once: true });
    if (!over.aborted) await fleet.start();
    if (flags.records !== undefined) await writeRecords(flags.records, fleet);
    memory.up();
    if (!over.aborted) {
      tellFleet(io, `${fleet.status().up} devices are up; stop with Ctrl-C`);
      await work(fleet, api, { flags, perSecond }, over);
    }
  } catch (error) {
    if (!io.stop.aborted) failure ??= error;
  } finally {
    hide();
    memory.end();
    await fleet.stop().catch(fail);
    closeJournal(journal, fail);
  }
  if (failure !== undefined) throw failure;
  const summary = fleet.summary();
  const looks = memory.report(summary.devices, rehearsed);
  const run = timesSince(began);
  const unwoken = flags.wake === true ? { unwoken: fleet.unwoken(mostUnwoken) } : {};
  io.stdout(
    flags.json === true
      ? `${JSON.stringify({ ...summary, memory: looks, run, ...unwoken })}\n`
      : fleetReport(summary, looks, run),
  );
  if (flags.wake === true && summary.woken < summary.devices) {
    const end = io.stop.aborted ? 'it was stopped' : late?.aborted && `--for ${seconds} ended the run`;
    tellUnwoken(io, summary, unwoken.unwoken ?? [], end || undefined);
    throw new AlreadyReported();
  }
}

/** Wakes a few devices before there is a fleet, where that was asked for. */
async function rehearseFor(
  io: Io,
  { serverId, dmUrl }: FleetFlags,
  fleet: FleetOptions,
  { api, rehearsed }: { readonly api: ApiClient | undefined; readonly rehearsed: number },
  stop: AbortSignal,
): Promise<void> {
  if (rehearsed === 0 || api === undefined) return;
  const account = { serverId, url: dmUrl };
  const unwoken = await rehearse({ devices: rehearsed, fleet, api, account }, stop);
  for (const { device, state } of unwoken) tellFleet(io, `rehearsal: ${device}: ${state}`);
  if (unwoken.length === 0) tellFleet(io, `rehearsed with ${rehearsed} devices`);
}

/** Names devices that were not woken, and why as far as it is known here. */
function tellUnwoken(
  io: Io,
  { devices, woken }: FleetSummary,
  named: readonly UnwokenDevice[],
  end: string | undefined,
): void {
  const count = devices - woken;
  tellFleet(io, `${count} of ${devices} devices not woken${end === undefined ? '' : `; ${end}`}`);
  for (const { device, state } of named) tellFleet(io, `  ${device}: ${state}`);
  if (count > named.length) tellFleet(io, `  and ${count - named.length} more; --journal FILE has them all`);
}

/** Registers and wakes as asked; resolves when the run is to end. */
async function work(
  fleet: Fleet,
  api: ApiClient | undefined,
  { flags, perSecond }: { readonly flags: FleetFlags; readonly perSecond: number | undefined },
  end: AbortSignal,
): Promise<void> {
  if (api !== undefined) {
    await registerFleet(api, fleet, { serverId: flags.serverId, url: flags.dmUrl }, end);
    if (flags.wake === true) {
      await wakeFleet(api, fleet, { perSecond, run: randomUUID() }, end);
      await awaitWoken(fleet, end);
      return;
    }
  }
  await aborted(end);
}

/** What hears of the fleet: the journal, and who looks at standard error. */
function listeners(
  io: Io,
  journal: JournalFile | undefined,
  fail: (error: unknown) => void,
): Pick<FleetOptions, 'onEvent' | 'onError'> {
  let told = 0;
  const tell = (text: string, time?: string): void => {
    told += 1;
    if (told <= mostTold) tellFleet(io, text, time);
  };
  return {
    onError: (error) => tell(error instanceof Error ? error.message : String(error)),
    onEvent: (event: FleetEvent) => {
      if (event.event === 'fleet') tell(event.detail, event.time);
      try {
        journal?.write(event);
      } catch (error) {
        fail(error);
      }
    },
  };
}

async function openApi(io: Io, { register, tokenFile }: FleetFlags): Promise<ApiClient | undefined> {
  if (register === undefined) return undefined;
  return await openClient(io, { server: register, ...(tokenFile === undefined ? {} : { tokenFile }) });
}

async function writeRecords(file: string, fleet: Fleet): Promise<void> {
  function* lines(): Generator<string> {
    for (const record of fleet.records()) yield `${JSON.stringify(record)}\n`;
  }
  try {
    await writeFile(file, lines(), { mode: 0o600 });
  } catch (cause) {
    throw new ConfigError(`cannot write ${file}: ${reasonOf(cause)}`, { cause });
  }
}

function closeJournal(journal: JournalFile | undefined, fail: (error: unknown) => void): void {
  try {
    journal?.close();
  } catch (error) {
    fail(error);
  }
}

/** Times since the fleet was made. */
function timesSince(began: { readonly ms: number; readonly processor: NodeJS.CpuUsage }): RunTimes {
  const { user, system } = process.cpuUsage(began.processor);
  const toMs = (microseconds: number): number => Math.round(microseconds / 1000);
  return {
    elapsedMs: Math.round(performance.now() - began.ms),
    processorMs: { user: toMs(user), system: toMs(system) },
  };
}
