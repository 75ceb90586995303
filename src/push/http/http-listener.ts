// Listens for pushes over HTTP on TCP port 4035, with TLS on 4036 (DM-NOTI-1.3 §7.4, DM-PUSH §5.3).
import { ConfigError, utf8ToBytes } from '../../core/index.ts';
import type { PushReceiver } from '../index.ts';
import { httpPushPort, httpsPushPort } from './header-names.ts';
import { type HttpPushAnswer, HttpPushReceiver } from './http-receiver.ts';
import { HttpServer, type HttpServerAnswer } from './http-server.ts';
import type { HttpPushCounters, HttpPushListenerOptions } from './receiver-options.ts';

/** Listens for pushes. */
export class HttpPushListener implements PushReceiver {
  readonly name = 'http';
  readonly #receiver: HttpPushReceiver;
  readonly #server: HttpServer;
  #started = false;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for a setting
   * @throws {ConfigError} for a port or an address that is none, or when TLS cannot be set up
   */
  constructor(options: HttpPushListenerOptions) {
    const { tls, port = tls === undefined ? httpPushPort : httpsPushPort } = options;
    const receiver = new HttpPushReceiver({
      ...options,
      clientCertificates: tls?.clientCa !== undefined,
    });
    this.#receiver = receiver;
    this.#server = new HttpServer(
      { ...options, port },
      {
        answerHead: (head) => serverAnswer(receiver.answerHead(head)),
        maxBody: () => receiver.maxPayload,
        tooLarge: (octets, { from }) => serverAnswer(receiver.tooLarge(octets, from)),
        answer: (request) => serverAnswer(receiver.answer(request)),
        dropped: (reason, detail, from, octets) => receiver.drop(reason, detail, from, octets),
        error: (error) => receiver.report(error),
      },
    );
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, or the address is not one of this machine
   */
  async start(): Promise<number> {
    if (this.#started) throw new ConfigError('this listener has been started before');
    this.#started = true;
    return this.#server.start();
  }

  counters(): HttpPushCounters {
    return this.#receiver.counters();
  }

  /** Takes no more connections; requests that are under way come to their end, for `closeMs`. */
  close(): Promise<void> {
    return this.#server.close();
  }
}

function serverAnswer(answer: HttpPushAnswer): HttpServerAnswer;
function serverAnswer(answer: HttpPushAnswer | undefined): HttpServerAnswer | undefined;
function serverAnswer(answer: HttpPushAnswer | undefined): HttpServerAnswer | undefined {
  if (answer === undefined) return undefined;
  const { text, ...rest } = answer;
  return { ...rest, body: utf8ToBytes(text === '' ? '' : `${text}\n`) };
}
