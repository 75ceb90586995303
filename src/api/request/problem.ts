// Errors as problem documents (RFC 9457), one total function from error to answer.
import { STATUS_CODES } from 'node:http';
import { ConfigError, ReveilleError, StoreError, ValueError } from '../../core/index.ts';
import {
  isSealTrouble,
  type StoreTrouble,
  storeRetryAfterSeconds,
  storeTroubleOf,
} from '../../store/index.ts';

/** A problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable name of what went wrong. */
  readonly code: string;
  readonly detail: string;
  /** Field that is wrong. */
  readonly path?: string;
  /** Document and section that rule it. */
  readonly section?: string;
}

/** An answer that a route gives on purpose. */
export class ApiError extends ReveilleError {
  readonly status: number;
  /** When the same may succeed; absent: nobody knows. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(code, message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** There is no such thing. */
export function notFound(what: string): ApiError {
  return new ApiError(404, 'NOT_FOUND', `there is no ${what}`);
}

/** What the store's refusals mean for the caller; what is not here is the server's own trouble. */
const storeStatuses: Readonly<Record<string, number>> = {
  ALREADY_EXISTS: 409,
  UNKNOWN_ACCOUNT: 422,
  UNKNOWN_DEVICE: 422,
  IN_USE: 409,
  COPY_UNDER_WAY: 409,
  TOO_MANY_SCANS: 503,
  SUSPENDED: 409,
  OTHER_ACCOUNT: 409,
  VERSION_MISMATCH: 412,
  ROTATION_UNDER_WAY: 409,
  TOO_MANY_JOBS: 409,
  TOO_MANY_WEBHOOKS: 409,
  TOO_MANY_CAMPAIGNS: 409,
  SESSION_IDS_EXHAUSTED: 409,
  IDEMPOTENCY_CONFLICT: 422,
};

/** What trouble of the store means for the caller: nothing was kept, and the same may succeed later. */
const storeTroubles: Readonly<Record<StoreTrouble, readonly [number, string, string]>> = {
  // RFC 4918 §11.5.
  full: [
    507,
    'STORE_FULL',
    'the disk of the server is full, so nothing was kept: it goes on when there is room',
  ],
  away: [
    503,
    'STORE_AWAY',
    'the store of the server cannot be used now, so nothing was kept: try again later',
  ],
};

/** When the caller may come back, in seconds; `undefined` where nobody knows. */
export function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof ApiError) return error.retryAfterSeconds;
  return storeTroubleOf(error) === 'away' ? storeRetryAfterSeconds : undefined;
}

/**
 * What the caller is told about an error. Errors that are not the caller's say nothing of what is inside, but for a secret that does not
 * open: which one it is, and no more.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof ValueError) {
    const { spec } = error;
    return {
      ...problem(400, error.code, error.detail),
      ...(error.path !== '' && { path: error.path }),
      ...(spec !== undefined && { section: `${spec.doc} §${spec.section}` }),
    };
  }
  if (error instanceof ApiError) return problem(error.status, error.code, error.message);
  if (error instanceof ConfigError) return problem(422, error.code, error.message);
  const trouble = storeTroubleOf(error);
  if (trouble !== undefined) return problem(...storeTroubles[trouble]);
  if (error instanceof StoreError) {
    const ofSeal: boolean = isSealTrouble(error);
    const status = ofSeal ? 500 : storeStatuses[error.code];
    return status === undefined
      ? problem(500, 'STORE', 'the store could not do it: see the log of the server')
      : problem(status, error.code, error.message);
  }
  return frameworkProblem(error) ?? problem(500, 'INTERNAL', 'an error in the server: see its log');
}

export function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail };
}

/** Errors of the HTTP framework that are the caller's. */
function frameworkProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (status < 400 || status >= 500) return undefined;
  const known = frameworkErrors[code];
  return known === undefined
    ? problem(status, 'REQUEST', error.message)
    : { ...problem(status, known.code, known.detail), ...(known.path !== undefined && { path: known.path }) };
}

const frameworkErrors: Readonly<
  Record<string, { readonly code: string; readonly detail: string; readonly path?: string }>
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'TOO_LONG', detail: 'the body is larger than this server takes' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'UNSUPPORTED',
    detail: 'send the body as Content-Type: application/json',
  },
  FST_ERR_BAD_URL: { code: 'BAD_FORMAT', detail: 'is not percent-encoded UTF-8', path: 'target' },
};
