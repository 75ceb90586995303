// Push over HTTP: one server, on which the path names the device.
import { utf8ToBytes } from '../../core/index.ts';
import {
  HttpPushReceiver,
  HttpServer,
  type HttpServerAnswer,
  type HttpServerHead,
} from '../../push/http/index.ts';
import { indexOfUser } from '../plan/fleet-plan.ts';
import { type Door, type DoorHost, placeOf } from './door.ts';

const most = 10_000;

/** The door of `http`. It takes DM messages without TLS too. */
export function httpDoor(host: DoorHost): Door {
  const { first, end } = host.indexes;
  const receiverFor = (head: HttpServerHead): { index: number; receiver: HttpPushReceiver } | undefined => {
    const path = head.target.split('?', 1)[0] ?? '';
    const index = indexOfUser(path.replace(/^\/wappush\//, ''));
    if (index === undefined || index < first || index >= end) return undefined;
    const receiver = new HttpPushReceiver({
      path,
      messages: 'any',
      clock: host.clock,
      handler: (push) => host.receive(index, push),
      onDrop: (drop) => host.dropped(drop, index),
      onError: (error) => host.error(error),
    });
    return { index, receiver };
  };
  const open = (port: number): HttpServer =>
    new HttpServer(
      { port, address: host.host, clock: host.clock, maxConnections: most, maxConnectionsPerSource: most },
      {
        answerHead: (head) => {
          const found = receiverFor(head);
          if (found === undefined) return plain(404, 'there is no device under this path');
          const { index, receiver } = found;
          if (head.method === 'POST' && !host.isOn(index, 'http')) return plain(503, 'the device is off');
          return shown(receiver.answerHead(head));
        },
        maxBody: (head) => receiverFor(head)?.receiver.maxPayload ?? 0,
        tooLarge: (octets, head) =>
          shown(receiverFor(head)?.receiver.tooLarge(octets, head.from)) ?? plain(413, 'too large'),
        answer: (request) => shown(receiverFor(request)?.receiver.answer(request)) ?? plain(404, 'no device'),
        dropped: (reason, detail, from, octets) =>
          host.dropped({ binding: 'http', reason, detail, from, octets }),
        error: (error) => host.error(error),
      },
    );
  let server: HttpServer | undefined;
  let started: Promise<number> | undefined;
  return {
    async open({ user }, port) {
      if (started === undefined) {
        server = open(port);
        started = server.start();
      }
      const bound = await started;
      // All devices remember the one port.
      return { address: `http://${placeOf(host.host, bound)}/wappush/${user}`, port: bound };
    },
    async close() {
      await server?.close();
    },
  };
}

function shown(answer: ReturnType<HttpPushReceiver['answerHead']>): HttpServerAnswer | undefined {
  if (answer === undefined) return undefined;
  const { text, ...rest } = answer;
  return { ...rest, body: utf8ToBytes(text === '' ? '' : `${text}\n`) };
}

function plain(status: number, text: string): HttpServerAnswer {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    ...(status === 503 && { 'Retry-After': '1' }),
  };
  return { status, headers, body: utf8ToBytes(`${text}\n`) };
}
