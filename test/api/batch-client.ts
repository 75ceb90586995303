// Batches over a real connection: the whole at once, or piece by piece.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiBench, withApi } from './api-bench.ts';

/** An answer to a line, or a problem document. */
export interface LineAnswer {
  readonly line?: number;
  readonly status?: number;
  readonly id?: string;
  readonly state?: string;
  readonly created?: boolean;
  readonly job?: string;
  readonly notification?: string;
  readonly pinForUser?: string;
  readonly warnings?: readonly string[];
  readonly title?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly path?: string;
  readonly section?: string;
}

/** What came back for a whole batch. */
export interface BatchAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Of each line of the answer. */
  readonly lines: readonly LineAnswer[];
}

/** A request whose body is still being written. */
export interface OpenBatch {
  readonly sent: ClientRequest;
  write(text: string): void;
  end(text?: string): void;
  /** The next line of the answer; `undefined` at its end, and when the connection breaks off. */
  next(): Promise<LineAnswer | undefined>;
}

export const ndjson = 'application/x-ndjson';

/** Runs a test with the API on a port of its own. */
export function withPort(
  run: (port: number, bench: ApiBench) => Promise<void>,
  options: Parameters<typeof withApi>[1] = {},
  engine: Parameters<typeof withApi>[2] = {},
): Promise<void> {
  return withApi(
    async (bench) => {
      await bench.app.listen({ host: '127.0.0.1', port: 0 });
      await run((bench.app.server.address() as AddressInfo).port, bench);
    },
    options,
    engine,
  );
}

/** Ids of all pushes, or of all of another list, the oldest first. */
export async function kept({ call }: ApiBench, path = '/v1/pushes'): Promise<string[]> {
  const { body } = await call('GET', `${path}?limit=1000`);
  return body.items.map(({ id }) => id).reverse();
}

/** Lines of values, as JSON. */
export function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** Sends a body, and gives the whole answer. */
export async function postBatch(
  port: number,
  path: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = { 'content-type': ndjson },
): Promise<BatchAnswer> {
  const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return {
    status: response.statusCode ?? 0,
    type: String(response.headers['content-type']),
    text,
    lines: text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LineAnswer),
  };
}

/** Begins a body. */
export function openBatch(port: number, path: string, headers: Record<string, string> = {}): OpenBatch {
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    headers: { 'content-type': ndjson, ...headers },
    agent: false,
  });
  sent.on('error', () => undefined);
  const answers = answersOf(sent);
  return {
    sent,
    write: (text) => void sent.write(text),
    end: (text = '') => void sent.end(text),
    next: async () => (await answers.next()).value ?? undefined,
  };
}

async function* answersOf(sent: ClientRequest): AsyncGenerator<LineAnswer, void> {
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.setEncoding('utf8');
    let rest = '';
    for await (const chunk of response) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as LineAnswer;
    }
  } catch {
    // It broke off: there are no more.
  }
}
