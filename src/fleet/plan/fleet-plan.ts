// What a simulated device is: everything follows from the seed, its index and the mix, so nothing of it has to be kept.
import type { NotificationFormat } from '../../codec/notification/index.ts';
import type { MessageForm } from '../../codec/syncml/index.ts';
import type { ProvisioningInput } from '../../device/index.ts';
import type { AuthScheme } from '../../security/index.ts';
import { type FleetBinding, type FleetMix, mixDefaults } from '../mix/fleet-mix.ts';
import { chosenShare, seededNumber, seededOctets } from '../mix/seeded.ts';

/** One simulated device. It holds secrets. */
export interface FleetPlan {
  /** From 0. */
  readonly index: number;
  /** `./DevInfo/DevId`: an IMEI with its check digit. */
  readonly id: string;
  readonly format: NotificationFormat;
  readonly binding: FleetBinding;
  /** Encoding of its DM messages. */
  readonly form: MessageForm;
  readonly clientScheme: AuthScheme;
  readonly serverScheme: AuthScheme;
  readonly family: string | undefined;
  /** User name of its account, and of its SIP address. */
  readonly user: string;
  /** Telephone number. */
  readonly number: string;
  readonly clientSecret: string;
  readonly serverSecret: string;
  /** Base64 of 16 octets. */
  readonly clientNonce: string;
  readonly serverNonce: string;
}

/** Devices that a fleet can tell apart: eight digits. */
export const mostDevices = 100_000_000;

// Type allocation code of test equipment.
const allocation = '990000';

/** The device with an index, 0 to 99 999 999. */
export function planOf(seed: number, index: number, mix: FleetMix): FleetPlan {
  const place = (name: keyof typeof steps): number => placeOf(seed, index, name);
  const secrets = seededOctets(seed, 'secrets', index);
  const nonces = seededOctets(seed, 'nonces', index);
  return {
    index,
    id: idOf(index),
    format: chosenShare(mix.formats ?? mixDefaults.formats, place('format')),
    binding: chosenShare(mix.bindings ?? mixDefaults.bindings, place('binding')),
    form: chosenShare(mix.forms ?? mixDefaults.forms, place('form')),
    clientScheme: chosenShare(mix.clientSchemes ?? mixDefaults.clientSchemes, place('client')),
    serverScheme: chosenShare(mix.serverSchemes ?? mixDefaults.serverSchemes, place('server')),
    family: mix.families === undefined ? undefined : chosenShare(mix.families, place('family')),
    user: userOf(index),
    number: `${mix.carriers?.sms?.numbers ?? mixDefaults.numbers}${digits(index)}`,
    clientSecret: secrets.toString('hex', 0, 16),
    serverSecret: secrets.toString('hex', 16, 32),
    clientNonce: nonces.toString('base64', 0, 16),
    serverNonce: nonces.toString('base64', 16, 32),
  };
}

/** Device id of an index. */
export function idOf(index: number): string {
  const number = `${allocation}${digits(index)}`;
  return `IMEI:${number}${checkDigit(number)}`;
}

/** The index that an id stands for; `undefined` for an id of another kind. */
export function indexOfId(id: string): number | undefined {
  const index = new RegExp(`^IMEI:${allocation}([0-9]{8})[0-9]$`).exec(id)?.[1];
  return index !== undefined && idOf(Number(index)) === id ? Number(index) : undefined;
}

/** User name of an index. */
export function userOf(index: number): string {
  return `d${digits(index)}`;
}

/** The index that a user name stands for. */
export function indexOfUser(user: string): number | undefined {
  const index = /^d([0-9]{8})$/.exec(user)?.[1];
  return index === undefined ? undefined : Number(index);
}

/** Eight digits. */
export function digits(index: number): string {
  return String(index).padStart(8, '0');
}

/** What the device is provisioned with. */
export function provisioningOf(plan: FleetPlan, serverId: string, dmUrl: string): ProvisioningInput {
  const { id, user, clientScheme, serverScheme } = plan;
  return {
    deviceId: id,
    man: 'Reveille',
    mod: 'Fleet',
    // Nobody updates its firmware, so that nothing is fetched from elsewhere.
    firmwareServers: [],
    accounts: [
      {
        serverId,
        address: dmUrl,
        client: {
          scheme: clientScheme,
          name: user,
          secret: plan.clientSecret,
          nonceBase64: plan.clientNonce,
        },
        server: { scheme: serverScheme, secret: plan.serverSecret, nonceBase64: plan.serverNonce },
      },
    ],
  };
}

/** Body of `POST /v1/devices`. */
export type DeviceRecord = Readonly<Record<string, unknown>> & { readonly id: string };

/** The device as its server knows it. It holds secrets. */
export function recordOf(plan: FleetPlan, serverId: string, address: string): DeviceRecord {
  const { id, user, format, clientScheme, serverScheme, family } = plan;
  return {
    id,
    serverId,
    addresses: [address],
    format,
    clientCredentials: {
      scheme: clientScheme,
      name: user,
      secret: plan.clientSecret,
      nonceBase64: plan.clientNonce,
    },
    serverCredentials: { scheme: serverScheme, secret: plan.serverSecret, nonceBase64: plan.serverNonce },
    ...(family === undefined ? {} : { family }),
  };
}

// Steps around a circle that come near no fraction with a small denominator, each its own: so every stretch of indexes has
// all kinds in their shares, and no kind goes with another.
const steps = {
  format: Math.SQRT2,
  binding: (1 + Math.sqrt(5)) / 2,
  form: Math.sqrt(3),
  client: Math.sqrt(7),
  server: Math.sqrt(11),
  family: Math.sqrt(13),
} as const;

function placeOf(seed: number, index: number, name: keyof typeof steps): number {
  return (seededNumber(seed, 'place', name) + index * steps[name]) % 1;
}

/** Of an IMEI (3GPP TS 23.003 Annex B). */
function checkDigit(number: string): number {
  let sum = 0;
  for (const [at, digit] of [...number].entries()) {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return (10 - (sum % 10)) % 10;
}
