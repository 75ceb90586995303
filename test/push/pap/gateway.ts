// A gateway on the loopback for push initiators: it answers PAP as a test says. And pushes to send to it.
import type { TestContext } from 'node:test';
import {
  type PapMessage,
  type ReadPapEntities,
  readPapEntities,
  writePapEntities,
} from '../../../src/codec/pap/index.ts';
import { contentTypes, type Push, type PushContentType } from '../../../src/push/index.ts';
import {
  createPapSender,
  type PapGateway,
  type PapSender,
  type PapSenderOptions,
} from '../../../src/push/pap/index.ts';
import {
  answer,
  type Script,
  type ScriptedPeer,
  type SeenRequest,
  startPeer,
} from '../http/scripted-peer.ts';

export const never = new AbortController().signal;
export const plmn = 'WAPPUSH=+491701234567/TYPE=PLMN@ppg.example';

/** A push with `size` octets. */
export function pushOf(size: number, contentType: PushContentType = contentTypes['dm1.3']): Push {
  return { id: 'n-1', contentType, body: Uint8Array.from({ length: size }, (_, index) => (index * 7) & 255) };
}

/** What a request carries. */
export function entitiesOf({ head, body }: SeenRequest): ReadPapEntities {
  return readPapEntities(/\ncontent-type: ([^\n]*)/i.exec(head)?.[1], body);
}

/** An answer in PAP. */
export function papAnswer(message: PapMessage, status = '202 Accepted'): string {
  const { contentType, body } = writePapEntities({ document: { message } }, '1.0');
  return answer(status, { 'Content-Type': contentType }, new TextDecoder('latin1').decode(body));
}

/** The push-id of a request. */
export function pushIdOf(request: SeenRequest): string {
  const { message } = entitiesOf(request).document;
  return 'pushId' in message ? message.pushId : '';
}

/** Answers every push with this code. */
export function withCode(code: number, desc?: string): Script {
  return (request) =>
    papAnswer({
      element: 'push-response',
      pushId: pushIdOf(request),
      progressNotes: [],
      responseResult: desc === undefined ? { code } : { code, desc },
    });
}

/** Answers with this message, whatever is asked. */
export function withMessage(message: PapMessage): Script {
  return () => papAnswer(message);
}

/** A gateway that answers by `script`, and an initiator that knows it as `ppg.example`; both are closed after the test. */
export async function startGateway(
  t: TestContext,
  script: Script,
  gateway: Partial<PapGateway> = {},
  options: Partial<PapSenderOptions> = {},
): Promise<{
  readonly peer: ScriptedPeer;
  readonly sender: PapSender;
  readonly send: (size?: number, contentType?: PushContentType) => ReturnType<PapSender['send']>;
}> {
  const peer = await startPeer(t, script);
  const sender = createPapSender({
    gateways: [{ name: 'ppg.example', url: `${peer.origin}/pap`, ...gateway }],
    initiator: 'dm.example',
    ...options,
  });
  t.after(() => sender.close());
  const to = { address: plmn, gateway: 'ppg.example' };
  return { peer, sender, send: (size = 5, contentType) => sender.send(pushOf(size, contentType), to, never) };
}
