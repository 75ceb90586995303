// What bindings are held against, as one process: `node push-peer.ts SPEC`, SPEC being a `PeerSpec` as JSON; prints a `SenderCount` on
// its last line. It sends what the bindings send, and nothing stands around it.
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { keepOpen } from './keep-open.ts';

/** What is sent, and by what. All of it goes to 127.0.0.1. */
export interface PeerSpec {
  /** `smpp-receipts`: answers receipts and finds the message of each, as a sender has to that wants to know. */
  readonly peer: 'undici' | 'smpp' | 'smpp-receipts';
  readonly port: number;
  /** Before those that count. */
  readonly warmUp: number;
  readonly count: number;
  /** How many are under way at a time. */
  readonly open: number;
}

/** As much of node-smpp as is needed; it comes without types. */
interface SmppPdu {
  readonly command_status: number;
  readonly message_id: string;
  readonly short_message: { readonly message: Buffer | string };
  response(): SmppPdu;
}
interface SmppSession {
  readonly socket: Socket;
  on(event: 'deliver_sm', run: (pdu: SmppPdu) => void): void;
  on(event: 'error', run: (error: Error) => void): void;
  send(pdu: SmppPdu): void;
  bind_transceiver(fields: object, done: (pdu: SmppPdu) => void): void;
  submit_sm(fields: object, done: (pdu: SmppPdu) => void): void;
}
interface SmppModule {
  connect(options: object, connected: () => void): SmppSession;
}

const { peer, port, warmUp, count, open } = JSON.parse(process.argv[2] ?? '{}') as PeerSpec;
/** Messages whose receipt has not come, by the centre's id. */
const expected = new Set<string>();
const one = peer === 'undici' ? await overUndici() : await overSmpp();
await keepOpen({ count: warmUp, open }, one, allReceipts);
console.log(JSON.stringify(await keepOpen({ count, open }, one, allReceipts)));
process.exit(0);

async function overUndici(): Promise<() => Promise<unknown>> {
  const { Pool } = await import('undici');
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: open });
  const headers = { 'content-type': 'application/vnd.syncml.notification' };
  const body = Buffer.alloc(42, 0x5a);
  return async () => {
    const answer = await pool.request({ path: '/wappush', method: 'POST', headers, body });
    await answer.body.dump();
  };
}

async function overSmpp(): Promise<(at: number) => Promise<unknown>> {
  const smpp = createRequire(import.meta.url)('smpp') as SmppModule;
  const session = await new Promise<SmppSession>((resolve, reject) => {
    const made = smpp.connect({ url: `smpp://127.0.0.1:${port}` }, () => {
      const account = { system_id: 'bench', password: 'bench' };
      made.bind_transceiver(account, ({ command_status: status }) => {
        if (status === 0) resolve(made);
        else reject(new Error(`the bind was answered with ${status}`));
      });
    });
    // Else its answers to receipts wait for the centre's acknowledgement, 40 ms each time.
    made.socket.setNoDelay(true);
    made.on('error', reject);
  });
  const early = new Set<string>();
  session.on('deliver_sm', (pdu) => {
    session.send(pdu.response());
    const { message } = pdu.short_message;
    const id = /^id:(\S+)/.exec(message.toString('latin1'))?.[1] ?? '';
    if (peer === 'smpp-receipts' && !expected.delete(id)) early.add(id);
  });
  // Ports 2948 and 9200, then what a push over WSP begins with.
  const head = Buffer.from('0605040b8423f0010603c4af87', 'hex');
  const message = Buffer.concat([head, Buffer.alloc(42, 0x5a)]);
  return (at) =>
    new Promise<void>((resolve, reject) => {
      const fields = {
        source_addr: '4040',
        destination_addr: `3584${1_000_000 + at}`,
        esm_class: 0x40,
        data_coding: 4,
        registered_delivery: 1,
        short_message: message,
      };
      session.submit_sm(fields, ({ command_status: status, message_id: id }) => {
        if (status !== 0) reject(new Error(`a message was answered with ${status}`));
        else if (peer === 'smpp-receipts' && !early.delete(id)) expected.add(id);
        resolve();
      });
    });
}

/** Looks in each turn of the loop; a minute at most. @throws {Error} */
async function allReceipts(): Promise<void> {
  const end = performance.now() + 60_000;
  while (expected.size > 0) {
    if (performance.now() > end) throw new Error(`${expected.size} receipts did not come within a minute`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
