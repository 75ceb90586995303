// What Kannel 1.4.5 loses as a push gateway, as seen on the wire (test/interop/pap-kannel.test.ts).
import { type PapAddressType, plainPapValue } from '../../codec/pap/index.ts';
import type { GatewayKind, GatewayLoss, GatewayTraits, PushToGateway, TraitFault } from './gateway-kind.ts';

/** The one media type of DM that it writes as a number. It speaks WSP 1.3, where the others have none. */
const numberedType = 'application/vnd.syncml.dm.notification';

/** Octets of user data in a message: alone behind its port numbers, and in a part of several. */
const octetsAlone = 133;
const octetsInPart = 128;

/** What one UDP datagram over IPv4 holds: 65 535 octets less the headers of IP and UDP. It makes no more than one. */
const octetsInDatagram = 65_507;

/** `max-messages` of its group wapbox, unless its configuration says otherwise. */
const defaultMaxMessages = 10;

/** What it takes in network and bearer, in any case. */
const networks: ReadonlySet<string> = new Set(
  [
    'Any',
    'GSM',
    'ANSI-136',
    'IS-95 CDMA',
    'AMPS',
    'PDC',
    'IDEN',
    'Paging network',
    'PHS',
    'TETRA',
    'Mobitex',
  ].map((name) => name.toLowerCase()),
);
const bearers: ReadonlySet<string> = new Set(
  [
    'Any',
    'USSD',
    'SMS',
    'GUTS/R-Data',
    'CSD',
    'Packet Data',
    'GPRS',
    'CDPD',
    'FLEX',
    'SDS',
    'ReFLEX',
    'MPAK',
    'GHOST/R_DATA',
  ].map((name) => name.toLowerCase()),
);

/** Bearers that it can be made to use for an address of a type. */
const bearersFor: Readonly<Record<PapAddressType, readonly string[]>> = {
  PLMN: ['any', 'sms', 'ghost/r_data'],
  IPv4: ['any', 'csd', 'packet data', 'gprs'],
  IPv6: [],
  USER: [],
};

/** The kind. */
export const kannel: GatewayKind = {
  name: 'Kannel',
  // It counts a request without credentials as a failure, and refuses right ones for a while after some.
  defaults: { preemptiveBasic: true },
  settingFault,
  loss: (push, gateway) =>
    lostParameters(push) ?? unknownAddress(push) ?? wrongBearer(push, gateway) ?? cut(push, gateway),
  unknownMessage(message) {
    if (message.element === 'push-message' && message.replacePushId === undefined) return undefined;
    return { what: 'understands new pushes alone', remedy: 'send a push of its own' };
  },
  warnings,
  reports: (how, { type }) => how === 'own' && type === 'PLMN',
  // A number with separators is handed to the message centre with them.
  spelling: (address) => ({ ...address, value: plainPapValue(address) }),
};

