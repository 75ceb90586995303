// Options of a road with every default filled in, the preset's rules beneath them, and everything checked.
import { isEightBitData } from '../../codec/sms/index.ts';
import { type Clock, longestMs, systemClock, ValueError, wholeNumber } from '../../core/index.ts';
import { longestValiditySeconds, smsAddress } from '../short-message/index.ts';
import { type AnswerReading, answerReading } from './answer/answer-rules.ts';
import { type HttpCentreOptions, httpCentreDefaults } from './http-centre-options.ts';
import type { CentrePreset } from './preset/preset.ts';
import { centrePresetNames, centrePresets } from './preset/presets.ts';
import { type ReceiptReading, receiptReading } from './receipt/receipt-rules.ts';
import {
  type CompiledRequest,
  compileRequest,
  type RequestTemplate,
  requestHolds,
} from './request/request-template.ts';
import type { AccountFields } from './request/template.ts';

/** What a road goes by. */
export interface CentreSettings {
  readonly name: string;
  readonly preset: CentrePreset | undefined;
  readonly request: CompiledRequest;
  readonly account: AccountFields;
  /** Fields of the account that are never shown. */
  readonly secrets: readonly string[];
  readonly answer: AnswerReading;
  readonly receipts: ReceiptReading | undefined;
  readonly from: string | undefined;
  readonly dataCoding: number;
  readonly validity: { readonly shortest: number; readonly longest: number | undefined };
  readonly maxResends: number;
  readonly backOffMs: number;
  readonly downMs: number;
  readonly attemptMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Checks options. @throws {ValueError} with the path of what cannot be */
export function centreSettings(options: HttpCentreOptions): CentreSettings {
  const { name, account = {}, from, clock = systemClock(), random = Math.random } = options;
  const d = httpCentreDefaults;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new ValueError('BAD_FORMAT', 'is no name of letters, digits, . _ and -', 'name');
  }
  const preset = presetOf(options);
  checkAccount(preset, account);
  if (from === undefined && preset?.needsSender === true) {
    throw new ValueError('MISSING', `${preset.company} takes no message without a sender`, 'from');
  }
  if (from !== undefined) smsAddress(from, {}, 'from');
  const template = templateOf(preset, options.request);
  const receipts =
    options.receipts === undefined ? undefined : receiptReading(preset?.receipts, options.receipts);
  const request = compileRequest(template, account);
  requireSlots(request, receipts);
  const dataCoding = wholeNumber(options.dataCoding ?? d.dataCoding, 0, 255, 'dataCoding');
  if (!isEightBitData(dataCoding)) {
    const detail = `${dataCoding} is not a coding of 8-bit data, such as 4 or 245`;
    throw new ValueError('OUT_OF_RANGE', detail, 'dataCoding');
  }
  return {
    name,
    preset,
    request,
    account,
    secrets: Object.entries(account)
      .filter(([field]) => preset?.account[field]?.secret !== false)
      .map(([, value]) => value),
    answer: answerReading({ ...preset?.answer, ...options.answer }),
    receipts,
    from,
    dataCoding,
    validity: validityOf(preset, options.validitySeconds),
    maxResends: wholeNumber(options.maxResends ?? d.maxResends, 0, 20, 'maxResends'),
    backOffMs: wholeNumber(options.backOffMs ?? d.backOffMs, 1, longestMs, 'backOffMs'),
    downMs: wholeNumber(options.downMs ?? d.downMs, 1, longestMs, 'downMs'),
    attemptMs: wholeNumber(options.attemptMs ?? d.attemptMs, 1, longestMs, 'attemptMs'),
    clock,
    random,
  };
}

function presetOf({ preset }: HttpCentreOptions): CentrePreset | undefined {
  if (preset === undefined) return undefined;
  if (Object.hasOwn(centrePresets, preset)) return centrePresets[preset];
  throw new ValueError('OUT_OF_RANGE', `is none of ${centrePresetNames.join(', ')}`, 'preset');
}

function checkAccount(preset: CentrePreset | undefined, account: AccountFields): void {
  for (const [field, value] of Object.entries(account)) {
    if (value === '') throw new ValueError('MISSING', 'is empty', `account.${field}`);
    if (preset !== undefined && !Object.hasOwn(preset.account, field)) {
      const known = Object.keys(preset.account).join(', ');
      throw new ValueError('UNKNOWN_FIELD', `${preset.company} has ${known}`, `account.${field}`);
    }
  }
  for (const [field, { what }] of Object.entries(preset?.account ?? {})) {
    if (account[field] === undefined) throw new ValueError('MISSING', `is the ${what}`, `account.${field}`);
  }
}

/** The preset's template with what the options say otherwise, field by field. @throws {ValueError} MISSING */
function templateOf(
  preset: CentrePreset | undefined,
  own: Partial<RequestTemplate> | undefined = {},
): RequestTemplate {
  const base = preset?.request;
  const url = own.url ?? base?.url;
  if (own.url === undefined && preset?.ownPlace !== undefined) {
    const detail = `a gateway of ${preset.company} stands where you put it: ${preset.ownPlace}`;
    throw new ValueError('MISSING', detail, 'request.url');
  }
  if (url === undefined)
    throw new ValueError('MISSING', 'there is neither a URL nor a preset', 'request.url');
  const method = own.method ?? base?.method;
  const blank = own.blank ?? base?.blank;
  const merged = <Value>(
    name: 'query' | 'headers' | 'form' | 'json',
    one: Readonly<Record<string, Value>> | undefined,
    other: Readonly<Record<string, Value>> | undefined,
  ): object => (one === undefined && other === undefined ? {} : { [name]: { ...one, ...other } });
  return {
    url,
    ...(method === undefined ? {} : { method }),
    ...(blank === undefined ? {} : { blank }),
    ...merged('query', base?.query, own.query),
    ...merged('headers', base?.headers, own.headers),
    ...merged('form', base?.form, own.form),
    ...merged('json', base?.json, own.json),
  };
}

/** A request without the octets or the number cannot mean anything, and receipts need their tie. @throws {ValueError} */
function requireSlots(request: CompiledRequest, receipts: ReceiptReading | undefined): void {
  const holds = (...names: readonly string[]): boolean => names.some((name) => requestHolds(request, name));
  const missing = (slot: string, why: string): ValueError =>
    new ValueError('MISSING', `no slot ${slot} anywhere: ${why}`, 'request');
  if (!holds('to')) throw missing('{to}', 'nobody would know whose message it is');
  if (!holds('userData') && !(holds('ud') && holds('udh', 'udhElements'))) {
    throw missing('{userData}, or {udh} and {ud}', 'the octets have to stand somewhere');
  }
  if (receipts?.tie !== 'token') return;
  const slot = receipts.token === undefined ? 'callback' : 'reference';
  if (!holds(slot)) throw missing(`{${slot}}`, 'receipts are told apart by the token in it (receipts.tie)');
}

function validityOf(
  preset: CentrePreset | undefined,
  own: number | undefined,
): { readonly shortest: number; readonly longest: number | undefined } {
  const { shortest = 1, longest: most } = preset?.validitySeconds ?? {};
  if (own === undefined) return { shortest, longest: most };
  const wanted = wholeNumber(own, 1, longestValiditySeconds, 'validitySeconds');
  if (wanted < shortest || wanted > (most ?? wanted)) {
    throw new ValueError(
      'OUT_OF_RANGE',
      `${wanted} is not from ${shortest} to ${most ?? ''}`,
      'validitySeconds',
    );
  }
  return { shortest, longest: wanted };
}
