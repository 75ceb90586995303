// A push gateway for demonstrations: takes PAP over HTTP on loopback, and carries pushes to devices as WAP push on UDP.
import { contentTypes, type PushContentType, pushParameters } from '../../push/index.ts';
import { PapEndpoint, type PapHost, PapListener, type PapSubmission } from '../../push/pap/index.ts';
import { createWapSender, wapSenderDefaults } from '../../push/wap/index.ts';

/** The gateway. It keeps nothing: what it has accepted and cannot carry is lost. */
export class SimulatedPushGateway {
  /** URL of its push service. */
  readonly url: string;
  readonly #listener: PapListener;
  readonly #wap: ReturnType<typeof createWapSender>;
  readonly #ports: Map<string, number>;

  private constructor(
    url: string,
    listener: PapListener,
    wap: ReturnType<typeof createWapSender>,
    ports: Map<string, number>,
  ) {
    this.url = url;
    this.#listener = listener;
    this.#wap = wap;
    this.#ports = ports;
  }

  /** Starts it on a port of loopback, any free one as a rule, for one initiator. `onSubmit` hears of each push before it goes on. */
  static async start(
    credentials: { readonly username: string; readonly password: string },
    port = 0,
    onSubmit: (submission: PapSubmission) => void = () => {},
  ): Promise<SimulatedPushGateway> {
    const wap = createWapSender({ maxDatagram: wapSenderDefaults.maximum });
    const ports = new Map<string, number>();
    const host: PapHost = {
      submit: async (submission) => {
        onSubmit(submission);
        for (const { value } of submission.recipients) {
          const port = ports.get(value);
          if (port === undefined) return { code: 'addressNotFound' };
          const push = { id: submission.pushId, contentType: typeOf(submission), body: submission.body };
          await wap.send(push, { host: '127.0.0.1', port }, new AbortController().signal);
        }
        return { code: 'acceptedForProcessing' };
      },
      cancel: async () => [],
      query: async () => [],
    };
    const endpoint = new PapEndpoint({ host, initiators: [{ name: credentials.username, credentials }] });
    const handle = endpoint.handle.bind(endpoint);
    const listener = new PapListener({
      port,
      address: '127.0.0.1',
      routes: { '/pap': { maxBody: endpoint.maxBody, handle } },
    });
    const bound = await listener.start();
    return new SimulatedPushGateway(`http://127.0.0.1:${bound}/pap`, listener, wap, ports);
  }

  /** Says on which UDP port of loopback the device with a telephone number listens. */
  route(number: string, port: number): void {
    this.#ports.set(number, port);
  }

  async close(): Promise<void> {
    await this.#listener.close();
    await this.#wap.close();
  }
}

function typeOf({ contentType }: PapSubmission): PushContentType {
  const known = Object.values(contentTypes).findLast(({ mime }) => mime === contentType.mime);
  const parameters = pushParameters(contentType.parameters);
  const type = known ?? contentTypes['dm1.3'];
  return Object.keys(parameters).length === 0 ? type : { ...type, parameters };
}
