// reveille fleet: many simulated devices in one process, for trials of a server under load and under faults.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ConfigError, ValueError } from '../../core/index.ts';
import {
  createFleet,
  type Fleet,
  type FleetEvent,
  type FleetMix,
  type FleetSummary,
  fleetDefaults,
  fleetMixShape,
  type JournalFile,
  openJournalFile,
  type UnwokenDevice,
} from '../../fleet/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { showFleet, tellFleet } from '../fleet/fleet-display.ts';
import { type FleetMemory, fleetReport } from '../fleet/fleet-report.ts';
import { registerFleet, wakeFleet } from '../fleet/register-fleet.ts';
import { readInteger, reasonOf } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, ServerApi } from '../remote/api-client.ts';

interface FleetCommandOptions {
  readonly devices: string;
  readonly first: string;
  readonly mix?: string;
  readonly seed: string;
  readonly serverId: string;
  readonly dmUrl: string;
  readonly host: string;
  readonly firstPort: string;
  readonly anyNetwork?: boolean;
  readonly ramp?: string;
  readonly maxAwake: string;
  readonly state?: string;
  readonly journal?: string;
  readonly records?: string;
  readonly register?: string;
  readonly tokenFile?: string;
  readonly wake?: boolean;
  readonly wakeRate?: string;
  readonly for?: string;
  readonly json?: boolean;
}

/** Devices that are named when not all were woken. */
const mostUnwoken = 10;

