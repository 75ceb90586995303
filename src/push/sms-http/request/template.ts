// Texts with slots: `{to}`, `{udh:HEX}`, `{account.apiKey}`; `{{` and `}}` are braces. A text is taken apart once, when the road is
// opened, so that whatever is wrong with it is told then.
import { ValueError } from '../../../core/index.ts';
import { type MessageValues, reportsDefault, slots } from './slots.ts';

/** Fields of the account by name. */
export type AccountFields = Readonly<Record<string, string>>;

/** A text that has been taken apart. */
export interface Template {
  readonly parts: readonly (string | SlotUse)[];
  /** True when the text is one slot and nothing else, and asks to stand as a number in JSON (`{dataCoding#}`). */
  readonly isNumber: boolean;
  /** True when a value may be absent, and what the text stands in is left out then. */
  readonly optional: boolean;
}

interface SlotUse {
  /** Name of the slot, or of the field of the account. */
  readonly name: string;
  readonly account: boolean;
  readonly form: string;
}

/** Characters of a template, at most. */
const maxLength = 4096;

/**
 * Takes a text apart. `account` has the fields that it may name.
 * @throws {ValueError} BAD_FORMAT, or UNKNOWN_FIELD for a slot or a field that there is not
 */
export function parseTemplate(text: string, account: AccountFields, path: string): Template {
  if (text.length > maxLength) {
    throw new ValueError('TOO_LONG', `${text.length} characters, at most ${maxLength} are taken`, path);
  }
  const parts: (string | SlotUse)[] = [];
  let literal = '';
  let isNumber = false;
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if ((character === '{' || character === '}') && text.charAt(at + 1) === character) {
      literal += character;
      at += 2;
    } else if (character === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) throw new ValueError('BAD_FORMAT', `the slot at character ${at + 1} does not end`, path);
      if (literal !== '') parts.push(literal);
      literal = '';
      const asNumber = text.charAt(end - 1) === '#';
      parts.push(slotUse(text.slice(at + 1, asNumber ? end - 1 : end), account, path));
      isNumber ||= asNumber;
      at = end + 1;
    } else if (character === '}') {
      throw new ValueError('BAD_FORMAT', `a } at character ${at + 1} closes nothing; write }} for one`, path);
    } else {
      literal += character;
      at += 1;
    }
  }
  if (literal !== '') parts.push(literal);
  if (isNumber && parts.length !== 1) {
    throw new ValueError('BAD_FORMAT', 'a slot with # has to stand alone', path);
  }
  return { parts, isNumber, optional: parts.some(isOptional) };
}

/** The text for a message, each value as `encode` writes it for its place; `undefined` when a value is absent. */
export function fill(
  { parts }: Template,
  values: MessageValues,
  account: AccountFields,
  encode: (value: string) => string = (value) => value,
): string | undefined {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      const value = part.account ? account[part.name] : slots[part.name]?.write(values, part.form);
      if (value === undefined) return undefined;
      text += encode(value);
    }
  }
  return text;
}

/** True when the text holds a field of the account. */
export function holdsAccount({ parts }: Template, names: (name: string) => boolean): boolean {
  return parts.some((part) => typeof part !== 'string' && part.account && names(part.name));
}

/** True when the text holds that slot. */
export function holdsSlot({ parts }: Template, name: string): boolean {
  return parts.some((part) => typeof part !== 'string' && !part.account && part.name === name);
}

function isOptional(part: string | SlotUse): boolean {
  return typeof part !== 'string' && !part.account && slots[part.name]?.optional === true;
}

function slotUse(text: string, account: AccountFields, path: string): SlotUse {
  const [, name = '', form] = /^([A-Za-z0-9_.-]*)(?::(.*))?$/s.exec(text) ?? [];
  const shown = JSON.stringify(`{${text.slice(0, 60)}}`);
  if (name.startsWith('account.')) {
    const field = name.slice('account.'.length);
    if (Object.hasOwn(account, field) && form === undefined) return { name: field, account: true, form: '' };
    const known = Object.keys(account).join(', ') || 'none';
    throw new ValueError('UNKNOWN_FIELD', `${shown}: no such field of the account; there are ${known}`, path);
  }
  const slot = Object.hasOwn(slots, name) ? slots[name] : undefined;
  if (slot === undefined) {
    const known = Object.keys(slots).join(', ');
    throw new ValueError('UNKNOWN_FIELD', `${shown} is no slot; known are ${known}, account.NAME`, path);
  }
  const [standard = reportsDefault] = slot.forms ?? [];
  if (form !== undefined && slot.forms !== undefined && !slot.forms.includes(form)) {
    throw new ValueError('BAD_FORMAT', `${shown}: its forms are ${slot.forms.join(', ')}`, path);
  }
  return { name, account: false, form: form ?? standard };
}
