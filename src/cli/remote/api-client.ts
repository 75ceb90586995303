// The REST API of a server, as commands use it.
import { printable, ReveilleError } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readSecretFile } from '../io/secret-file.ts';
import { deadlineOf } from './deadline.ts';
import { exchangeLines } from './line-exchange.ts';

/** Options that name a server. */
export interface ApiOptions {
  readonly server?: string;
  readonly tokenFile?: string;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What may go with a request. */
export interface PostOptions {
  /** Makes it safe to send the same again. */
  readonly idempotencyKey?: string;
}

const answerTimeoutMs = 30_000;

/** Says on standard error what an answer warns of: the work was taken on all the same. */
export function tellWarnings(io: Io, { warnings }: JsonObject): void {
  if (!Array.isArray(warnings)) return;
  for (const warning of warnings) io.stderr(`reveille: warning: ${printable(String(warning))}\n`);
}

/** A server's API. */
export class ServerApi {
  readonly #base: URL;
  readonly #token: string | undefined;
  readonly #stop: AbortSignal;

  private constructor(base: URL, token: string | undefined, stop: AbortSignal) {
    this.#base = base;
    this.#token = token;
    this.#stop = stop;
  }

  /** Reads the options; nothing is sent yet. @throws {UsageError} */
  static async open(io: Io, options: ApiOptions): Promise<ServerApi> {
    const text = options.server ?? '';
    if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
      throw new UsageError(`--server ${text}: not a URL such as http://127.0.0.1:8081`);
    }
    const token =
      options.tokenFile === undefined
        ? io.env.REVEILLE_API_TOKEN
        : (await readSecretFile(io, options.tokenFile)).trim();
    const base = new URL(text.endsWith('/') ? text : `${text}/`);
    io.recording?.apiAddress(base);
    return new ServerApi(base, token, io.stop);
  }

  /** @throws {ReveilleError} with what the server said, or why it cannot be reached */
  get(path: string): Promise<JsonObject> {
    return this.#call('GET', path);
  }

  /** @throws {ReveilleError} with what the server said, or why it cannot be reached */
  post(path: string, body: JsonObject, options: PostOptions = {}): Promise<JsonObject> {
    return this.#call('POST', path, body, options);
  }

  /** @throws {ReveilleError} with what the server said, or why it cannot be reached */
  patch(path: string, body: JsonObject): Promise<JsonObject> {
    return this.#call('PATCH', path, body);
  }

  /** @throws {ReveilleError} with what the server said, or why it cannot be reached */
  put(path: string, body: JsonObject): Promise<JsonObject> {
    return this.#call('PUT', path, body);
  }

  /** @throws {ReveilleError} with what the server said, or why it cannot be reached */
  delete(path: string): Promise<JsonObject> {
    return this.#call('DELETE', path);
  }

  /**
   * Sends lines, or another body of that media type, and gives the lines of the answer as they come.
   * @throws {ReveilleError} with what the server said to the whole, or why it cannot be reached
   */
  async *lines(
    path: string,
    body: AsyncIterable<Uint8Array>,
    type?: string,
  ): AsyncGenerator<JsonObject, void, undefined> {
    const target = { url: this.#urlOf(path), headers: this.#headers(), stop: this.#stop };
    const lines = exchangeLines({ ...target, ...(type !== undefined && { type }) }, body);
    for (;;) {
      const { done, value } = await lines.next();
      if (done === true) {
        if (value === undefined) return;
        throw refusal(value.status, parseObject(value.text));
      }
      yield parseObject(value) ?? {};
    }
  }

  /**
   * Sends a JSON object, and gives the lines of the answer as they come.
   * @throws {ReveilleError} as `lines`
   */
  linesAbout(path: string, body: JsonObject): AsyncGenerator<JsonObject, void, undefined> {
    async function* octets(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(JSON.stringify(body));
    }
    return this.lines(path, octets(), 'application/json');
  }

  /**
   * The octets of an answer as they come, however many.
   * @throws {ReveilleError} with what the server said, or why it cannot be reached
   */
  async *octets(path: string): AsyncGenerator<Uint8Array, void, undefined> {
    let refused: { readonly status: number; readonly text: string } | undefined;
    try {
      const response = await fetch(this.#urlOf(path), { headers: this.#headers(), signal: this.#stop });
      if (!response.ok) refused = { status: response.status, text: await response.text() };
      else if (response.body !== null) yield* response.body;
    } catch (cause) {
      throw this.#unreachable(cause);
    }
    if (refused !== undefined) throw refusal(refused.status, parseObject(refused.text));
  }

  async #call(
    method: string,
    path: string,
    body?: JsonObject,
    { idempotencyKey }: PostOptions = {},
  ): Promise<JsonObject> {
    let response: Response;
    let text: string;
    const deadline = deadlineOf(answerTimeoutMs, this.#stop);
    try {
      response = await fetch(this.#urlOf(path), {
        method,
        headers: {
          accept: 'application/json',
          ...this.#headers(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: deadline.signal,
      });
      text = await response.text();
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
      throw new ReveilleError('UNREACHABLE', `${this.#base.origin} does not answer: ${reasonOf(reason)}`, {
        cause,
      });
    } finally {
      deadline.over();
    }
    const answer = parseObject(text);
    if (response.ok && answer !== undefined) return answer;
    throw refusal(response.status, answer);
  }

  #unreachable(cause: unknown): ReveilleError {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
    return new ReveilleError('UNREACHABLE', `${this.#base.origin} does not answer: ${reasonOf(reason)}`, {
      cause,
    });
  }

  #urlOf(path: string): URL {
    return new URL(path.replace(/^\//, ''), this.#base);
  }

  #headers(): Readonly<Record<string, string>> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }
}

/** What a server says of what it refuses, with the field. */
export function refusalText({ path, detail, title }: JsonObject): string {
  return `${typeof path === 'string' ? `${path}: ` : ''}${String(detail ?? title)}`;
}

function refusal(status: number, answer: JsonObject | undefined): ReveilleError {
  const said =
    answer?.code === undefined
      ? `status ${status}; is this the REST API (port 8081 unless serve was told another)?`
      : refusalText(answer);
  const hint = status === 401 ? '; give --token-file or REVEILLE_API_TOKEN' : '';
  return new ReveilleError(String(answer?.code ?? `HTTP_${status}`), `the server refused: ${said}${hint}`);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
