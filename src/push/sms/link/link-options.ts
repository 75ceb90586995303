// Settings of links to message centres, with every default filled in and every bound checked.
import { encodePdu } from '../../../codec/smpp/index.ts';
import { type Clock, longestMs, systemClock, ValueError, wholeNumber } from '../../../core/index.ts';
import type { TlsClientOptions } from '../../index.ts';

/** A message centre (SMSC) and the account there. */
export interface SmscOptions {
  /** IP address or host name. */
  readonly host: string;
  /** TCP port. Default 2775, with TLS 3550. */
  readonly port?: number | undefined;
  /**
   * Names the centre in references, logs and errors. Default `HOST:PORT`. It must stay the same while receipts are
   * expected; centres of one name are one: a receipt may come over any of their links.
   */
  readonly name?: string | undefined;
  /**
   * system_id. SMPP 3.4 has room for 15 characters (§5.2.1), for 8 of the password (§5.2.2) and for 12 of system_type
   * (§5.2.3); longer ones, up to 255, are sent whole, for operators hand them out, and `onWarning` says so.
   */
  readonly systemId: string;
  /** Default none. */
  readonly password?: string | undefined;
  /** system_type. Default none. */
  readonly systemType?: string | undefined;
  /** TLS around the connection. Default none. */
  readonly tls?: TlsClientOptions | undefined;
}

/** `SmscOptions` with defaults. */
export interface SmscSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly tls: TlsClientOptions | undefined;
}

/** Where a receiver link goes; what is left out is as for the link that sends. */
export type ReceiverLinkOptions = Partial<Omit<SmscOptions, 'name'>>;

/** A message centre that takes pushes, and how it is bound. */
export interface SmsCentreOptions extends SmscOptions {
  /**
   * `transceiver`: one session sends and takes receipts (SMPP 3.4 §4.1.5). `separate`: a transmitter sends, and a receiver
   * takes the receipts, for centres that know no transceivers, or whose operator gives two accounts or ports; without
   * receipts the receiver is not opened, for nothing would come over it. Default `transceiver`, with `receiver` `separate`.
   */
  readonly bind?: 'transceiver' | 'separate' | undefined;
  /** Account, host or port of the receiver, where they differ. Only for `separate`. */
  readonly receiver?: ReceiverLinkOptions | undefined;
}

/** `SmsCentreOptions` with defaults. */
export interface SmsCentreSettings {
  /** What sends. */
  readonly sender: SmscSettings;
  /** What takes receipts beside it; `undefined` for a transceiver. */
  readonly receiver: SmscSettings | undefined;
}

/** @throws {ValueError} as `smscSettings`, and for a `receiver` of a transceiver */
export function centreSettings(
  options: SmsCentreOptions,
  path: string,
  onWarning?: WarningHandler,
): SmsCentreSettings {
  const { receiver, bind = receiver === undefined ? 'transceiver' : 'separate' } = options;
  if (bind !== 'transceiver' && bind !== 'separate') {
    const detail = `${String(bind)} is not one of transceiver, separate`;
    throw new ValueError('OUT_OF_RANGE', detail, `${path}.bind`);
  }
  const sender = smscSettings(options, path, onWarning);
  if (bind === 'transceiver') {
    if (receiver === undefined) return { sender, receiver };
    throw new ValueError('OUT_OF_RANGE', 'is only for "bind": "separate"', `${path}.receiver`);
  }
  const { systemId, password, systemType } = receiver ?? {};
  const same = systemId === undefined && password === undefined && systemType === undefined;
  const given = Object.entries(receiver ?? {}).filter(([, value]) => value !== undefined);
  const account = { ...options, ...Object.fromEntries(given), name: sender.name };
  return { sender, receiver: smscSettings(account, `${path}.receiver`, same ? undefined : onWarning) };
}

/** Times of a link, in milliseconds. */
export interface LinkTimingOptions {
  /** Until a connection stands, TLS included. Default 10 000. */
  readonly connectMs?: number | undefined;
  /** Wait for a response. Default 10 000. */
  readonly responseMs?: number | undefined;
  /** Silence after which enquire_link asks; two unanswered end the link. Default 30 000. */
  readonly enquireMs?: number | undefined;
  /**
   * First pause before a lost link is made again, and after a centre said that it gets too much; it doubles up to
   * `maxBackOffMs`, the latter to 5000 at most. Default 1000.
   */
  readonly backOffMs?: number | undefined;
  /** Longest such pause, and the one after a refused password. Default 60 000. */
  readonly maxBackOffMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to, not including, 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** `LinkTimingOptions` with defaults. */
export type LinkTiming = { readonly [K in keyof LinkTimingOptions]-?: NonNullable<LinkTimingOptions[K]> };

/** Defaults of `LinkTimingOptions` and of the ports. */
export const linkDefaults = Object.freeze({
  port: 2775,
  tlsPort: 3550,
  connectMs: 10_000,
  responseMs: 10_000,
  enquireMs: 30_000,
  backOffMs: 1000,
  maxBackOffMs: 60_000,
});

/** Told of settings and answers that are odd and work all the same, never with a secret. Must not throw. */
export type WarningHandler = (text: string) => void;

/** @throws {ValueError} for what is missing, out of range or too long for any centre */
export function smscSettings(options: SmscOptions, path: string, onWarning?: WarningHandler): SmscSettings {
  const { host, systemId, password = '', systemType = '', tls } = options;
  const { port = tls === undefined ? linkDefaults.port : linkDefaults.tlsPort } = options;
  if (host === '') throw new ValueError('MISSING', 'needs a host', `${path}.host`);
  wholeNumber(port, 1, 65535, `${path}.port`);
  const name = options.name ?? (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
  if (name === '') throw new ValueError('MISSING', 'needs a name', `${path}.name`);
  // Fails, and warns, here rather than at every attempt to bind.
  encodePdu(
    { command: 'bind_transceiver', systemId, password, systemType },
    {
      onDeviation: ({ field, message, section }) =>
        onWarning?.(`${name}: ${field}: ${message} (${section}); it is sent whole all the same`),
    },
  );
  return { host, port, name, systemId, password, systemType, tls };
}

/** @throws {ValueError} OUT_OF_RANGE */
export function linkTiming(options: LinkTimingOptions): LinkTiming {
  const ms = (name: 'connectMs' | 'responseMs' | 'enquireMs' | 'backOffMs' | 'maxBackOffMs'): number =>
    wholeNumber(options[name] ?? linkDefaults[name], 1, longestMs, name);
  return {
    connectMs: ms('connectMs'),
    responseMs: ms('responseMs'),
    enquireMs: ms('enquireMs'),
    backOffMs: ms('backOffMs'),
    maxBackOffMs: ms('maxBackOffMs'),
    clock: options.clock ?? systemClock(),
    random: options.random ?? Math.random,
  };
}
