// What a fleet is made with.
import {
  type Clock,
  ConfigError,
  requireServerId,
  systemClock,
  ValueError,
  wholeNumber,
} from '../../core/index.ts';
import {
  type BackOffOptions,
  backOffDefaults,
  type DmHttpOptions,
  type ReplayOptions,
} from '../../device/index.ts';
import type { FleetEvent } from '../journal/journal.ts';
import { checkMix, type FleetMix } from '../mix/fleet-mix.ts';
import { mostDevices } from './fleet-plan.ts';
import { isLoopbackUrl, requireLoopback } from './loopback.ts';

/** Options of a fleet. */
export interface FleetOptions {
  /** How many devices, 1 to 1 000 000. */
  readonly devices: number;
  /** Index of the first one: fleets of the same seed with other indexes are other devices of the same kind. Default 0. */
  readonly first?: number | undefined;
  /** Decides what each device is, and which fault meets which push. A whole number, 0 to 2^53 - 1. Default 1. */
  readonly seed?: number | undefined;
  /** Default: `mixDefaults`, and no faults. */
  readonly mix?: FleetMix | undefined;
  /** Server that manages them. Default `com.example.reveille`. */
  readonly serverId?: string | undefined;
  /** Its DM endpoint. */
  readonly dmUrl: string;
  /** Address on which devices listen. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /**
   * Port of the first device that has one of its own; the next ones follow, each at its index. Default 0: any free ones, which
   * the state file remembers.
   */
  readonly firstPort?: number | undefined;
  /** True lets the fleet leave loopback, for listening and for connecting. Default false. */
  readonly anyNetwork?: boolean | undefined;
  /** File that keeps the devices' states for the next run. Default: they are forgotten. */
  readonly stateFile?: string | undefined;
  /** Devices that come up in a second, 1 to 1 000 000. Default: as fast as it goes. */
  readonly rampPerSecond?: number | undefined;
  /** Devices that work at the same time; further pushes wait for their turn. 1 to 10 000, default 64. */
  readonly maxAwake?: number | undefined;
  /** Pushes that wait for their turn; further ones are missed. Default 100 000. */
  readonly maxWaiting?: number | undefined;
  /** Pauses of devices between sessions that do not reach their server. Default: those of the device. */
  readonly backOff?: BackOffOptions | undefined;
  /** What devices remember of notifications, and how often they let servers resynchronise. Default: those of the device. */
  readonly replay?: ReplayOptions | undefined;
  /** How devices talk HTTP. */
  readonly http?: DmHttpOptions | undefined;
  readonly clock?: Clock | undefined;
  /** Takes the journal, in order. What it throws goes to `onError`. */
  readonly onEvent?: ((event: FleetEvent) => void) | undefined;
  /** Told of faults of ours: of sockets, of the state file, of `onEvent`. Default: nobody is. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Options with every default filled in. */
export type FleetSettings = ReturnType<typeof fleetSettings>;

/** What counts when an option is absent. */
export const fleetDefaults = Object.freeze({
  first: 0,
  seed: 1,
  serverId: 'com.example.reveille',
  host: '127.0.0.1',
  firstPort: 0,
  maxAwake: 64,
  maxWaiting: 100_000,
});

/**
 * Checks options and fills the defaults in.
 * @throws {ValueError} with the path of an option; {ConfigError} for a place that is not on loopback
 */
export function fleetSettings(options: FleetOptions) {
  const d = fleetDefaults;
  const whole = (
    name: 'first' | 'seed' | 'firstPort' | 'maxAwake' | 'maxWaiting',
    least: number,
    most: number,
  ) => wholeNumber(options[name] ?? d[name], least, most, name);
  const { mix = {}, host = d.host, anyNetwork = false, dmUrl, rampPerSecond } = options;
  const devices = wholeNumber(options.devices, 1, 1_000_000, 'devices');
  checkMix(mix);
  if (!URL.canParse(dmUrl) || !/^https?:$/.test(new URL(dmUrl).protocol)) {
    throw new ValueError('BAD_FORMAT', 'is not a URL such as http://127.0.0.1:8080/dm', 'dmUrl');
  }
  if (rampPerSecond !== undefined) wholeNumber(rampPerSecond, 1, 1_000_000, 'rampPerSecond');
  if (!anyNetwork) {
    requireLoopback(host, 'host');
    if (!isLoopbackUrl(dmUrl)) requireLoopback(new URL(dmUrl).hostname, 'dmUrl');
    const { sms, sip } = mix.carriers ?? {};
    if (sms !== undefined) requireLoopback(sms.smsc.host, 'mix.carriers.sms.smsc.host');
    if (sip !== undefined) requireLoopback(hostOfHop(sip.outboundProxy), 'mix.carriers.sip.outboundProxy');
  }
  const firstPort = whole('firstPort', 0, 65_535);
  if (firstPort > 0 && firstPort + devices - 1 > 65_535) {
    throw new ConfigError(`firstPort: ${devices} devices do not fit between ${firstPort} and 65535`);
  }
  return {
    devices,
    first: whole('first', 0, mostDevices - devices),
    seed: whole('seed', 0, Number.MAX_SAFE_INTEGER),
    mix,
    serverId: requireServerId(options.serverId ?? d.serverId, 'serverId'),
    dmUrl,
    host,
    firstPort,
    anyNetwork,
    stateFile: options.stateFile,
    rampPerSecond,
    maxAwake: whole('maxAwake', 1, 10_000),
    maxWaiting: whole('maxWaiting', 0, 1_000_000),
    backOff: { ...backOffDefaults, ...options.backOff },
    replay: options.replay ?? {},
    http: options.http,
    clock: options.clock ?? systemClock(),
    onEvent: options.onEvent ?? (() => {}),
    onError: options.onError ?? (() => {}),
  };
}

/** Host of a URI such as `sip:127.0.0.1:5060;transport=tcp`. */
function hostOfHop(uri: string): string {
  const place = uri
    .replace(/^sips?:/i, '')
    .replace(/^[^@]*@/, '')
    .replace(/[;?].*$/s, '');
  return /^\[([^\]]*)\]/.exec(place)?.[1] ?? place.replace(/:[0-9]+$/, '');
}