/** The `fleet` command. */
export function fleetCommand(io: Io): Command {
  const d = fleetDefaults;
  return new Command('fleet')
    .summary('run many simulated devices in one process')
    .description(
      'Runs simulated devices until it is stopped, or with --wake until each was woken: every one of them receives pushes, ' +
        'verifies them and runs real sessions, as `reveille device` does. What they are follows from --seed, --first and ' +
        '--mix, secrets included, so anybody can know their secrets: they are for trials, and stay on loopback. Prints a ' +
        'summary at the end.',
    )
    .requiredOption('--devices <number>', 'how many, 1–1000000')
    .option('--first <index>', 'index of the first one: other indexes are other devices', String(d.first))
    .option('--mix <file>', 'JSON with shares of kinds, rates of faults, carriers (docs/testing.md)')
    .option('--seed <number>', 'decides what devices are and which faults they meet', String(d.seed))
    .option('--server-id <id>', 'server that manages them', d.serverId)
    .option('--dm-url <url>', 'its DM endpoint', 'http://127.0.0.1:8080/dm')
    .option('--host <address>', 'address on which devices listen', d.host)
    .option(
      '--first-port <port>',
      'port of the first device, the next ones follow; 0: any free ones',
      String(d.firstPort),
    )
    .option('--any-network', 'leave loopback, for listening and connecting')
    .option('--ramp <number>', 'devices that come up in a second; default: as fast as it goes')
    .option('--max-awake <number>', 'devices that work at the same time', String(d.maxAwake))
    .option('--state <file>', 'keep the states of the devices in this file, for the next run')
    .option('--journal <file>', 'append what each device saw to this file, one JSON object a line')
    .option(
      '--records <file>',
      'write the devices as bodies of POST /v1/devices, one a line; it holds secrets',
    )
    .option('--register <url>', 'create the account and the devices at the server with this REST API')
    .option('--token-file <file>', 'file with the API token; default: REVEILLE_API_TOKEN')
    .option('--wake', 'with --register: have each device woken once, and end when all were')
    .option('--wake-rate <number>', 'wakes that are asked for in a second; default: as fast as it goes')
    .option('--for <seconds>', 'end after so long, whatever happened')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Exit status: 0; with --wake 1 when not all devices were woken: up to ten are named, with what each last came to.

Examples:
  reveille fleet --devices 100 --register http://127.0.0.1:8081 --wake
  reveille fleet --devices 10000 --mix mix.json --ramp 500 --state fleet.states --journal fleet.ndjson --records devices.ndjson`,
    )
    .action(async (options: FleetCommandOptions) => runFleet(io, options));
}

async function runFleet(io: Io, options: FleetCommandOptions): Promise<void> {
  const seconds = options.for === undefined ? undefined : readInteger(options.for, '--for', 1, 2_000_000);
  const perSecond =
    options.wakeRate === undefined ? undefined : readInteger(options.wakeRate, '--wake-rate', 1, 1_000_000);
  if (options.register === undefined && (options.wake === true || options.tokenFile !== undefined)) {
    throw new UsageError('--wake and --token-file need --register URL');
  }
  const api = options.register === undefined ? undefined : await openApi(io, options.register, options);
  const mix = options.mix === undefined ? {} : await readConfigFile(io, options.mix, fleetMixShape);
  const journal = options.journal === undefined ? undefined : openJournalFile(options.journal);
  const ender = new AbortController();
  let failure: unknown;
  const late = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
  const over = AbortSignal.any([io.stop, ender.signal, ...(late === undefined ? [] : [late])]);
  const fail = (error: unknown): void => {
    failure ??= error;
    ender.abort();
  };
  const base = memoryNow();
  const fleet = makeFleet(io, options, mix, journal, fail);
  let up = base;
  let end: MemoryNow | undefined;
  const hide = showFleet(io, fleet);
  try {
    const stopEarly = (): void => {
      // While its sockets are still there.
      end = memoryNow();
      void fleet.stop();
    };
    over.addEventListener('abort', stopEarly, { once: true });
    await fleet.start();
    if (options.records !== undefined) await writeRecords(options.records, fleet);
    up = memoryNow();
    if (!over.aborted) {
      tellFleet(io, `${fleet.status().up} devices are up; stop with Ctrl-C`);
      await work(fleet, api, { ...options, perSecond }, over);
    }
  } catch (error) {
    if (!io.stop.aborted) failure ??= error;
  } finally {
    hide();
    end ??= memoryNow();
    await fleet.stop().catch(fail);
    closeJournal(journal, fail);
  }
  if (failure !== undefined) throw failure;
  const summary = fleet.summary();
  const memory = memoryOf(base, up, end, summary.devices);
  const unwoken = options.wake === true ? { unwoken: fleet.unwoken(mostUnwoken) } : {};
  io.stdout(
    options.json === true
      ? `${JSON.stringify({ ...summary, memory, ...unwoken })}\n`
      : fleetReport(summary, memory),
  );
  if (options.wake === true && summary.woken < summary.devices) {
    const end = io.stop.aborted ? 'it was stopped' : late?.aborted && `--for ${seconds} ended the run`;
    tellUnwoken(io, summary, unwoken.unwoken ?? [], end || undefined);
    throw new AlreadyReported();
  }
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
  api: ServerApi | undefined,
  options: FleetCommandOptions & { readonly perSecond: number | undefined },
  end: AbortSignal,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (end.aborted) resolve();
    else end.addEventListener('abort', () => resolve(), { once: true });
  });
  if (api !== undefined) {
    await registerFleet(api, fleet, { serverId: options.serverId, url: options.dmUrl }, end);
    if (options.wake === true) {
      const ready = fleet.ready().catch((error: unknown) => {
        if (!end.aborted) throw error;
      });
      await Promise.race([ready, ended]);
      await wakeFleet(api, fleet, { perSecond: options.perSecond, run: randomUUID() }, end);
      while (!end.aborted && fleet.status().woken < fleet.status().up) {
        await Promise.race([ended, new Promise((resume) => setTimeout(resume, 100))]);
      }
      return;
    }
  }
  await ended;
}

function makeFleet(
  io: Io,
  options: FleetCommandOptions,
  mix: FleetMix,
  journal: JournalFile | undefined,
  fail: (error: unknown) => void,
): Fleet {
  const whole = (name: 'devices' | 'first' | 'seed' | 'firstPort' | 'maxAwake', flag: string): number =>
    readInteger(options[name], flag, 0, Number.MAX_SAFE_INTEGER);
  let told = 0;
  const onError = (error: unknown): void => {
    // A thousand devices have the same trouble a thousand times.
    told += 1;
    if (told <= 10) tellFleet(io, error instanceof Error ? error.message : String(error));
  };
  const onEvent = (event: FleetEvent): void => {
    if (event.event === 'fleet') {
      told += 1;
      if (told <= 10) tellFleet(io, event.detail, event.time);
    }
    try {
      journal?.write(event);
    } catch (error) {
      fail(error);
    }
  };
  try {
    return createFleet({
      devices: whole('devices', '--devices'),
      first: whole('first', '--first'),
      seed: whole('seed', '--seed'),
      firstPort: whole('firstPort', '--first-port'),
      maxAwake: whole('maxAwake', '--max-awake'),
      rampPerSecond:
        options.ramp === undefined ? undefined : readInteger(options.ramp, '--ramp', 1, 1_000_000),
      mix,
      serverId: options.serverId,
      dmUrl: options.dmUrl,
      host: options.host,
      anyNetwork: options.anyNetwork === true,
      stateFile: options.state,
      onEvent,
      onError,
    });
  } catch (error) {
    journal?.close();
    if (!(error instanceof ValueError)) throw error;
    const file = options.mix === undefined ? '' : ` (a path such as faults.late is of ${options.mix})`;
    throw new UsageError(`${error.message}${file}`);
  }
}

async function openApi(io: Io, server: string, { tokenFile }: ApiOptions): Promise<ServerApi> {
  return await ServerApi.open(io, { server, ...(tokenFile === undefined ? {} : { tokenFile }) });
}

async function writeRecords(file: string, fleet: Fleet): Promise<void> {
  try {
    await writeFile(
      file,
      [...fleet.records()].map((record) => `${JSON.stringify(record)}\n`),
      { mode: 0o600 },
    );
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

/** Octets of this process, rubbish swept up where Node lets us (--expose-gc): resident, and in use by the program. */
function memoryNow(): { readonly resident: number; readonly used: number } {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, used: heapUsed + external };
}

type MemoryNow = ReturnType<typeof memoryNow>;

function memoryOf(base: MemoryNow, up: MemoryNow, end: MemoryNow, devices: number): FleetMemory {
  const each = (before: number, now: number): number => Math.max(0, Math.round((now - before) / devices));
  return {
    base: base.resident,
    up: up.resident,
    end: end.resident,
    peak: process.resourceUsage().maxRSS * 1024,
    usedBase: base.used,
    usedEnd: end.used,
    perDeviceUp: each(base.resident, up.resident),
    perDeviceEnd: each(base.resident, end.resident),
    perDeviceUsed: each(base.used, end.used),
  };
}
