// Settings of a device's registration, and what it says about itself.
import {
  type ApplicationFeatureTag,
  applicationFeatureTags,
  type DigestAlgorithm,
  type SipHeader,
} from '../../codec/sip/index.ts';
import { longestMs, ValueError, wholeNumber } from '../../core/index.ts';
import { addressOfRecord } from './addresses.ts';
import { checkCredentials, type SipCredentials } from './authenticator.ts';
import { proxyHop } from './hop.ts';
import { checkHeaders } from './sender-options.ts';

/** Settings of a registration. */
export interface SipRegistrationOptions {
  /** The registrar's domain, as URI: `sip:example.com`. */
  readonly registrar: string;
  /** The device's address of record: `sip:USER@DOMAIN`. */
  readonly addressOfRecord: string;
  /** Names the device over restarts and new addresses: `urn:uuid:…`, or `urn:gsma:imei:…` (RFC 5626 §4.1). */
  readonly instanceId: string;
  /** Shown to a registrar or proxy that asks. Default none. */
  readonly credentials?: SipCredentials | readonly SipCredentials[] | undefined;
  /** Hashes that may prove a password. Default both. */
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  /**
   * First hop: `sip:HOST[:PORT][;transport=udp|tcp|tls]`. Its transport is the one on which the device asks to be
   * reached, UDP when it names none. Default: the registrar's host.
   */
  readonly outboundProxy?: string | undefined;
  /** Spellings of the feature tag in Contact (spec-notes ruling 9). Default `specified`. */
  readonly featureTags?: readonly ApplicationFeatureTag[] | undefined;
  /** Seconds for which to register, 60–4294967295. Default 600. */
  readonly expiresSeconds?: number | undefined;
  /** Where peers reach the device, where address translation hides it. Default: its address towards the first hop. */
  readonly contact?: { readonly host: string; readonly port?: number | undefined } | undefined;
  /** Header fields for every REGISTER. Default none. */
  readonly headers?: readonly SipHeader[] | undefined;
  /** Pause after the first failure, in milliseconds; each further one is twice as long. Default 30 000. */
  readonly retryFirstMs?: number | undefined;
  /** Longest pause between tries, in milliseconds. Default 1 800 000. */
  readonly retryLongestMs?: number | undefined;
  /** How often to look whether our address has changed, in milliseconds; 0 never looks. Default 30 000. */
  readonly addressCheckMs?: number | undefined;
  /** For the registrar to confirm that we are gone, in milliseconds. Default 2000. */
  readonly stopMs?: number | undefined;
  /** Called when the state or the GRUUs have changed. */
  readonly onChange?: ((status: SipRegistrationStatus) => void) | undefined;
}

/** How a registration stands. */
export interface SipRegistrationStatus {
  /**
   * `idle` before the start; `registering` for the first time or again; `registered`; `waiting` after a failure;
   * `refused` by 403 or for a wrong password, until `refresh` is called; `stopped`.
   */
  readonly state: 'idle' | 'registering' | 'registered' | 'waiting' | 'refused' | 'stopped';
  /** When the binding at the registrar ends, in milliseconds since the POSIX epoch; `undefined` without one. */
  readonly expiresAt: number | undefined;
  /** URI under which the registrar reaches us. */
  readonly contact: string | undefined;
  /** Public GRUU; `undefined` when the registrar gives none. */
  readonly publicGruu: string | undefined;
  /** Temporary GRUUs that are valid, the newest last. */
  readonly temporaryGruus: readonly string[];
  /** Why the last try failed; `undefined` after a success. */
  readonly problem: string | undefined;
}

/** Defaults of `SipRegistrationOptions`. */
export const sipRegistrationDefaults = Object.freeze({
  expiresSeconds: 600,
  retryFirstMs: 30_000,
  retryLongestMs: 1_800_000,
  addressCheckMs: 30_000,
  stopMs: 2000,
});

/** Options with every default filled in. */
export type SipRegistrationSettings = ReturnType<typeof registrationSettings>;

/** Checks options and fills the defaults in. @throws {ValueError} */
export function registrationSettings(options: SipRegistrationOptions) {
  const whole = (name: keyof typeof sipRegistrationDefaults, minimum: number, maximum: number): number =>
    wholeNumber(options[name] ?? sipRegistrationDefaults[name], minimum, maximum, name);
  const registrar = proxyHop(options.registrar, 'registrar');
  const { instanceId, featureTags = ['specified'], contact } = options;
  if (!/^urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\s<>"\\]+$/i.test(instanceId)) {
    throw new ValueError('BAD_FORMAT', 'must be a URN such as urn:uuid:…', 'instanceId');
  }
  if (contact !== undefined && !/^[A-Za-z0-9_.:-]+$/.test(contact.host)) {
    throw new ValueError('BAD_FORMAT', 'must be a host name or an IP address', 'contact.host');
  }
  if (contact?.port !== undefined) wholeNumber(contact.port, 1, 65535, 'contact.port');
  const { outboundProxy } = options;
  return {
    ...checkCredentials(options.credentials, options.algorithms),
    registrarUri: options.registrar.replace(/[;?].*$/s, ''),
    hop: outboundProxy === undefined ? registrar : proxyHop(outboundProxy, 'outboundProxy'),
    addressOfRecord: addressOfRecord(options.addressOfRecord, 'addressOfRecord'),
    instanceId,
    featureTags: featureTags.map((spelling) => applicationFeatureTags[spelling]),
    contact,
    headers: checkHeaders(options.headers ?? []),
    expiresSeconds: whole('expiresSeconds', 60, 0xffffffff),
    retryFirstMs: whole('retryFirstMs', 1, longestMs),
    retryLongestMs: whole('retryLongestMs', 1, longestMs),
    addressCheckMs: whole('addressCheckMs', 0, longestMs),
    stopMs: whole('stopMs', 0, longestMs),
    onChange: options.onChange,
  };
}
