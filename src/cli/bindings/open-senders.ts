// Opens bindings as a configuration file says, for the schemes of device addresses.
import { ConfigError, LogSummary, systemClock, ValueError } from '../../core/index.ts';
import { createHttpPushSender } from '../../push/http/index.ts';
import {
  type AddressScheme,
  type Binding,
  type DeliveryReportHandler,
  type DeviceAddress,
  paceDefaults,
  paced,
  type ReportingBinding,
} from '../../push/index.ts';
import { createObexSender } from '../../push/obex/index.ts';
import { createPapSender, type PapSender, papTarget } from '../../push/pap/index.ts';
import { createSipSender } from '../../push/sip/index.ts';
import { createWapSender } from '../../push/wap/index.ts';
import { checkWapsSecrets, createWapsSender, type WapsNotice } from '../../push/waps/index.ts';
import {
  forAddresses,
  forHostAddresses,
  forReportedAddresses,
  type PushPolicy,
  pushPolicyDefaults,
  sendTimeoutOf,
} from '../../server/index.ts';
import type { CallbackPort } from '../roads/callback-port.ts';
import { openSms } from '../roads/open-sms.ts';
import type { SenderSections } from './sender-shapes.ts';

/** Names of sections. */
export type SectionName = keyof SenderSections;

/** The section that says how a scheme's pushes are sent. */
export function sectionOf(scheme: AddressScheme): SectionName {
  if (scheme === 'https') return 'http';
  return scheme === 'sips' ? 'sip' : scheme;
}

/** Sections whose binding needs nothing but the device's address. */
export const selfSufficient: ReadonlySet<SectionName> = new Set(['wap', 'http', 'obex']);

/** Something of a binding that a log should have. Secrets are not in it. */
export type BindingLog = (about: { readonly binding: string; readonly detail: string }) => void;

/** What an opened binding tells besides its receipts. */
export interface SenderEvents {
  /** Takes delivery reports. Default: none are asked for. */
  readonly onReport?: DeliveryReportHandler | undefined;
  readonly onTrouble?: BindingLog | undefined;
  /** Told what a carrier does otherwise than a push asks for, without harm. Default: as `onTrouble`. */
  readonly onWarning?: BindingLog | undefined;
  /** What errors call the configuration. */
  readonly file?: string | undefined;
  /** False only makes the binding, to see whether its section is right: nothing is reached or opened. Default true. */
  readonly connect?: boolean | undefined;
  /** How the server pushes. Default: `pushPolicyDefaults`. */
  readonly policy?: PushPolicy | undefined;
}

/** An open binding: for device addresses, and as itself where it can do more. */
export interface OpenedSender {
  readonly binding: Binding<DeviceAddress> | ReportingBinding<DeviceAddress>;
  readonly pap?: PapSender;
  /** Where carriers of short messages report. */
  readonly callbacks?: CallbackPort;
}

/**
 * Opens the binding of a section.
 * @throws {ConfigError} when the section is missing, or says what cannot be
 */
export function openSender(
  name: SectionName,
  sections: SenderSections,
  events: SenderEvents = {},
): OpenedSender {
  if (sections[name] === undefined && !selfSufficient.has(name)) {
    throw new ConfigError(
      `${name}: needs a section "${name}" in the configuration of bindings (docs/bindings.md)`,
    );
  }
  try {
    return openers[name](sections, events);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw sectionError(name, error, events.file);
  }
}

/** What a section says that cannot be, by its path in the file, as `readConfigFile` names what does not fit its shape. */
export function sectionError(name: string, error: ValueError, file: string | undefined): ConfigError {
  const within = error.path === '' ? ': ' : '.';
  const message = `${file === undefined ? '' : `${file}: `}${name}${within}${error.message}`;
  return new ConfigError(message, { cause: error });
}

type Opener = (sections: SenderSections, events: SenderEvents) => OpenedSender;

const clock = systemClock();

