// Sends pushes over one binding of a release: `node push-sender.ts SPEC`, SPEC being a `SenderSpec` as JSON; prints a `SenderCount`
// on its last line.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Binding, Push } from '../../src/push/index.ts';
import { keepOpen, type SenderCount } from './keep-open.ts';
import { benchSecret } from './waps-secret.ts';

type HttpRoom = typeof import('../../src/push/http/index.ts');
type SipRoom = typeof import('../../src/push/sip/index.ts');
type SmsRoom = typeof import('../../src/push/sms/index.ts');
type WapsRoom = typeof import('../../src/push/waps/index.ts');

/** What is sent. All of it goes to 127.0.0.1. */
export interface SenderSpec {
  /** Root of the release that sends. */
  readonly root: string;
  /** `waps-sessions`: a sender for each push, so that each begins with a handshake. */
  readonly binding: 'http' | 'sip' | 'smpp' | 'waps' | 'waps-sessions';
  readonly port: number;
  /** Pushes before those that count. */
  readonly warmUp: number;
  readonly count: number;
  /** How many are under way at a time. */
  readonly open: number;
}

const { root, binding, port, warmUp, count, open } = JSON.parse(process.argv[2] ?? '{}') as SenderSpec;
const never = new AbortController().signal;
/** Receipts that have been told. */
let receipts = 0;
const sender = await makeSender();
const result = await keepOpen({ count: warmUp, open }, sender.send).then(async () => {
  receipts = 0;
  return keepOpen({ count, open }, sender.send, sender.rest);
});
console.log(JSON.stringify(result satisfies SenderCount));
// What a binding remembers for a while (timer K of SIP) is no reason to stay.
process.exit(0);

interface Sender {
  send(at: number): Promise<unknown>;
  /** Resolves when what has to follow a push has come for all of them. */
  rest?(): Promise<void>;
}

async function makeSender(): Promise<Sender> {
  const room = (name: string): Promise<unknown> =>
    import(pathToFileURL(join(root, 'src/push', name, 'index.ts')).href);
  switch (binding) {
    case 'http': {
      const { createHttpPushSender } = (await room('http')) as HttpRoom;
      const target = { uri: `http://127.0.0.1:${port}/wappush` };
      return over(createHttpPushSender({ maxConnections: open }), () => target);
    }
    case 'sip': {
      const { createSipSender } = (await room('sip')) as SipRoom;
      const outboundProxy = `sip:127.0.0.1:${port};transport=udp`;
      const target = { uri: 'sip:device@127.0.0.1' };
      return over(createSipSender({ from: 'sip:dms@127.0.0.1', outboundProxy }), () => target);
    }
    case 'smpp': {
      const { createSmsSender } = (await room('sms')) as SmsRoom;
      const made = createSmsSender({
        smscs: [{ host: '127.0.0.1', port, systemId: 'bench', password: 'bench' }],
        window: open,
        source: { address: '4040' },
        onReceipt: () => {
          receipts += 1;
        },
      });
      const sending = over(made, (at) => ({ number: `+3584${1_000_000 + at}` }));
      return { ...sending, rest: () => until(() => receipts >= count) };
    }
    case 'waps':
    case 'waps-sessions': {
      const { createWapsSender } = (await room('waps')) as WapsRoom;
      // Made for each push, as a server does that reads its devices from a store.
      const secrets = () => [benchSecret()];
      const target = { host: '127.0.0.1', port };
      if (binding === 'waps') return over(createWapsSender({ secrets }), () => target);
      return {
        send: async (at) => {
          const one = createWapsSender({ secrets });
          await one.send(push(at), target, never);
          await one.close();
        },
      };
    }
  }
}

function over<To>(made: Binding<To>, targetOf: (at: number) => To): Sender {
  return { send: (at) => made.send(push(at), targetOf(at), never) };
}

/** A Package #0 of usual length; what stands in it is nothing to a binding. */
function push(at: number): Push {
  return {
    id: `p${at}`,
    contentType: { mime: 'application/vnd.syncml.notification', code: 0x44 },
    body: new Uint8Array(42).fill(0x5a),
  };
}

/** Looks in each turn of the loop; a minute at most. @throws {Error} */
async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!done()) {
    if (performance.now() > end) throw new Error(`${receipts} receipts of ${count} within a minute`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
