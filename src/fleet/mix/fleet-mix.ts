// What a fleet is mixed of: shares of formats, bindings, forms and schemes, rates of faults, and the carriers that some bindings
// need. The shape is for JSON files; `checkMix` holds what a shape cannot say.
import { type Static, type TProperties, Type } from 'typebox';
import { ValueError } from '../../core/index.ts';
import { familyNames } from '../../families/index.ts';

/** An object without other fields than these. */
function closed<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

const share = Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000 }));
const rate = Type.Number({ minimum: 0, maximum: 1 });
const text = Type.String({ minLength: 1 });
const port = Type.Integer({ minimum: 1, maximum: 65_535 });
/** Shortest and longest, in milliseconds. */
const span = Type.Tuple([
  Type.Integer({ minimum: 0, maximum: 3_600_000 }),
  Type.Integer({ minimum: 0, maximum: 3_600_000 }),
]);
const schemes = closed({ basic: share, md5: share, hmac: share });

/** Shares of families; servers know no other names. */
const families = closed(
  Object.fromEntries(familyNames.map((name) => [name, share])) as Record<
    (typeof familyNames)[number],
    typeof share
  >,
);

/** A rate by itself, or with what goes by default otherwise. */
function rateWith<Properties extends TProperties>(more: Properties) {
  return Type.Optional(Type.Union([rate, closed({ rate, ...more })]));
}