function settingFault({
  name,
  url,
  credentials,
  allowPlainBasic,
  qualityOfService = {},
}: GatewayTraits): TraitFault | undefined {
  const {
    deliveryMethod,
    network,
    networkRequired = false,
    bearer,
    bearerRequired = false,
  } = qualityOfService;
  if (!/^[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*$/.test(name)) {
    return {
      setting: 'name',
      what: 'reads letters, digits, hyphens and dots behind the "@" of an address, and no port',
      remedy: 'give it such a name here and in the addresses of devices',
    };
  }
  if (credentials !== undefined && url.startsWith('http:') && allowPlainBasic !== true) {
    return {
      setting: 'allowPlainBasic',
      what: 'takes a password in the clear alone',
      remedy: 'use https:, or say "allowPlainBasic": true where the way there is trusted',
    };
  }
  if (deliveryMethod === 'confirmed' || deliveryMethod === 'preferconfirmed') {
    return {
      setting: 'qualityOfService.deliveryMethod',
      what: 'asks the device to open a WSP session for it, and holds back what follows to the same address',
      remedy: 'say "unconfirmed"',
    };
  }
  if (network !== undefined && !networks.has(network.toLowerCase())) {
    return {
      setting: 'qualityOfService.network',
      what: 'does not know this network',
      remedy: 'leave it out, or say "GSM" or "Any"',
    };
  }
  if (bearer !== undefined && !bearers.has(bearer.toLowerCase())) {
    return {
      setting: 'qualityOfService.bearer',
      what: 'does not know this bearer',
      remedy: 'leave it out, or say "SMS", "GPRS" or "Any"',
    };
  }
  if (networkRequired !== bearerRequired) {
    return {
      setting: 'qualityOfService.bearerRequired',
      what: 'wants networkRequired and bearerRequired to be the same',
      remedy: 'require both or neither',
    };
  }
  if (!bearerRequired || (bearer !== undefined && network !== undefined)) return undefined;
  return {
    setting: 'qualityOfService.bearerRequired',
    what: 'takes no push that requires a network and a bearer and does not name both',
    remedy: 'name both, or require neither',
  };
}

function lostParameters({ contentType }: PushToGateway): GatewayLoss | undefined {
  const lost = parameterNames(contentType).filter(isProof);
  if (lost.length === 0) return undefined;
  return {
    what: `drops the parameters of content types, ${lost.join(' and ')} too, without which no device takes a bootstrap`,
    remedy: 'send it over sms:, wap: or another binding',
  };
}

/** Names of all parameters, those that stand in the type itself too. */
function parameterNames({ mime, parameters = {} }: PushToGateway['contentType']): string[] {
  const written = mime.matchAll(/;\s*([^\s;="]+)\s*(?:=\s*(?:"(?:\\.|[^"\\])*"|[^;"]*))?/g);
  return [...Array.from(written, ([, name = '']) => name), ...Object.keys(parameters)];
}

/** The type without what stands behind it. */
function bareType(mime: string): string {
  return (mime.split(';')[0] ?? '').trim();
}

function unknownAddress({ address: { type } }: PushToGateway): GatewayLoss | undefined {
  if (type === 'USER') {
    return {
      what: 'takes no addresses of type USER',
      remedy: 'use the number of the device (PLMN), or its IPv4 address',
    };
  }
  if (type !== 'IPv6') return undefined;
  return {
    what: 'takes no IPv6 addresses',
    remedy: 'use wap:[ADDRESS], or the number of the device',
  };
}

function wrongBearer(
  { address: { type } }: PushToGateway,
  { qualityOfService = {} }: GatewayTraits,
): GatewayLoss | undefined {
  const { bearer, bearerRequired = false } = qualityOfService;
  if (!bearerRequired || bearer === undefined || bearersFor[type].includes(bearer.toLowerCase()))
    return undefined;
  return {
    what: `does not reach addresses of type ${type} over the bearer that the configuration requires`,
    remedy: 'leave bearerRequired and networkRequired out, or say "Any"',
  };
}

/** Beyond so many messages the rest of a push is cut off, and what no datagram holds is never sent, without a word. */
function cut(push: PushToGateway, gateway: GatewayTraits): GatewayLoss | undefined {
  const octets = headOctets(push, gateway) + push.size;
  if (push.address.type === 'IPv4') {
    if (octets <= octetsInDatagram) return undefined;
    return {
      what: `makes one UDP datagram of it: ${octets} octets with their headers, ${octetsInDatagram} fit`,
      remedy: 'use a binding without such a limit, such as http:',
    };
  }
  if (push.address.type !== 'PLMN') return undefined;
  const { maxMessages = defaultMaxMessages } = gateway;
  const most = maxMessages === 1 ? octetsAlone : maxMessages * octetsInPart;
  if (octets <= most) return undefined;
  return {
    what: `cuts off what is beyond ${maxMessages} short messages: ${octets} octets with their headers, ${most} fit`,
    remedy:
      'raise max-messages in its group wapbox and maxMessages of the gateway here, or use another binding',
  };
}

/** Octets of WSP in front of the body: identifier, type, length of the headers, and the headers that it writes. */
function headOctets({ contentType: { mime }, size }: PushToGateway, { headers = {} }: GatewayTraits): number {
  const bare = bareType(mime);
  const type = bare === numberedType ? 1 : bare.length + 1;
  const length = size < 128 ? 1 : size < 256 ? 2 : size < 65_536 ? 3 : 4;
  const passedOn = passedHeaders(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length + 2,
    0,
  );
  const fields = type + 2 + (1 + length) + 2 + passedOn;
  return 2 + (fields < 128 ? 1 : 2) + fields;
}

function passedHeaders(headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(headers).filter(([name]) => !/^x-kannel-/i.test(name));
}

function warnings(push: PushToGateway, gateway: GatewayTraits): readonly string[] {
  const { notifyTo, headers = {}, credentials, preemptiveBasic } = gateway;
  const mime = bareType(push.contentType.mime);
  const others = parameterNames(push.contentType).filter((name) => !isProof(name));
  const passed = passedHeaders(headers).map(([name]) => name);
  return [
    ...(mime === numberedType
      ? []
      : [
          `${mime} goes out as text, ${mime.length} octets longer than its number: devices that read numbers alone miss it`,
        ]),
    ...(others.length === 0 ? [] : [`parameters of the content type are dropped: ${others.join(', ')}`]),
    ...(notifyTo === undefined
      ? []
      : [
          'it sends no result notifications, so notifyTo is left out: kannelReportsTo brings its reports about short messages',
        ]),
    ...(credentials === undefined || preemptiveBasic !== false
      ? []
      : [
          'it counts each request without credentials as a failure, and refuses right ones for a while after some: leave preemptiveBasic out',
        ]),
    ...(passed.length === 0 ? [] : [`header fields of the request reach the device: ${passed.join(', ')}`]),
  ];
}

function isProof(name: string): boolean {
  return /^(?:sec|mac)$/i.test(name);
}
