// Addresses of short messages: telephone numbers, short codes and names, with their type of number and numbering plan
// (SMPP 3.4 §5.2.5, §5.2.6).
import { numberingPlan, typeOfNumber } from '../../../codec/smpp/index.ts';
import { ValueError, wholeNumber } from '../../../core/index.ts';

/** An address as SMPP carries it. */
export interface SmsAddress {
  /** Type of number. */
  readonly ton: number;
  /** Numbering plan indicator. */
  readonly npi: number;
  /** Digits without `+`, or a name. */
  readonly address: string;
}

/** An address of ours or of devices, where the text alone does not say enough. */
export interface NumberOptions {
  /** Type of number, 0–255. */
  readonly ton?: number | undefined;
  /** Numbering plan indicator, 0–255. */
  readonly npi?: number | undefined;
}

/**
 * The address that a text stands for: `+491701234567` is an international telephone number, digits alone a number whose
 * type the centre knows, anything else of up to 11 characters a name. `ton` and `npi` say otherwise.
 * @throws {ValueError} BAD_FORMAT or OUT_OF_RANGE
 */
export function smsAddress(text: string, options: NumberOptions = {}, path = 'address'): SmsAddress {
  const found = interpret(text, path);
  const { ton = found.ton, npi = found.npi } = options;
  for (const [name, value] of Object.entries({ ton, npi })) {
    wholeNumber(value, 0, 255, `${path}.${name}`);
  }
  return { ton, npi, address: found.address };
}

/** The address of a device. @throws {ValueError} BAD_FORMAT when it is not a telephone number */
export function deviceNumber(number: string, options: NumberOptions = {}): SmsAddress {
  if (!/^\+?[0-9]{1,20}$/.test(number)) {
    const shown = JSON.stringify(number.slice(0, 40));
    throw new ValueError('BAD_FORMAT', `${shown} is not a telephone number such as +491701234567`, 'number');
  }
  return smsAddress(number, options, 'number');
}

function interpret(text: string, path: string): SmsAddress {
  if (/^\+[0-9]{1,20}$/.test(text)) {
    return { ton: typeOfNumber.international, npi: numberingPlan.telephone, address: text.slice(1) };
  }
  if (/^[0-9]{1,20}$/.test(text)) {
    return { ton: typeOfNumber.unknown, npi: numberingPlan.telephone, address: text };
  }
  // A name has room for 11 characters of 7 bits on the air interface (3GPP TS 23.040 §9.1.2.5).
  if (/^[\x20-\x7e]{1,11}$/.test(text)) {
    return { ton: typeOfNumber.alphanumeric, npi: numberingPlan.unknown, address: text };
  }
  const shown = JSON.stringify(text.slice(0, 40));
  throw new ValueError(
    'BAD_FORMAT',
    `${shown} is no number, short code, or name of up to 11 characters`,
    path,
  );
}
