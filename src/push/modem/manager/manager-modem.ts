// A modem as ModemManager shows it: its messages, and what it says of the modem (interfaces org.freedesktop.ModemManager1.Modem,
// .Modem.Modem3gpp, .Modem.Messaging and .Sms as its reference manual documents them).
import { PushError, toLine } from '../../../core/index.ts';
import type { ModemInfo } from '../modem/modem-status.ts';
import type { SystemBus } from './system-bus.ts';

const root = '/org/freedesktop/ModemManager1';
const modemName = 'org.freedesktop.ModemManager1.Modem';
const messagingName = `${modemName}.Messaging`;
const smsName = 'org.freedesktop.ModemManager1.Sms';
const propertiesName = 'org.freedesktop.DBus.Properties';

/** Messages of one modem that are looked at, at most. */
const maxMessages = 20_000;

/** A message, as far as it matters here. */
export interface ManagedSms {
  readonly from: string;
  /** MM_SMS_STATE: 2 parts are missing, 3 it is complete. */
  readonly state: number;
  /** True for one that came in (MM_SMS_PDU_TYPE_DELIVER). */
  readonly delivered: boolean;
  /** What follows the user data header, of all parts. Empty for a text. */
  readonly data: Uint8Array;
}

/** How ModemManager sees the modem. */
export interface ManagedInfo extends ModemInfo {
  /** Quality of the signal in percent. */
  readonly signalPercent?: number;
}

/** The object path of a modem that has messages: the one that is named, else the first. @throws {PushError} NO_MODEM */
export async function findModem(bus: SystemBus, named: string | undefined): Promise<string> {
  const objects = asRecord(await bus.call(root, 'org.freedesktop.DBus.ObjectManager.GetManagedObjects'));
  const able = Object.keys(objects)
    .filter((path) => Object.hasOwn(asRecord(objects[path]), messagingName))
    .sort((a, b) => numberOf(a) - numberOf(b));
  const found = named === undefined ? able[0] : able.find((path) => path === named);
  if (found !== undefined) return found;
  const there =
    able.length === 0 ? 'none that takes short messages' : able.map((path) => toLine(path, 80)).join(', ');
  throw new PushError('NO_MODEM', `ModemManager has no ${named ?? 'modem'}: there is ${there}`, true);
}

/** Object paths of all messages. @throws {PushError} */
export async function listMessages(bus: SystemBus, modem: string): Promise<readonly string[]> {
  const paths = await bus.call(modem, `${messagingName}.List`);
  if (!Array.isArray(paths)) return [];
  return paths.filter((path) => typeof path === 'string').slice(0, maxMessages);
}

/** One message; what it does not say is empty. @throws {PushError} */
export async function readMessage(bus: SystemBus, path: string): Promise<ManagedSms> {
  const all = asRecord(await bus.call(path, `${propertiesName}.GetAll`, 's', [smsName]));
  const { Number: from, State: state, PduType: type, Data: data } = all;
  return {
    from: typeof from === 'string' ? from : '',
    state: typeof state === 'number' ? state : 0,
    delivered: type === 1,
    data: Uint8Array.from(data instanceof Uint8Array ? data : []),
  };
}

/** @throws {PushError} */
export async function deleteMessage(bus: SystemBus, modem: string, path: string): Promise<void> {
  await bus.call(modem, `${messagingName}.Delete`, 'o', [path]);
}

/** What ModemManager says of the modem. @throws {PushError} */
export async function readModem(bus: SystemBus, modem: string): Promise<ManagedInfo> {
  const all = asRecord(await bus.call(modem, `${propertiesName}.GetAll`, 's', [modemName]));
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? toLine(value, 100) : undefined;
  const quality = Array.isArray(all.SignalQuality) ? all.SignalQuality[0] : undefined;
  const operator = await bus
    .call(modem, `${propertiesName}.Get`, 'ss', [`${modemName}.Modem3gpp`, 'OperatorName'])
    .catch(() => undefined);
  const given = {
    maker: text(all.Manufacturer),
    model: text(all.Model),
    revision: text(all.Revision),
    operator: text(operator),
    signalPercent: typeof quality === 'number' ? quality : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function numberOf(path: string): number {
  return Number(/(\d+)$/.exec(path)?.[1] ?? 0);
}
