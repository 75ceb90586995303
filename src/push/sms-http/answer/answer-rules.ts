// What an answer has to be read by, as the configuration or a preset has it.
import { ValueError } from '../../../core/index.ts';
import { type Pointer, parsePointer } from '../value/json-pointer.ts';
import { type BodyFormat, bodyFormats } from '../value/read-body.ts';

/**
 * What became of a message that a status of HTTP was said to: `account` and `later` are refusals for now, `refused` is one for good,
 * and with `inDoubt` it may have been taken.
 */
export type StatusMeaning = (typeof statusMeanings)[number];

/** All of them. */
export const statusMeanings = ['account', 'later', 'refused', 'inDoubt'] as const;

/** Where an answer says what became of a message. Pointers are JSON pointers; `/ID` is the field or line `ID` of the others. */
export interface AnswerRules {
  /** Default `json`. */
  readonly format?: BodyFormat | undefined;
  /** Of `lines`, what stands between name and value, 1 to 8 characters. Default `:`. */
  readonly separator?: string | undefined;
  /** The company's id of the message. Default: it gives none. */
  readonly id?: string | undefined;
  /** Its word for how it went. Where there is none in an answer, the status of HTTP alone says that. */
  readonly code?: string | undefined;
  /** Codes that say that it took the message. Default none: then a code is a refusal. */
  readonly taken?: readonly string[] | undefined;
  /** Codes after which the same message may be taken later. All others are refusals for good. */
  readonly retryable?: readonly string[] | undefined;
  /** Codes that say that we ask too often: nothing is sent for a while, and then again. */
  readonly throttled?: readonly string[] | undefined;
  /**
   * Codes that say that it takes nothing of us: a wrong key, a barred account, no credit. Whoever runs the account mends that:
   * the message may be taken later, and the road is down meanwhile.
   */
  readonly account?: readonly string[] | undefined;
  /**
   * What statuses of HTTP other than 2xx mean where they mean something else than usual, by the status, such as
   * `{"403": "refused", "500": "later"}`. A code in one of the lists comes before. Default: 401, 402 and 403 are about the
   * account; 500, 502, 504 and unknown ones beyond are in doubt; 408, 421, 423, 425, 429, 503 and 507 are taken later.
   */
  readonly statuses?: Readonly<Record<string, StatusMeaning>> | undefined;
  /** What the codes mean, for people. */
  readonly meanings?: Readonly<Record<string, string>> | undefined;
  /** Its words for what is wrong. */
  readonly detail?: string | undefined;
  /** Seconds to wait, beside Retry-After. */
  readonly retryAfterSeconds?: string | undefined;
  /** Code and words where the status of HTTP says that it went wrong. Default: `code` and `detail`. */
  readonly refusal?: { readonly code?: string | undefined; readonly detail?: string | undefined } | undefined;
}

/** Rules that have been checked. */
export interface AnswerReading {
  readonly format: BodyFormat;
  readonly separator: string;
  readonly id: Pointer | undefined;
  readonly code: Pointer | undefined;
  readonly taken: ReadonlySet<string>;
  readonly retryable: ReadonlySet<string>;
  readonly throttled: ReadonlySet<string>;
  readonly account: ReadonlySet<string>;
  readonly statuses: ReadonlyMap<number, StatusMeaning>;
  readonly meanings: ReadonlyMap<string, string>;
  readonly detail: Pointer | undefined;
  readonly retryAfterSeconds: Pointer | undefined;
  readonly refusal: { readonly code: Pointer | undefined; readonly detail: Pointer | undefined };
}

/** Checks rules. @throws {ValueError} */
export function answerReading(rules: AnswerRules, path = 'answer'): AnswerReading {
  const { format = 'json', separator = ':', refusal = {} } = rules;
  if (!bodyFormats.includes(format)) {
    throw new ValueError('OUT_OF_RANGE', `is none of ${bodyFormats.join(', ')}`, `${path}.format`);
  }
  if (separator.length < 1 || separator.length > 8 || separator.includes('\n')) {
    throw new ValueError('OUT_OF_RANGE', 'must be 1 to 8 characters of one line', `${path}.separator`);
  }
  const pointer = (text: string | undefined, name: string): Pointer | undefined =>
    text === undefined ? undefined : parsePointer(text, `${path}.${name}`);
  return {
    format,
    separator,
    id: pointer(rules.id, 'id'),
    code: pointer(rules.code, 'code'),
    taken: new Set(rules.taken),
    retryable: new Set(rules.retryable),
    throttled: new Set(rules.throttled),
    account: new Set(rules.account),
    statuses: statusesOf(rules.statuses ?? {}, `${path}.statuses`),
    meanings: new Map(Object.entries(rules.meanings ?? {})),
    detail: pointer(rules.detail, 'detail'),
    retryAfterSeconds: pointer(rules.retryAfterSeconds, 'retryAfterSeconds'),
    refusal: {
      code: pointer(refusal.code ?? rules.code, 'refusal.code'),
      detail: pointer(refusal.detail ?? rules.detail, 'refusal.detail'),
    },
  };
}

function statusesOf(
  rules: NonNullable<AnswerRules['statuses']>,
  path: string,
): ReadonlyMap<number, StatusMeaning> {
  for (const [status, meaning] of Object.entries(rules)) {
    if (!/^[1345][0-9]{2}$/.test(status)) {
      throw new ValueError(
        'OUT_OF_RANGE',
        'is no status of HTTP other than 2xx',
        `${path}.${status.slice(0, 20)}`,
      );
    }
    if (!statusMeanings.includes(meaning)) {
      throw new ValueError('OUT_OF_RANGE', `is none of ${statusMeanings.join(', ')}`, `${path}.${status}`);
    }
  }
  return new Map(Object.entries(rules).map(([status, meaning]) => [Number(status), meaning]));
}