/** Faults by kind: the rate of pushes that meet them. At most one fault meets a push. Every kind takes a plain rate. */
const faults = closed({
  /** The push is lost after its carrier let go of it. */
  lost: rateWith({}),
  /** The device goes off with this push, and stays so for `pushes` of them, this one included. */
  dead: rateWith({ pushes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
  /** The device acts on it later. */
  late: rateWith({ delayMs: Type.Optional(span) }),
  /** The device gets it twice. */
  duplicate: rateWith({}),
  /** The device holds another nonce of the server than the server believes. */
  wrongNonce: rateWith({}),
  /** The user says no. */
  refuses: rateWith({}),
  /** The device's DM messages are cut off in the middle. */
  broken: rateWith({}),
  /** The device takes its time for each message. */
  slow: rateWith({ delayMs: Type.Optional(span) }),
});

const smsCarrier = closed({
  smsc: closed({
    host: text,
    port: Type.Optional(port),
    systemId: text,
    password: Type.Optional(text),
    systemType: Type.Optional(text),
  }),
  /** Begin of the devices' numbers; eight digits follow. Default `+49151`. */
  numbers: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{1,6}$' })),
  /** What is bound. Default: the numbers of the fleet, such as `^491510000[0-9]{4}$`. */
  addressRange: Type.Optional(Type.String({ maxLength: 40 })),
});

const sipCarrier = closed({
  /** Of the devices' addresses: `sip:d00000001@DOMAIN`. */
  domain: text,
  /** First hop, such as `sip:127.0.0.1:5060;transport=tcp`. */
  outboundProxy: text,
  /** Password of each device, whose user name is that of its address. Default: none is shown. */
  password: Type.Optional(text),
});

/** The value of a mix file. */
export const fleetMixShape = closed({
  formats: Type.Optional(closed({ 'dm1.2': share, 'dm1.3-2010': share, 'dm1.3': share })),
  bindings: Type.Optional(
    closed({ wap: share, waps: share, sms: share, sip: share, http: share, obex: share, pap: share }),
  ),
  forms: Type.Optional(closed({ wbxml: share, xml: share })),
  clientSchemes: Type.Optional(schemes),
  serverSchemes: Type.Optional(schemes),
  /** Families of devices, as their records name them (docs/families.md). Default: none is named. */
  families: Type.Optional(families),
  faults: Type.Optional(faults),
  carriers: Type.Optional(
    closed({
      sms: Type.Optional(smsCarrier),
      sip: Type.Optional(sipCarrier),
      waps: Type.Optional(
        closed({ identity: text, secret: text, notifications: Type.Optional(Type.Boolean()) }),
      ),
      obex: Type.Optional(closed({ password: text })),
      /** Name of the gateway in addresses; it carries pushes on as WAP push on UDP. */
      pap: Type.Optional(closed({ gateway: text, numbers: Type.Optional(text) })),
    }),
  ),
});

/** What a fleet is mixed of. */
export type FleetMix = Static<typeof fleetMixShape>;

/** A way to a device of a fleet. */
export type FleetBinding = keyof NonNullable<FleetMix['bindings']>;

/** A kind of fault. */
export type FaultKind = keyof NonNullable<FleetMix['faults']>;

/** All kinds, in the order in which their rates are laid end to end. */
export const faultKinds: readonly FaultKind[] = [
  'lost',
  'dead',
  'late',
  'duplicate',
  'wrongNonce',
  'refuses',
  'broken',
  'slow',
];

/** Shares that count when a mix names none. */
export const mixDefaults = Object.freeze({
  formats: { 'dm1.2': 1, 'dm1.3-2010': 1, 'dm1.3': 1 },
  bindings: { wap: 1 },
  forms: { wbxml: 1, xml: 1 },
  clientSchemes: { md5: 1 },
  serverSchemes: { md5: 1 },
  numbers: '+49151',
}) satisfies FleetMix & { readonly numbers: string };

/** Rate of a kind of fault. */
export function faultRate(mix: FleetMix, kind: FaultKind): number {
  const fault = mix.faults?.[kind];
  return typeof fault === 'object' ? fault.rate : (fault ?? 0);
}

/** What a mix says about a kind of fault besides its rate. */
export function faultDetails(
  mix: FleetMix,
  kind: FaultKind,
): { readonly pushes?: number; readonly delayMs?: readonly [number, number] } {
  const fault = mix.faults?.[kind];
  if (typeof fault !== 'object') return {};
  return { ...('pushes' in fault && fault), ...('delayMs' in fault && fault) };
}

/**
 * Checks what the shape does not: families are known, each table of shares has one above 0, rates do not exceed 1 together, spans do not run
 * backwards, and a binding that has a share has the carrier that it needs.
 * @throws {ValueError} with the path of the first thing wrong
 */
export function checkMix(mix: FleetMix): void {
  for (const name of Object.keys(mix.families ?? {})) {
    if (familyNames.some((each) => each === name)) continue;
    const known = familyNames.join(', ');
    throw new ValueError('UNKNOWN_FIELD', `not a field here; known are ${known}`, `families.${name}`);
  }
  for (const name of [
    'formats',
    'bindings',
    'forms',
    'clientSchemes',
    'serverSchemes',
    'families',
  ] as const) {
    const shares = mix[name];
    if (shares !== undefined && !Object.values(shares).some((each) => Number(each) > 0)) {
      throw new ValueError('OUT_OF_RANGE', 'no share is above 0', name);
    }
  }
  const rates = faultKinds.reduce((sum, kind) => sum + faultRate(mix, kind), 0);
  if (!(rates <= 1 + 1e-9)) {
    throw new ValueError(
      'OUT_OF_RANGE',
      `the rates come to ${rates} together, at most 1 is possible`,
      'faults',
    );
  }
  for (const kind of ['late', 'slow'] as const) {
    const [shortest = 0, longest = 0] = faultDetails(mix, kind).delayMs ?? [];
    if (shortest > longest) {
      throw new ValueError(
        'OUT_OF_RANGE',
        'the second must not be below the first',
        `faults.${kind}.delayMs`,
      );
    }
  }
  for (const binding of ['sms', 'sip', 'waps', 'pap'] as const) {
    if ((mix.bindings?.[binding] ?? 0) > 0 && mix.carriers?.[binding] === undefined) {
      throw new ValueError(
        'MISSING',
        `must be given, for bindings.${binding} is above 0`,
        `carriers.${binding}`,
      );
    }
  }
}
