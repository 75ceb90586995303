// A host for PAP endpoints that keeps pushes in memory, and serves an endpoint on the loopback.
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import type {
  PapHost,
  PapHttpRequest,
  PapHttpResponse,
  PapReplacement,
  PapState,
  PapSubmission,
} from '../../../src/push/pap/index.ts';

/** Keeps pushes by initiator and push-id. */
export class MemoryHost implements PapHost {
  readonly submissions: (PapSubmission | PapReplacement)[] = [];
  readonly #states = new Map<string, PapState['state']>();
  /** What `submit` and the others throw, when set. */
  fault: Error | undefined;

  #key(initiator: string, pushId: string): string {
    return `${initiator} ${pushId}`;
  }

  #check(): void {
    if (this.fault !== undefined) throw this.fault;
  }

  async submit(submission: PapSubmission) {
    this.#check();
    const key = this.#key(submission.initiator, submission.pushId);
    if (this.#states.has(key)) return { code: 'duplicatePushId' } as const;
    this.#states.set(key, 'pending');
    this.submissions.push(submission);
    const progressNotes = [{ stage: 'checked', time: 0 }];
    return { code: 'acceptedForProcessing', progressNotes } as const;
  }

  async replace(replacement: PapReplacement) {
    const old = this.#key(replacement.initiator, replacement.replaces.pushId);
    if (!this.#states.has(old)) return { code: 'pushIdNotFound', desc: 'nothing to replace' } as const;
    this.#states.set(old, 'cancelled');
    return this.submit(replacement);
  }

  async cancel({
    initiator,
    pushId,
    addresses,
  }: {
    initiator: string;
    pushId: string;
    addresses: readonly string[];
  }) {
    this.#check();
    const key = this.#key(initiator, pushId);
    const state = this.#states.get(key);
    if (state === undefined) return [];
    if (state !== 'pending') return [{ code: 'cancellationNotPossible', addresses } as const];
    this.#states.set(key, 'cancelled');
    return [{ code: 'ok', addresses } as const];
  }

  async query({
    initiator,
    pushId,
    addresses,
  }: {
    initiator: string;
    pushId: string;
    addresses: readonly string[];
  }) {
    this.#check();
    const state = this.#states.get(this.#key(initiator, pushId));
    if (state === undefined) return [];
    return [{ state, code: 'ok', addresses, eventTime: 0, qualityOfService: { bearer: 'SMS' } } as const];
  }
}

/** Serves requests on the loopback until the test ends; gives the URL. */
export async function serve(
  t: TestContext,
  handle: (request: PapHttpRequest) => Promise<PapHttpResponse>,
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', async () => {
      const { method = '', url = '', headers, socket } = request;
      const answer = await handle({
        method,
        target: url,
        contentType: headers['content-type'],
        authorization: headers.authorization,
        body: new Uint8Array(Buffer.concat(chunks)),
        tls: false,
        peer: socket.remoteAddress ?? '',
      });
      for (const [name, value] of Object.entries(answer.headers)) {
        response.setHeader(name, typeof value === 'string' ? value : [...value]);
      }
      response.writeHead(answer.status);
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
