// Starts what `--listen URI` names.
import { isIP } from 'node:net';
import { ValueError } from '../../core/index.ts';
import type { Device } from '../../device/index.ts';
import { HttpPushListener } from '../../push/http/index.ts';
import { type AddressScheme, type DeviceAddress, parseAddress } from '../../push/index.ts';
import { ObexListener } from '../../push/obex/index.ts';
import { SipListener, type SipRegistrationStatus } from '../../push/sip/index.ts';
import { SmsReceiver } from '../../push/sms/index.ts';
import { WapListener } from '../../push/wap/index.ts';
import { checkWapsOffers, checkWapsSecrets, WapsListener } from '../../push/waps/index.ts';
import { UsageError } from '../io/io.ts';
import type { ListenerSections } from './listener-shapes.ts';
import { startModemReceiver } from './modem-receiver.ts';
import type { RouteNews, StartedReceiver } from './started-receiver.ts';

export type { StartedReceiver } from './started-receiver.ts';

/**
 * Takes news of a receiver: `error` where nothing can come over it until that is mended or succeeds at another try, `warn`
 * for other trouble, `mended` where a route is open again (or at last) after an error, `info` for the rest.
 */
export type ReceiverNews = (detail: string, level: 'error' | 'warn' | 'info' | 'mended') => void;

/**
 * Starts a receiver that feeds `device`. Port 0 takes any free one. `modem:` names a modem, which is opened until the end. A `sip:` address registers the device, an `sms:`
 * address binds to the message centre of the configuration, and resolves when it has; `stop` gives that up.
 * @throws {UsageError} for an address that is none, has no receiver, or needs a section that is missing
 * @throws {ConfigError} when the port is in use or may not be used
 * @throws the reason of `stop`, or {PushError} CLOSED, when it was given up
 */
export async function startReceiver(
  uri: string,
  device: Pick<Device, 'receive' | 'dropped'>,
  sections: ListenerSections = {},
  news: ReceiverNews = () => {},
  stop: AbortSignal = new AbortController().signal,
): Promise<StartedReceiver> {
  const modem = /^modem:(.*)$/is.exec(uri)?.[1];
  if (modem !== undefined) return startModemReceiver(uri, modem, device, sections.modem, mending(news));
  const { address, anyPort } = readListenAddress(uri);
  const start = starters[address.scheme];
  if (start === undefined) {
    throw new UsageError(
      `--listen ${uri}: a device cannot listen on ${address.scheme}: here; pushes by way of a gateway come over wap: or sms:`,
    );
  }
  const { host, port = 0 } = address;
  const tell = mending(news);
  if (host !== undefined && isIP(host) === 0) {
    throw new UsageError(`--listen ${uri}: ${host} is not an IP address of this machine`);
  }
  const handlers = {
    handler: device.receive,
    onDrop: device.dropped,
    onError: (error: unknown) => tell(`${address.scheme}: ${String(error)}`, 'warn'),
  };
  try {
    return await start({
      uri,
      address,
      sections,
      handlers,
      place: { port: anyPort ? 0 : port, ...(host === undefined ? {} : { address: host }) },
      tell,
      stop,
    });
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`--listen ${uri}: ${error.message}`);
    throw error;
  }
}

/** A route that is open after an error is told as `mended`, once. */
function mending(news: ReceiverNews): RouteNews {
  let broken = false;
  return (detail, level) => {
    if (level !== 'open') {
      if (level === 'error') broken = true;
      news(detail, level);
      return;
    }
    news(detail, broken ? 'mended' : 'info');
    broken = false;
  };
}

interface Start {
  readonly uri: string;
  readonly address: DeviceAddress;
  readonly sections: ListenerSections;
  readonly handlers: {
    readonly handler: Device['receive'];
    readonly onDrop: Device['dropped'];
    readonly onError: (error: unknown) => void;
  };
  readonly place: { readonly port: number; readonly address?: string };
  readonly tell: RouteNews;
  readonly stop: AbortSignal;
}

