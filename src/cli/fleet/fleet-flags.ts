// What `reveille fleet` was told, as options of a fleet.
import { ValueError } from '../../core/index.ts';
import type { FleetMix, FleetOptions } from '../../fleet/index.ts';
import { readInteger } from '../io/input.ts';
import { UsageError } from '../io/io.ts';
import { mostRehearsed } from './rehearsal.ts';

/** The command's flags, as they were given. */
export interface FleetFlags {
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
  readonly rehearse?: string;
  readonly for?: string;
  readonly json?: boolean;
}

/** Numbers of the run; `undefined` where nothing was said. */
export interface RunNumbers {
  readonly seconds: number | undefined;
  readonly perSecond: number | undefined;
  /** 0 for no rehearsal. */
  readonly rehearsed: number;
}

/** Reads them. @throws {UsageError} for those that cannot be, or do not go together */
export function readRunNumbers(flags: FleetFlags): RunNumbers {
  const given = (text: string | undefined, flag: string, most: number): number | undefined =>
    text === undefined ? undefined : readInteger(text, flag, 1, most);
  const numbers = {
    seconds: given(flags.for, '--for', 2_000_000),
    perSecond: given(flags.wakeRate, '--wake-rate', 1_000_000),
    rehearsed: given(flags.rehearse, '--rehearse', mostRehearsed) ?? 0,
  };
  const needsServer = flags.wake === true || flags.tokenFile !== undefined || numbers.rehearsed > 0;
  if (flags.register === undefined && needsServer) {
    throw new UsageError('--wake, --rehearse and --token-file need --register URL');
  }
  return numbers;
}

/** Options of the fleet, unchecked where it checks them itself. @throws {UsageError} for what is no number */
export function fleetOptionsOf(flags: FleetFlags, mix: FleetMix): FleetOptions {
  const whole = (name: 'devices' | 'first' | 'seed' | 'firstPort' | 'maxAwake', flag: string): number =>
    readInteger(flags[name], flag, 0, Number.MAX_SAFE_INTEGER);
  return {
    devices: whole('devices', '--devices'),
    first: whole('first', '--first'),
    seed: whole('seed', '--seed'),
    firstPort: whole('firstPort', '--first-port'),
    maxAwake: whole('maxAwake', '--max-awake'),
    rampPerSecond: flags.ramp === undefined ? undefined : readInteger(flags.ramp, '--ramp', 1, 1_000_000),
    mix,
    serverId: flags.serverId,
    dmUrl: flags.dmUrl,
    host: flags.host,
    anyNetwork: flags.anyNetwork === true,
    stateFile: flags.state,
  };
}

/** What `make` gives; options that it refuses are a usage error that says where they stand. @throws {UsageError} */
export async function refusingFlags<Made>(
  flags: FleetFlags,
  make: () => Made | Promise<Made>,
): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const file = flags.mix === undefined ? '' : ` (a path such as faults.late is of ${flags.mix})`;
    throw new UsageError(`${error.message}${file}`);
  }
}
