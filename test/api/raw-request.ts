// Requests to the API as octets that no HTTP client of ours would write.
import { connect } from 'node:net';

/** An answer, taken apart as far as tests look at it. */
export interface RawAnswer {
  /** 0 when the connection ended without one. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** The body as a problem document, else an empty object. */
  readonly problem: { readonly code?: string; readonly path?: string; readonly detail?: string };
}

/** Sends octets to a port of this machine and reads until the other end closes. */
export function rawRequest(port: number, ...parts: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('error', reject);
    // Node takes a client that has nothing more to say for one that has gone, and what is on its way to the disk for nobody's.
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      socket.end();
    });
    socket.on('close', () => resolve(answerOf(Buffer.concat(chunks).toString('latin1'))));
    socket.write(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
    );
  });
}

/** A POST of JSON octets whose connection closes behind the answer. */
export function postOctets(
  port: number,
  path: string,
  body: Uint8Array,
  ...lines: string[]
): Promise<RawAnswer> {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...(lines.some((line) => /^content-type:/i.test(line)) ? [] : ['Content-Type: application/json']),
    `Content-Length: ${body.length}`,
    'Connection: close',
    ...lines,
  ];
  return rawRequest(port, `${head.join('\r\n')}\r\n\r\n`, body);
}

function answerOf(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const isProblem = /application\/problem\+json/i.test(head);
  return { status, head, body, problem: isProblem ? JSON.parse(body) : {} };
}
