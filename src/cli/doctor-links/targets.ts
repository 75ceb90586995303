// Where a server would connect to, out of its configuration: message centres, gateways, companies, proxies, modems.
import { ValueError } from '../../core/index.ts';
import { parseHostPort } from '../../push/index.ts';
import { hopOf } from '../../push/sip/index.ts';
import { linkDefaults } from '../../push/sms/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import type { Examined } from '../doctor-base/finding.ts';

/** TLS of a connection, as the configuration has it: PEM texts. */
export interface TargetTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** One place. */
export interface Target {
  /** Where it stands, such as `bindings.json: sms.smscs[0]`. */
  readonly where: string;
  /** Where authorities for it can be named, such as `sms.smscs[0].tls.ca`. */
  readonly caAt: string;
  readonly host: string;
  /** `undefined`: nothing can be opened, and the name is looked up alone. */
  readonly port: number | undefined;
  /** `undefined`: it is plain TCP. */
  readonly tls: TargetTls | undefined;
  /** Where it speaks HTTP: what can be asked for its time. */
  readonly url?: URL;
}

/** A serial port. */
export interface SerialPort {
  readonly where: string;
  readonly path: string;
}

/** What is reached of one section. */
interface Reached {
  readonly targets: Target[];
  readonly serial: SerialPort[];
}

/** All of them. `urlOfRoad` gives the URL that a road of the kind `http` asks first, where its settings are right. */
export function targetsOf(
  { file, sections }: NonNullable<Examined['config']>,
  urlOfRoad: (road: string) => URL | undefined,
): Reached {
  const { sms, sip, pap } = sections;
  const reached: Reached = { targets: [], serial: [] };
  const at = (path: string): Place => ({ where: `${file}: ${path}`, caAt: `${path}.tls.ca` });
  if (sms !== undefined && !('roads' in sms)) reached.targets.push(...centres(sms, 'sms', at));
  if (sms !== undefined && 'roads' in sms) {
    for (const [name, road] of Object.entries(sms.roads))
      addRoad(reached, `sms.roads.${name}`, road, at, () => urlOfRoad(name));
  }
  for (const [index, { url, tls }] of (pap?.gateways ?? []).entries()) {
    reached.targets.push(...ofUrl(at(`pap.gateways[${index}]`), url, tls));
  }
  if (sip?.outboundProxy !== undefined) {
    reached.targets.push(...proxy(at('sip.outboundProxy'), sip.outboundProxy, sip.tls));
  }
  return reached;
}

interface Place {
  readonly where: string;
  readonly caAt: string;
}

type At = (path: string) => Place;

/** Settings of a road are checked by themselves: what does not fit is passed over here. */
function addRoad(
  { targets, serial }: Reached,
  path: string,
  road: Readonly<Record<string, unknown>>,
  at: At,
  url: () => URL | undefined,
): void {
  const tls = tlsOf(road.tls);
  if (road.kind === 'smpp') targets.push(...centres(road, path, at));
  else if (road.kind === 'kannel') targets.push(...ofUrl(at(path), String(road.url), tls));
  else if (road.kind === 'http') targets.push(...ofUrl(at(path), url()?.href ?? '', tls));
  else if (road.kind === 'modem') addModem({ targets, serial }, at(path), String(road.port));
}

function addModem({ targets, serial }: Reached, place: Place, port: string): void {
  const tcp = /^tcp:(.*)$/i.exec(port)?.[1];
  if (tcp === undefined) {
    if (/^\/dev\//.test(port)) serial.push({ where: place.where, path: port });
    return;
  }
  try {
    targets.push({ ...place, ...parseHostPort(tcp, 1, 'port'), tls: undefined });
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
}

/** Centres of SMPP, and where one takes receipts. */
function centres(
  section: Readonly<Record<string, unknown>> | NonNullable<ServeSections['sms']>,
  path: string,
  at: At,
): readonly Target[] {
  const { smscs } = Object(section);
  if (!Array.isArray(smscs)) return [];
  return smscs.flatMap((centre: unknown, index): readonly Target[] => {
    const { receiver, ...own } = Object(centre);
    const here = `${path}.smscs[${index}]`;
    const sender = centreAt(at(here), own);
    if (receiver === undefined) return sender;
    const other = { ...own, ...Object(receiver) };
    const same = other.host === own.host && other.port === own.port;
    return same ? sender : [...sender, ...centreAt(at(`${here}.receiver`), other)];
  });
}

function centreAt(place: Place, { host, port, tls }: Readonly<Record<string, unknown>>): readonly Target[] {
  if (typeof host !== 'string') return [];
  const usual = tls === undefined ? linkDefaults.port : linkDefaults.tlsPort;
  return [{ ...place, host, port: typeof port === 'number' ? port : usual, tls: tlsOf(tls) }];
}

/** `undefined` TLS of the configuration is that of every https. */
export function ofUrl(place: Place, text: string, tls?: TargetTls): readonly Target[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  if (!secure && url.protocol !== 'http:') return [];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return [{ ...place, host, port, tls: secure ? (tls ?? {}) : undefined, url: new URL('/', url) }];
}

function proxy(place: Place, uri: string, tls: TargetTls | undefined): readonly Target[] {
  try {
    const { host, port, protocol } = hopOf(uri, 'outboundProxy');
    // Over UDP nothing can be opened.
    if (protocol === undefined || protocol === 'UDP')
      return [{ ...place, host, port: undefined, tls: undefined }];
    return [{ ...place, caAt: 'sip.tls.ca', host, port, tls: protocol === 'TLS' ? (tls ?? {}) : undefined }];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return [];
  }
}

function tlsOf(tls: unknown): TargetTls | undefined {
  return typeof tls === 'object' && tls !== null ? tls : undefined;
}