const openers: Readonly<Record<SectionName, Opener>> = {
  wap: ({ wap = {} }) => {
    const { places = paceDefaults.udpPlaces, perSecond, ...options } = wap;
    return { binding: forHostAddresses(paced(createWapSender(options), { places, perSecond, clock })) };
  },
  waps: ({ waps = { secrets: [] } }, { onTrouble }) => {
    const { secrets, notifications: _, places, perSecond, ...options } = waps;
    checkWapsSecrets(secrets);
    const binding = createWapsSender({
      ...options,
      secrets: ({ host }) => secrets.filter((secret) => isFor(secret, host)),
      onNotice: wapsNotices((detail) => onTrouble?.({ binding: 'waps', detail })),
    });
    return { binding: forHostAddresses(paced(binding, { places, perSecond, clock })) };
  },
  sms: ({ sms = { smscs: [] } }, events) => {
    const {
      onReport,
      onTrouble,
      onWarning = onTrouble,
      file,
      connect = true,
      policy = pushPolicyDefaults,
    } = events;
    const opened = openSms(sms, {
      clock,
      attemptMs: sendTimeoutOf(policy, 'sms'),
      connect,
      file,
      onReport,
      onTrouble: (detail) => onTrouble?.({ binding: 'sms', detail }),
      onWarning: (detail) => onWarning?.({ binding: 'sms', detail }),
    });
    const binding = forReportedAddresses(opened.binding, ({ user = '' }) => ({ number: user }));
    return { binding, ...(opened.callbacks !== undefined && { callbacks: opened.callbacks }) };
  },
  sip: ({ sip = { from: '' } }, { onTrouble }) => {
    const { places, perSecond, ...options } = sip;
    const onError = (error: unknown): void => onTrouble?.({ binding: 'sip', detail: String(error) });
    const binding = paced(createSipSender({ ...options, onError }), { places, perSecond, clock });
    return { binding: forAddresses(binding, ({ uri }) => ({ uri })) };
  },
  http: ({ http = {} }) => {
    const { form, headers, credentials = [], places, perSecond, ...options } = http;
    const push = ({ uri }: { readonly uri: string }) => {
      const host = new URL(uri).hostname.replace(/^\[|\]$/g, '');
      return { form, headers, credentials: credentials.find((each) => isFor(each, host)) };
    };
    const binding = createHttpPushSender({ ...options, push: (_, to) => push(to) });
    return { binding: forAddresses(paced(binding, { places, perSecond, clock }), ({ uri }) => ({ uri })) };
  },
  obex: ({ obex = {} }) => {
    const { credentials = [], mutual, places, perSecond, ...options } = obex;
    const binding = createObexSender({
      ...options,
      push: (_, { host }) => ({ mutual, credentials: credentials.find((each) => isFor(each, host)) }),
    });
    return { binding: forHostAddresses(paced(binding, { places, perSecond, clock })) };
  },
  pap: ({ pap = { gateways: [] } }, { onReport, onTrouble, onWarning = onTrouble }) => {
    const { listen: _listen, gateways, places, perSecond, ...options } = pap;
    const sender = createPapSender({
      ...options,
      gateways: gateways.map((gateway) => ({ places, perSecond, ...gateway })),
      onReport,
      onWarning: (detail) => onWarning?.({ binding: 'pap', detail }),
      onError: (error) => onTrouble?.({ binding: 'pap', detail: String(error) }),
    });
    return { binding: forReportedAddresses(sender, ({ user = '' }) => papTarget(user)), pap: sender };
  },
};

/** Tells of sessions, and sums up what strangers send to the port. */
function wapsNotices(tell: (detail: string) => void): (notice: WapsNotice) => void {
  const write = ({ peer, what, detail }: WapsNotice): void => tell(`${peer}: ${what}: ${detail}`);
  const dropped = new LogSummary<WapsNotice>({
    clock: systemClock({ unref: true }),
    write,
    writeSum: ({ kind, count, withinMs }) => tell(`dropped ${count} more within ${withinMs} ms: ${kind}`),
  });
  return (notice) => {
    if (notice.what !== 'dropped') write(notice);
    else dropped.note(/^[a-z-]+(?=: )/.exec(notice.detail)?.[0] ?? 'unexpected', notice);
  };
}

function isFor({ hosts }: { readonly hosts?: readonly string[] }, host: string): boolean {
  return hosts === undefined || hosts.includes(host);
}
