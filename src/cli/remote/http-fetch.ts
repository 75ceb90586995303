// Requests that go on for long, over Node's own HTTP: it has no limit for how long an answer may pause, sends a body as it comes, and gives
// the answer meanwhile.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Sends a request as `fetch` does. @throws what the system says of the connection */
export async function httpFetch(request: Request): Promise<Response> {
  const { url, method, headers, signal } = request;
  const send = url.startsWith('https:') ? overTls : overHttp;
  const outgoing = send(url, { method, headers: Object.fromEntries(headers), agent: false, signal });
  sendBody(request, outgoing);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  // Its types and those of the platform are two for one thing.
  const body = Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>;
  return new Response(body, { status: answer.statusCode ?? 500, headers: headersOf(answer) });
}

function sendBody({ body }: Request, outgoing: ClientRequest): void {
  if (body === null) {
    outgoing.end();
    return;
  }
  // What fails here fails the request, where it is told.
  pipeline(Readable.fromWeb(body as never), outgoing).catch((error: Error) => outgoing.destroy(error));
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}
