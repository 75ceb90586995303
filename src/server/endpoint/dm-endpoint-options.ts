// What the DM endpoint is given: settings and bounds.
import { type Clock, ConfigError, type Logger, longestMs, wholeNumber } from '../../core/index.ts';
import type { AuthScheme } from '../../security/index.ts';
import type { AccountStore, SessionJournal } from '../../store/index.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import type { SessionLimits } from '../session/session-table.ts';
import type { SessionWork } from '../work/session-work.ts';
import type { AttemptGuardLimits } from './attempt-guard.ts';

/** Settings of the endpoint. */
export interface DmEndpointSettings extends Partial<SessionLimits> {
  /** Octets of a request's body. Default 1048576. */
  readonly maxBody?: number;
  /** Octets of a message that clients are told to keep to. Default 65536. */
  readonly maxMsgSize?: number;
  /** Octets of an object that clients may send, as transmitted. Default 4194304. */
  readonly maxObjSize?: number;
  /**
   * Octets that all sessions together hold for their devices: objects and answers that are not whole yet, commands under
   * way, last answers. Beyond it objects and answers are refused with 413, and no session begins (503). Default 67108864.
   */
  readonly maxUnfinished?: number;
  /** The same of one device. Default 16777216. */
  readonly maxUnfinishedOfDevice?: number;
  /**
   * Gives each session an address of its own by RespURI, with an unguessable token. Without it, whoever knows device and
   * SessionID can speak in a session that has authenticated once. Default true.
   */
  readonly sessionTokens?: boolean;
  /**
   * Type of credentials that a client is asked for which gave none, or basic ones that do not hold: the same for every
   * device (spec-notes ruling 22). Default `md5`; another one for devices that wait to be asked and cannot give that.
   */
  readonly challenge?: AuthScheme;
  /** For how long a challenge may be answered at least, in milliseconds. Default 60000. */
  readonly challengeMs?: number;
  /** Pause before another push when a session broke off, in milliseconds. Default 10000. */
  readonly retryAfterMs?: number;
  readonly attempts?: AttemptGuardLimits;
}

/** Defaults of `DmEndpointSettings`. */
export const dmEndpointDefaults = Object.freeze({
  maxBody: 1_048_576,
  maxMsgSize: 65_536,
  maxObjSize: 4_194_304,
  maxUnfinished: 64 * 1_048_576,
  maxUnfinishedOfDevice: 16 * 1_048_576,
  sessionTokens: true,
  challenge: 'md5' as const,
  challengeMs: 60_000,
  retryAfterMs: 10_000,
  maxPending: 512,
  maxRunning: 10_000,
  maxEnded: 5000,
  maxOfDevice: 4,
  idleMs: 60_000,
  lingerMs: 60_000,
});

/** Settings with what counts where they are absent. */
export type CheckedSettings = Required<Omit<DmEndpointSettings, 'attempts'>>;

const schemes: readonly AuthScheme[] = ['basic', 'md5', 'hmac'];

/**
 * The settings of an endpoint.
 * @throws {ValueError} OUT_OF_RANGE: a number that is not a whole one above 0
 * @throws {ConfigError} `challenge` is no type of credentials
 */
export function checkedSettings({ attempts: _, ...given }: DmEndpointSettings = {}): CheckedSettings {
  const settings = { ...dmEndpointDefaults, ...given };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value !== 'number') continue;
    wholeNumber(value, 1, name.endsWith('Ms') ? longestMs : Number.MAX_SAFE_INTEGER, name);
  }
  if (!schemes.includes(settings.challenge)) {
    throw new ConfigError(`challenge is ${settings.challenge}; use one of ${schemes.join(', ')}`);
  }
  return settings;
}

/** What the endpoint works with. */
export interface DmEndpointOptions {
  readonly store: Pick<AccountStore, 'listAccounts'> & SessionJournal;
  readonly clock: Clock;
  readonly node: string;
  readonly logger: Logger;
  readonly settings?: DmEndpointSettings;
  /** Counts sessions and refusals. */
  readonly metrics?: Pick<ServerMetrics, 'sessions' | 'listeners'> | undefined;
  /** Default: nothing to do, so that a session ends once both sides have proved themselves. */
  readonly work?: SessionWork;
}
