// User interaction alerts 1100-1104: their option string, and the Status that a user's answer becomes
// (DM-PRO-1.2).
import { type Alert, alertCodes, type Item, statusCodes } from '../../codec/syncml/index.ts';
import { bytesToDisplayText } from '../../core/index.ts';
import type { CommandOutcome } from '../contract/contract.ts';
import { alertCode } from '../message/replies.ts';

/** What a server asks the device to show or to ask. */
export interface UserInteraction {
  /** 1100, 1101, 1102, 1103, 1104. */
  readonly kind: 'display' | 'confirm' | 'text' | 'single-choice' | 'multiple-choice';
  readonly text: string;
  /** MINDT, seconds that it should at least be shown. */
  readonly minimumDisplaySeconds?: number;
  /** MAXDT, seconds after which the user's silence ends it. */
  readonly maximumDisplaySeconds?: number;
  /** DR, the answer taken when the user gives none; for choices their 1-based numbers, joined by `-`. */
  readonly defaultResponse?: string;
  /** MAXLEN of the text that the user may enter, in characters. */
  readonly maxLength?: number;
  /** IT: what the user may enter. */
  readonly inputType?: 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone-number' | 'ip-address';
  /** ET: whether the entered text is shown. */
  readonly echoType?: 'text' | 'password';
  /** Choices of 1103 and 1104, number 1 first; else empty. */
  readonly choices: readonly string[];
}

/** What the user did. */
export type UserResponse =
  /** Shown (1100), yes (1101), or answered: `text` for 1102, `choices` (1-based) for 1103 and 1104. */
  | { readonly response: 'accepted'; readonly text?: string; readonly choices?: readonly number[] }
  /** No to 1101. */
  | { readonly response: 'rejected' }
  | { readonly response: 'cancelled' }
  | { readonly response: 'timeout' }
  /** Not put to the user, for as many questions wait as may: the server may ask again. */
  | { readonly response: 'unavailable' };

const kinds = new Map<number, UserInteraction['kind']>([
  [alertCodes.display, 'display'],
  [alertCodes.confirmOrReject, 'confirm'],
  [alertCodes.textInput, 'text'],
  [alertCodes.singleChoice, 'single-choice'],
  [alertCodes.multipleChoice, 'multiple-choice'],
]);

const inputTypes = new Map<string, UserInteraction['inputType']>([
  ['A', 'alphanumeric'],
  ['N', 'numeric'],
  ['D', 'date'],
  ['T', 'time'],
  ['P', 'phone-number'],
  ['I', 'ip-address'],
]);

const echoTypes = new Map<string, UserInteraction['echoType']>([
  ['T', 'text'],
  ['P', 'password'],
]);

/** True for 1100-1104. */
export function isUserInteraction(alert: Alert): boolean {
  return kinds.has(alertCode(alert));
}

/** What an alert 1100-1104 asks for; `undefined` when it is none, or lacks its text or its choices (412). */
export function readUserInteraction(alert: Alert): UserInteraction | undefined {
  const kind = kinds.get(alertCode(alert));
  const [options, text, ...others] = alert.items.map(textOf);
  if (kind === undefined || options === undefined || text === undefined) return undefined;
  const choices = kind === 'single-choice' || kind === 'multiple-choice' ? others : [];
  if (choices.length === 0 && kind.endsWith('choice')) return undefined;
  return { kind, text, ...readOptions(options), choices };
}

/** The items of an alert 1100-1104: option string, text, choices. */
export function writeUserInteraction(request: UserInteraction): Item[] {
  const options: [string, string | number | undefined][] = [
    ['MINDT', request.minimumDisplaySeconds],
    ['MAXDT', request.maximumDisplaySeconds],
    ['DR', request.defaultResponse],
    ['MAXLEN', request.maxLength],
    ['IT', letterOf(inputTypes, request.inputType)],
    ['ET', letterOf(echoTypes, request.echoType)],
  ];
  const given = options.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(String(value))}`],
  );
  return [given.join('&'), request.text, ...request.choices].map((data) => ({ data }));
}

/** Alert code of a kind of interaction. */
export function codeOfInteraction(kind: UserInteraction['kind']): number {
  for (const [code, name] of kinds) if (name === kind) return code;
  return alertCodes.display;
}

/** Status and items that a user's answer becomes. */
export function outcomeOfResponse(request: UserInteraction, answer: UserResponse): CommandOutcome {
  switch (answer.response) {
    case 'rejected':
      return { status: statusCodes.notModified };
    case 'cancelled':
      return { status: statusCodes.operationCancelled };
    case 'timeout':
      return { status: statusCodes.requestTimeout };
    case 'unavailable':
      return { status: statusCodes.serviceUnavailable };
    case 'accepted':
      if (request.kind === 'text')
        return { status: statusCodes.ok, statusItems: [{ data: answer.text ?? '' }] };
      if (request.choices.length === 0) return { status: statusCodes.ok };
      return {
        status: statusCodes.ok,
        statusItems: (answer.choices ?? []).map((choice) => ({ data: String(choice) })),
      };
  }
}

type Options = Omit<UserInteraction, 'kind' | 'text' | 'choices'>;

/** `KEY=value&…`, URL-encoded. Unknown keys and values that make no sense are skipped, as the rule is. */
function readOptions(text: string): Options {
  const values = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text)) values.set(key.trim().toUpperCase(), value.trim());
  const number = (key: string): number | undefined => {
    const value = values.get(key) ?? '';
    return /^[0-9]{1,9}$/.test(value) ? Number(value) : undefined;
  };
  const minimumDisplaySeconds = number('MINDT');
  const maximumDisplaySeconds = number('MAXDT');
  const maxLength = number('MAXLEN');
  const defaultResponse = values.get('DR');
  const inputType = inputTypes.get((values.get('IT') ?? '').toUpperCase());
  const echoType = echoTypes.get((values.get('ET') ?? '').toUpperCase());
  return {
    ...(minimumDisplaySeconds === undefined ? {} : { minimumDisplaySeconds }),
    ...(maximumDisplaySeconds === undefined ? {} : { maximumDisplaySeconds }),
    ...(defaultResponse === undefined ? {} : { defaultResponse }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(inputType === undefined ? {} : { inputType }),
    ...(echoType === undefined ? {} : { echoType }),
  };
}

function textOf(item: Item): string {
  const { data } = item;
  if (typeof data === 'string') return data;
  return data instanceof Uint8Array ? bytesToDisplayText(data) : '';
}

function letterOf<Name>(letters: ReadonlyMap<string, Name>, name: Name | undefined): string | undefined {
  if (name === undefined) return undefined;
  for (const [letter, known] of letters) if (known === name) return letter;
  return undefined;
}
