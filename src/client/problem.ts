// What goes wrong with a request: the server refused it, or nobody answered.
import { ReveilleError } from '../core/index.ts';
import type { Problem } from './shapes.ts';

/** What is known of a refusal besides its words. */
export interface ProblemFields extends Partial<Omit<Problem, 'detail' | 'status'>> {
  /** HTTP status. */
  readonly status: number;
  /** In words. */
  readonly detail?: string;
  /** Seconds after which the same may succeed, where the server said so. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * The server refused: a problem document (RFC 9457). `code` is its code, or `HTTP_` and the status where somebody else answered, such as
 * a proxy.
 */
export class ApiProblem extends ReveilleError {
  readonly status: number;
  /** What is wrong and what to do, in one line. */
  readonly detail: string;
  /** The field that is wrong. */
  readonly path: string | undefined;
  /** Document and section that rule it. */
  readonly section: string | undefined;
  /** Seconds after which the same may succeed. */
  readonly retryAfterSeconds: number | undefined;
  /** False where the answer was no problem document. */
  readonly isDocument: boolean;

  constructor({ status, code, title, detail, path, section, retryAfterSeconds }: ProblemFields) {
    const said = detail ?? title ?? `status ${status}`;
    super(code ?? `HTTP_${status}`, `${path === undefined ? '' : `${path}: `}${said}`);
    this.status = status;
    this.detail = said;
    this.path = path;
    this.section = section;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isDocument = code !== undefined;
  }
}

/** Nobody answered, not in time, or the answer broke off. Whether the request was carried out is not known. */
export class UnreachableError extends ReveilleError {
  constructor(origin: string, reason: string, options?: ErrorOptions) {
    super('UNREACHABLE', `${origin} does not answer: ${reason}`, options);
  }
}

/** Longest text of a refusal that is read, in characters: it comes from whoever answers. */
const mostText = 65_536;

/** The refusal that an answer is. */
export function problemOf(status: number, headers: Headers, text: string): ApiProblem {
  const {
    code,
    title,
    detail = elsewhere(status, headers),
    path,
    section,
  } = fieldsOf(text.slice(0, mostText));
  return new ApiProblem({
    status,
    retryAfterSeconds: retryAfterOf(headers),
    ...(code !== undefined && { code }),
    ...(title !== undefined && { title }),
    ...(detail !== undefined && { detail }),
    ...(path !== undefined && { path }),
    ...(section !== undefined && { section }),
  });
}

/** What to do about a redirection, which is not followed; browsers show none of it (status 0). */
function elsewhere(status: number, headers: Headers): string | undefined {
  if (status >= 400 || (status > 0 && status < 300)) return undefined;
  const place = headers.get('location');
  const where = place === null ? 'elsewhere' : `to ${place.slice(0, 1024)}`;
  return `the answer sends ${where}, where nothing is sent: give the URL of the API itself`;
}

/** Seconds of Retry-After (RFC 9110 §10.2.3), where it is given in seconds, as our servers do. */
function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

type Texts = Readonly<Record<'code' | 'title' | 'detail' | 'path' | 'section', string | undefined>>;

function fieldsOf(text: string): Partial<Texts> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === 'string'));
}
