// A device's options with every default filled in.
import { defaultMoIndexRegistry } from '../codec/notification/index.ts';
import { type Clock, longestMs, silentLogger, systemClock, ValueError, wholeNumber } from '../core/index.ts';
import { type DeviceOptions, deviceDefaults, firmwareDefaults } from './device-options.ts';
import { replayDefaults } from './state/replay-memory.ts';
import { backOffDefaults } from './transport/back-off.ts';
import { dmHttpClient } from './transport/dm-http-client.ts';
import type { AcceptPolicy } from './user/user-interface.ts';

/** What stays optional, because its absence means something. */
type Optional =
  | 'user'
  | 'verProto'
  | 'randomNonce'
  | 'onEvent'
  | 'bearers'
  | 'mayStart'
  | 'bootstrap'
  | 'compatibility'
  | 'http';

/** Options without gaps. */
export interface DeviceSettings
  extends Required<Omit<DeviceOptions, Optional | 'replay' | 'backOff' | 'firmware'>>,
    Pick<DeviceOptions, Optional> {
  readonly replay: typeof replayDefaults;
  readonly backOff: typeof backOffDefaults;
  readonly firmware: typeof firmwareDefaults;
  /** True when the HTTP client is the device's own, to be closed with it. */
  readonly ownsHttpClient: boolean;
}

const acceptPolicies: readonly string[] = ['always', 'never', 'ask'] satisfies readonly AcceptPolicy[];

/** Bounds of the options that are numbers. */
const numbers = {
  confirmTimeoutMs: [1, longestMs],
  maxQuestions: [1, 65_536],
  maxQuestionsPerServer: [1, 65_536],
  clockSkewMs: [0, Number.MAX_SAFE_INTEGER],
  bearerWaitMs: [0, longestMs],
  maxPending: [1, 65_536],
  maxPendingPerServer: [1, 65_536],
  maxBootstraps: [1, 65_536],
  maxObjSize: [1, Number.MAX_SAFE_INTEGER],
} as const;

/**
 * Fills the defaults in.
 * @throws {ValueError} for another `accept` or `form` than there is, and OUT_OF_RANGE for a number that is none
 */
export function settingsOf(options: DeviceOptions): DeviceSettings {
  const { accept = deviceDefaults.accept, form = deviceDefaults.form, clock = systemClock() } = options;
  if (!acceptPolicies.includes(accept)) {
    throw new ValueError('BAD_FORMAT', `"${accept}" is not one of ${acceptPolicies.join(', ')}`, 'accept');
  }
  if (form !== 'xml' && form !== 'wbxml') {
    throw new ValueError('BAD_FORMAT', `"${form}" is neither xml nor wbxml`, 'form');
  }
  const settings = filled(options, clock);
  for (const [name, [least, most]] of Object.entries(numbers)) {
    wholeNumber(settings[name as keyof typeof numbers], least, most, name);
  }
  const { maxPackageSize, downloadTimeoutMs } = settings.firmware;
  wholeNumber(maxPackageSize, 1, Number.MAX_SAFE_INTEGER, 'firmware.maxPackageSize');
  wholeNumber(downloadTimeoutMs, 1, longestMs, 'firmware.downloadTimeoutMs');
  return settings;
}

function filled(options: DeviceOptions, clock: Clock): DeviceSettings {
  return {
    clock,
    logger: silentLogger,
    trustworthyClock: true,
    moIndexes: defaultMoIndexRegistry,
    httpClient: options.httpClient ?? dmHttpClient({ clock, ...options.http }),
    random: Math.random,
    ...deviceDefaults,
    ...given(options),
    replay: { ...replayDefaults, ...options.replay },
    backOff: { ...backOffDefaults, ...options.backOff },
    firmware: { ...firmwareDefaults, ...options.firmware },
    ownsHttpClient: options.httpClient === undefined,
  };
}

/** The options without those that are `undefined`, as callers without types may write an absent one. */
function given(options: DeviceOptions): DeviceOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as DeviceOptions;
}
