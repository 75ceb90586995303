// What a company's answer to one message comes to: taken, under which id, or refused, for now or for good.
import { toLine } from '../../../core/index.ts';
import { type HttpResponse, statusPushError } from '../../http/index.ts';
import { type Pointer, textAt } from '../value/json-pointer.ts';
import { readBody } from '../value/read-body.ts';
import { readText } from '../value/read-text.ts';
import type { AnswerReading, StatusMeaning } from './answer-rules.ts';
import { CentreError } from './centre-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** Characters of a company's words that are told, at most, and of an id that is kept. */
const maxWords = 200;
const maxId = 200;

/** Statuses about who asks (RFC 9110 §15.5.2–4). */
const aboutAccount: ReadonlySet<number> = new Set([401, 402, 403]);

/**
 * Statuses from 500 on that say that the request was not carried out (RFC 9110 §15.6.2, §15.6.4, §15.6.6; RFC 4918 §11.5). With
 * 500 something broke, and with the others somebody on the way does not know what became of it.
 */
const certain: ReadonlySet<number> = new Set([501, 503, 505, 507]);

/** What errors say where it is about the account. */
const notOurs = 'does not take our key or account';

/** How errors speak of a company. */
export interface CentreNames {
  /** Names it. */
  readonly peer: string;
  /** Takes our secrets out of its words: it may repeat them. */
  readonly withoutSecrets: (text: string) => string;
}

/**
 * The id of a message that was taken; empty when the company gives none. `now` is the time in milliseconds since the POSIX
 * epoch.
 * @throws {CentreError} when it was not taken, or nobody can tell
 */
export function readAnswer(
  response: HttpResponse,
  reading: AnswerReading,
  names: CentreNames,
  now: number,
): string {
  const { peer } = names;
  const { status } = response;
  const value = readBody(response.body, reading.format, reading.separator, response.header('content-type'));
  const wait = waitOf(response, value, reading.retryAfterSeconds, now);
  if (status < 200 || status > 299) throw refusalByStatus(response, value, reading, names, wait);
  const code = textAt(value, reading.code);
  const id = (textAt(value, reading.id) ?? '').slice(0, maxId);
  if (code !== undefined && !reading.taken.has(code)) {
    const { retryable, throttled, account } = codeClass(code, reading);
    const words = wordsOf(code, textAt(value, reading.detail), reading, names);
    throw new CentreError(
      `CENTRE_${codeName(names.withoutSecrets(code))}`,
      `${peer}: ${account ? notOurs : 'refused'}: ${words}`,
      retryable,
      { retryAfterMs: wait, throttled, account },
    );
  }
  // An answer without what it has to say is no answer: a page of somebody on the way, say.
  const silent = code === undefined && (reading.id === undefined ? reading.code !== undefined : id === '');
  if (silent) {
    const coding = response.header('content-encoding');
    const coded =
      coding === undefined ? '' : ` (Content-Encoding: ${toLine(coding, 40)}, which we did not ask for)`;
    const detail = `${peer}: answered ${status}, and its body does not say what became of the message${coded}`;
    throw new CentreError('PROTOCOL', detail, false, { inDoubt: true });
  }
  return id;
}

function refusalByStatus(
  response: HttpResponse,
  value: unknown,
  reading: AnswerReading,
  names: CentreNames,
  wait: number | undefined,
): CentreError {
  const { status } = response;
  const general = statusPushError(response, names.peer);
  const code = textAt(value, reading.refusal.code);
  const detail = textAt(value, reading.refusal.detail);
  const said =
    code === undefined && detail === undefined
      ? plainWords(response, names)
      : wordsOf(code, detail, reading, names);
  const byCode = code === undefined ? undefined : codeClass(code, reading);
  const meaning = byCode?.retryable === true ? 'later' : meaningOf(status, general.retryable, reading);
  const account = byCode?.account === true || meaning === 'account';
  const text = account ? `${general.message}: ${notOurs}` : general.message;
  return new CentreError(
    general.code,
    `${names.withoutSecrets(text)}${said === '' ? '' : `: ${said}`}`,
    meaning !== 'refused',
    {
      retryAfterMs: wait,
      throttled: status === 429 || byCode?.throttled === true,
      account,
      inDoubt: meaning === 'inDoubt',
    },
  );
}

function meaningOf(status: number, passing: boolean, { statuses }: AnswerReading): StatusMeaning {
  const told = statuses.get(status);
  if (told !== undefined) return told;
  if (aboutAccount.has(status)) return 'account';
  if (status >= 500 && !certain.has(status)) return 'inDoubt';
  return passing ? 'later' : 'refused';
}

function codeClass(
  code: string,
  reading: AnswerReading,
): {
  readonly retryable: boolean;
  readonly throttled: boolean;
  readonly account: boolean;
} {
  const throttled = reading.throttled.has(code);
  const account = reading.account.has(code);
  const retryable = throttled || account || reading.retryable.has(code);
  return { throttled, account, retryable };
}

/** A body of which no rule says anything, where it is text and no page. */
function plainWords(response: HttpResponse, { withoutSecrets }: CentreNames): string {
  const text = readText(response.body, response.header('content-type')).trim();
  return text === '' || text.startsWith('<') ? '' : JSON.stringify(toLine(withoutSecrets(text), maxWords));
}

/** Such as `status 8 (the account is barred): "Partner account barred"`. */
function wordsOf(
  code: string | undefined,
  detail: string | undefined,
  { meanings }: AnswerReading,
  { withoutSecrets }: CentreNames,
): string {
  const meaning = code === undefined ? undefined : meanings.get(code);
  const parts = [
    ...(code === undefined ? [] : [toLine(withoutSecrets(code), 60)]),
    ...(meaning === undefined ? [] : [`(${meaning})`]),
    ...(detail === undefined || detail === ''
      ? []
      : [JSON.stringify(toLine(withoutSecrets(detail), maxWords))]),
  ];
  return parts.join(' ');
}

/** A code as part of an error's name. */
function codeName(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .slice(0, 40);
}

function waitOf(
  response: HttpResponse,
  value: unknown,
  pointer: Pointer | undefined,
  now: number,
): number | undefined {
  const said = textAt(value, pointer);
  return retryAfterMs(said, now) ?? retryAfterMs(response.header('retry-after'), now);
}
