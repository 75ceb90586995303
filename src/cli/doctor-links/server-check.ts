// A server that runs, asked over its REST API: whether it works, what its carriers say, how long pushes wait.
import { readFileSync } from 'node:fs';
import { codeOf, printable } from '../../core/index.ts';
import { type Check, type Examined, type Finding, type Means, tellerOf } from '../doctor-base/finding.ts';
import { reasonOf } from '../io/input.ts';
import { skewFindings } from './peer-time.ts';
import { statusFindings } from './status-findings.ts';

const name = 'server';
const tell = tellerOf(name);

const answerMs = 10_000;
/** Longest answer that is read, in octets. */
const mostOctets = 4 * 2 ** 20;

/** The check. */
export const serverCheck: Check = {
  name,
  async run({ server, means }) {
    if (server === undefined) return [];
    const { url } = server;
    const ready = await ask(url, '/readyz', undefined, means);
    if (ready instanceof Error) return [unreachable(url, ready)];
    const skew = skewFindings(url, ready.date, means);
    const found: Finding[] = [...skew];
    if (ready.body.code === 'STOPPING') {
      const remedy = 'ask again when it runs; its log says what it waits for (draining)';
      found.push(
        tell.warning(url, 'it stops: what is under way comes to its end, and nothing new begins', remedy),
      );
    } else if (ready.status !== 200) {
      const { detail = `status ${ready.status}` } = ready.body;
      const remedy =
        'see the log of the server; a full disk needs room, a proxy in front of it the right address';
      found.push(tell.error(url, `it is not ready: ${printable(String(detail))}`, remedy));
    }
    const token = tokenOf(server, means, found);
    const status = await ask(url, '/v1/status', token, means);
    if (status instanceof Error) return [...found, unreachable(url, status)];
    return [
      ...found,
      ...(status.status === 200 ? statusFindings(url, status.body) : [refused(url, status.status, token)]),
    ];
  },
};

interface Answer {
  readonly status: number;
  readonly date: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(
  url: string,
  path: string,
  token: string | undefined,
  { stop }: Means,
): Promise<Answer | Error> {
  try {
    const base = url.endsWith('/') ? url : `${url}/`;
    const response = await fetch(new URL(path.slice(1), base), {
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(answerMs)]),
    });
    const text = await bounded(response);
    const date = response.headers.get('date') ?? undefined;
    return { status: response.status, date, body: objectOf(text) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > mostOctets) throw new Error('its answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function unreachable(url: string, error: Error): Finding {
  const cause = error.cause ?? error;
  const code = codeOf(cause);
  const why =
    error.name === 'TimeoutError'
      ? `no answer within ${answerMs / 1000} s`
      : code === 'UNKNOWN'
        ? reasonOf(cause)
        : code;
  const remedy =
    "see that it runs, and that --server is where its REST API listens; authorities of one's own are named in NODE_EXTRA_CA_CERTS";
  return tell.error(url, `it cannot be reached (${why})`, remedy);
}

/** The first line of the file, else of the environment. */
function tokenOf(
  { tokenFile }: NonNullable<Examined['server']>,
  { env }: Means,
  found: Finding[],
): string | undefined {
  let text = env.REVEILLE_API_TOKEN ?? '';
  if (tokenFile !== undefined) {
    try {
      text = readFileSync(tokenFile, 'utf8');
    } catch (error) {
      found.push(tell.error(tokenFile, `it cannot be read: ${reasonOf(error)}`, 'give a file with a token'));
    }
  }
  const token = text.split(/\r?\n/)[0]?.trim();
  return token === undefined || !/^[\x21-\x7e]+$/.test(token) ? undefined : token;
}

function refused(url: string, status: number, token: string | undefined): Finding {
  const make = 'give --token-file with one that has the scope read (reveille token create)';
  if (status === 401) {
    const what = token === undefined ? 'it says nothing more without a token' : 'it does not take the token';
    return token === undefined ? tell.note(url, what, make) : tell.error(url, what, make);
  }
  if (status === 403) return tell.error(url, 'the token may not ask how the server stands', make);
  return tell.error(
    url,
    `it answers ${status} where it should say how it stands`,
    'see that --server names the REST API of a Reveille server',
  );
}