const starters: Readonly<Partial<Record<AddressScheme, (start: Start) => Promise<StartedReceiver>>>> = {
  wap: async ({ sections, handlers, place }) => {
    const receiver = new WapListener({ ...sections.wap, ...handlers, ...place });
    return { receiver, at: `wap:${shown(place.address, await receiver.start())}` };
  },
  waps: async ({ uri, sections, handlers, place }) => {
    const { secrets, notifications: _, ...options } = section(uri, 'waps', sections.waps);
    const secretsFor = (host: string) =>
      secrets.filter((secret) => secret.hosts === undefined || secret.hosts.includes(host));
    checkWapsSecrets(secrets);
    for (const host of ['', ...secrets.flatMap(({ hosts = [] }) => hosts)]) checkWapsOffers(secretsFor(host));
    const receiver = new WapsListener({ ...options, ...handlers, ...place, secrets: secretsFor });
    return { receiver, at: `waps:${shown(place.address, await receiver.start())}` };
  },
  http: startHttp,
  https: startHttp,
  obex: async ({ sections, handlers, place }) => {
    const receiver = new ObexListener({ ...sections.obex, ...handlers, ...place });
    return { receiver, at: `obex://${shown(place.address, await receiver.start())}` };
  },
  sip: startSip,
  sips: startSip,
  sms: async ({ uri, address, sections, handlers, tell, stop }) => {
    const options = section(uri, 'sms', sections.sms);
    const receiver = new SmsReceiver({
      ...options,
      ...handlers,
      number: address.user ?? '',
      onLink: (error) =>
        error === undefined
          ? tell('sms: connected', 'open')
          : tell(`sms: ${error.message}; trying again`, 'error'),
      onWarning: (text) => tell(`sms: ${text}`, 'warn'),
    });
    const giveUp = (): void => void receiver.close();
    stop.throwIfAborted();
    stop.addEventListener('abort', giveUp, { once: true });
    try {
      await receiver.start();
    } finally {
      stop.removeEventListener('abort', giveUp);
    }
    return { receiver, at: address.uri };
  },
};

async function startHttp({ uri, address, sections, handlers, place }: Start): Promise<StartedReceiver> {
  const { tls, ...options } = sections.http ?? {};
  const secure = address.scheme === 'https';
  if (secure && tls === undefined) {
    throw new UsageError(`--listen ${uri}: needs a section "http" with "tls" in --listener-config`);
  }
  const url = new URL(address.uri);
  const path = url.pathname === '/' ? {} : { path: url.pathname };
  const receiver = new HttpPushListener({
    ...options,
    ...handlers,
    ...place,
    ...path,
    ...(secure ? { tls } : {}),
  });
  const port = await receiver.start();
  return {
    receiver,
    at: `${address.scheme}://${shown(place.address, port)}${url.pathname === '/' ? '' : url.pathname}`,
  };
}

async function startSip({ uri, address, sections, handlers, tell }: Start): Promise<StartedReceiver> {
  const {
    address: local,
    port,
    udp,
    tcp,
    tls,
    tlsClient,
    maxPayload,
    maxPending,
    maxPendingPerSource,
    maxConnections,
    maxConnectionsPerSource,
    idleMs,
    ...registration
  } = section(uri, 'sip', sections.sip);
  const domain = (address.user ?? '').replace(/^[^@]*@/, '');
  const receiver = new SipListener({
    ...handlers,
    address: local,
    port: port ?? 0,
    udp,
    tcp,
    tlsClient,
    maxPayload,
    maxPending,
    maxPendingPerSource,
    maxConnections,
    maxConnectionsPerSource,
    idleMs,
    ...(tls === undefined ? {} : { tls: { port: tls.port, options: { cert: tls.cert, key: tls.key } } }),
    registration: {
      registrar: `${address.scheme}:${domain}`,
      ...registration,
      addressOfRecord: address.uri,
      onChange: (status) => {
        const { detail, level } = registrationNews(status);
        tell(`sip: ${address.uri} ${detail}`, level);
      },
    },
  });
  await receiver.start();
  return { receiver, at: address.uri };
}

/** A registration that failed means that no push comes: whoever runs the device has to see it. */
function registrationNews({ state, problem, publicGruu, expiresAt }: SipRegistrationStatus): {
  readonly detail: string;
  readonly level: Parameters<RouteNews>[1];
} {
  const why = problem === undefined ? '' : `: ${problem}`;
  const standing =
    expiresAt === undefined
      ? 'is not registered'
      : `is registered until ${new Date(expiresAt).toISOString()} only`;
  switch (state) {
    case 'waiting':
      return { detail: `${standing}${why}; trying again`, level: 'error' };
    case 'refused':
      return { detail: `${standing}${why}; mend it and start the device again`, level: 'error' };
    case 'registered':
      return {
        detail: `is registered${publicGruu === undefined ? '' : ` as ${publicGruu}`}`,
        level: 'open',
      };
    case 'stopped':
      return { detail: `is registered no more${why}`, level: problem === undefined ? 'info' : 'warn' };
    default:
      return { detail: state, level: 'info' };
  }
}

function section<Section>(uri: string, name: string, value: Section | undefined): Section {
  if (value !== undefined) return value;
  throw new UsageError(`--listen ${uri}: needs a section "${name}" in --listener-config`);
}

/** HOST:PORT, with brackets around an IPv6 address. */
function shown(host = '::', port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function readListenAddress(uri: string): { readonly address: DeviceAddress; readonly anyPort: boolean } {
  // Port 0 is no address of a device, so it is read here.
  const anyPort = /^([a-z]+:.*):0(\/.*)?$/is.exec(uri);
  const text = anyPort === null ? uri : `${anyPort[1]}:1${anyPort[2] ?? ''}`;
  try {
    return { address: parseAddress(text, '--listen'), anyPort: anyPort !== null };
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`--listen ${uri}: ${error.detail}`);
    throw error;
  }
}
