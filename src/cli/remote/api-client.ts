// The client of a server's API, as commands use it: their options, and errors in their words.
import type { ApiClient, ApiProblem, UnreachableError } from '../../client/index.ts';
import { printable, ReveilleError } from '../../core/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readSecretFile } from '../io/secret-file.ts';
import { whyUnreachable } from './why-unreachable.ts';

/** Options that name a server. */
export interface ApiOptions {
  readonly server?: string;
  readonly tokenFile?: string;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Says on standard error what an answer warns of: the work was taken on all the same. */
export function tellWarnings(io: Io, { warnings }: { readonly warnings?: unknown }): void {
  if (!Array.isArray(warnings)) return;
  for (const warning of warnings) io.stderr(`reveille: warning: ${printable(String(warning))}\n`);
}

/**
 * Reads the options; nothing is sent yet. Requests are sent once: who is at a terminal decides what is tried again.
 * @throws {UsageError}
 */
export async function openApi(io: Io, options: ApiOptions): Promise<ApiClient> {
  const text = options.server ?? '';
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError(`--server ${text}: not a URL such as http://127.0.0.1:8081`);
  }
  const token =
    options.tokenFile === undefined
      ? io.env.REVEILLE_API_TOKEN
      : (await readSecretFile(io, options.tokenFile)).trim();
  const isGiven = token !== undefined && token !== '';
  const tokenHint = isGiven
    ? `; the one of ${options.tokenFile ?? 'REVEILLE_API_TOKEN'} is wrong, revoked or expired`
    : '; give --token-file or REVEILLE_API_TOKEN';
  const base = new URL(text.endsWith('/') ? text : `${text}/`);
  io.recording?.apiAddress(base);
  // No command that needs no server waits for it to be loaded.
  const [{ createClient }, { httpFetch }] = await Promise.all([
    import('../../client/index.ts'),
    import('./http-fetch.ts'),
  ]);
  return createClient({
    url: base.href,
    ...(token !== undefined && { token }),
    streamFetch: httpFetch,
    retry: { times: 0 },
    idempotencyKeys: false,
    signal: io.stop,
    failure: (error) => (isRefusal(error) ? refusal(error, tokenHint) : unreachable(base, error)),
  });
}

/** What a server says of what it refuses, with the field. */
export function refusalText({
  path,
  detail,
  title,
}: {
  readonly path?: unknown;
  readonly detail?: unknown;
  readonly title?: unknown;
}): string {
  return `${typeof path === 'string' ? `${path}: ` : ''}${String(detail ?? title)}`;
}

function isRefusal(error: ApiProblem | UnreachableError): error is ApiProblem {
  return 'status' in error;
}

/** @param tokenHint what is said where the server wants another token, or any */
function refusal(problem: ApiProblem, tokenHint: string): ReveilleError {
  const said = problem.isDocument
    ? problem.message
    : `status ${problem.status}; is this the REST API (port 8081 unless serve was told another)?`;
  const hint = problem.status === 401 ? tokenHint : '';
  return new ReveilleError(problem.code, `the server refused: ${said}${hint}`);
}

function unreachable({ origin }: URL, { cause, message }: UnreachableError): ReveilleError {
  const said = cause === undefined ? message : `${origin} does not answer: ${whyUnreachable(origin, cause)}`;
  return new ReveilleError('UNREACHABLE', said, { cause });
}
