// Nobody learns from the DM endpoint which devices there are, nor how they prove themselves (spec-notes ruling 22).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthScheme, SessionCredentials } from '../../../src/session/index.ts';
import type { Store } from '../../../src/store/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { httpCarrier, listening, type Posted } from '../dm-http.ts';
import { type Carrier, ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const other = { serverId: 'com.example.other', name: 'Other', url: 'http://127.0.0.1:8080/other' };
const id = (kind: number): string => `IMEI:49300510059290${kind}`;

/** Devices of every kind that a record can be of, and one of none; their ids are equally long. */
const kinds: Readonly<Record<string, string>> = {
  unknown: id(0),
  basic: id(1),
  md5: id(2),
  hmac: id(3),
  'only basic': id(4),
  'of another account': id(5),
  'with a certificate alone': id(6),
  'woken just now': id(7),
};

async function addKinds({ store, server }: Pick<ServerBench, 'store' | 'server'>): Promise<void> {
  await store.createAccount(other);
  const { clientCredentials, ...device } = sampleDevice();
  const add = (kind: string, more: object) =>
    store.createDevice({ ...device, id: kinds[kind] ?? '', ...more });
  for (const scheme of ['basic', 'md5', 'hmac'] as const) {
    await add(scheme, { clientCredentials: { ...clientCredentials, scheme } });
  }
  await add('only basic', {
    clientCredentials: { ...clientCredentials, scheme: 'basic' },
    clientSchemes: ['basic'],
  });
  await add('of another account', { clientCredentials, serverId: other.serverId });
  await add('with a certificate alone', { tlsCertificate: { sha256: 'ab'.repeat(32) } });
  await add('woken just now', { clientCredentials, firstSessionId: 5 });
  await server.pushes.createNotification({ device: kinds['woken just now'] ?? '' });
}

/** What differs by chance, and the name that was sent, taken out; the lengths stay. A nonce has 16 octets in Base64. */
function shape({ status, headers, body }: Posted, name: string): object {
  const { date: _, ...others } = headers;
  const text = Buffer.from(body)
    .toString('latin1')
    .replaceAll(name, 'IMEI:xxxxxxxxxxxxxxx')
    .replace(/s=[0-9a-f]{32}/g, 's=TOKEN')
    .replace(/[A-Za-z0-9+/]{22}==/g, 'NONCE');
  return { status, headers: others, text };
}

/** A client that goes on after a challenge, and never has the right secret. */
async function probe(
  port: number,
  from: string,
  name: string,
  given: AuthScheme | 'nothing',
  form: 'xml' | 'wbxml',
) {
  const { clientCredentials, serverCredentials } = sampleDevice();
  const posted: Posted[] = [];
  const carry = httpCarrier(port, from);
  const carrier: Carrier = async (request) => {
    const answer = (await carry(request)) as Posted;
    posted.push(answer);
    return answer;
  };
  const none = new Uint8Array([1]);
  const client: SessionCredentials = {
    ...clientCredentials,
    scheme: given === 'nothing' ? 'basic' : given,
    secret: 'guessed',
    nonce: none,
  };
  const server = { ...serverCredentials, nonce: none };
  const device = new ScriptedDevice(
    { deviceId: name, serverId: sampleAccount.serverId, serverUri: sampleAccount.url, client, server },
    carrier,
    { form },
  );
  const { serverId, serverUri } = device.state;
  await device.run({
    sessionId: 5,
    ...(given === 'nothing' && { account: { serverId, serverUri } }),
  });
  return posted.map((each) => shape(each, name));
}

for (const form of ['xml', 'wbxml'] as const) {
  for (const given of ['nothing', 'basic', 'md5', 'hmac'] as const) {
    test(`every device, and none, is answered in the same octets but for the nonce: ${given} given, in ${form}`, () =>
      withServer({}, (bench) =>
        listening(bench, async ({ port }) => {
          await addKinds(bench);
          const answers = new Map<string, readonly object[]>();
          let source = 0;
          for (const [kind, name] of Object.entries(kinds)) {
            source += 1;
            answers.set(kind, await probe(port, `127.0.2.${source}`, name, given, form));
          }
          const unknown = answers.get('unknown');
          assert.equal(unknown?.length, given === 'nothing' ? 1 : 2, 'an answer to each message');
          for (const [kind, answer] of answers) assert.deepEqual(answer, unknown, kind);
        }),
      ));
  }
}

test('of every device, and of none, the store is asked as often', () => {
  const calls: string[] = [];
  const wrapStore = (store: Store): Store =>
    Object.fromEntries(
      Object.entries(store).map(([name, member]) => [
        name,
        typeof member !== 'function'
          ? member
          : (...parameters: unknown[]) => {
              calls.push(name);
              return (member as (...all: unknown[]) => unknown)(...parameters);
            },
      ]),
    ) as unknown as Store;
  return withServer({ wrapStore }, (bench) =>
    listening(bench, async ({ port }) => {
      await addKinds(bench);
      await bench.server.engine.stop();
      const read = new Map<string, readonly string[]>();
      let source = 0;
      // The first one may bring the list of accounts up to date, whoever it is.
      for (const [kind, name] of [['first', id(9)], ...Object.entries(kinds)]) {
        source += 1;
        calls.length = 0;
        await probe(port, `127.0.2.${source}`, name ?? '', 'md5', 'xml');
        read.set(kind ?? '', calls.filter((call) => call !== 'recordSession').sort());
      }
      read.delete('first');
      for (const [kind, names] of read) assert.deepEqual(names, read.get('unknown'), kind);
    }),
  );
});

test('who comes to the address of one account is answered from there, whosever device it says to be', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      await addKinds(bench);
      for (const name of Object.values(kinds)) {
        const device = new ScriptedDevice(
          { ...bench.device.state, deviceId: name, serverUri: other.url },
          httpCarrier(port, '127.0.2.1'),
        );
        const { serverId, serverUri } = device.state;
        const step = device.open({ sessionId: 5, account: { serverId, serverUri } }).start();
        assert.ok(step.send);
        const answer = await httpCarrier(
          port,
          '127.0.2.1',
        )({ ...device.request(step.send), url: 'http://x/dm' });
        const { source, respUri } = device.read(answer).message.header;
        assert.deepEqual(source, { uri: other.url });
        assert.match(respUri ?? '', /^http:\/\/127\.0\.0\.1:8080\/other\?s=[0-9a-f]{32}$/);
      }
    }),
  ));

const asked: readonly {
  readonly record: AuthScheme;
  readonly first: AuthScheme | 'nothing';
  readonly statuses: readonly string[];
  readonly challenge?: AuthScheme;
}[] = [
  { record: 'md5', first: 'nothing', statuses: ['407', '212'] },
  { record: 'md5', first: 'basic', statuses: ['401', '212'] },
  { record: 'md5', first: 'md5', statuses: ['401', '212'] },
  { record: 'hmac', first: 'hmac', statuses: ['401', '200'] },
  // A type that is not taken, with the right secret: only now the record says what is wanted.
  { record: 'hmac', first: 'md5', statuses: ['401', '401', '200'] },
  { record: 'hmac', first: 'basic', statuses: ['401', '200'] },
  { record: 'basic', first: 'md5', statuses: ['401', '212'] },
  { record: 'hmac', first: 'nothing', statuses: ['407', '200'], challenge: 'hmac' },
  { record: 'basic', first: 'nothing', statuses: ['407', '212'], challenge: 'basic' },
];

for (const { record, first, statuses, challenge } of asked) {
  const policy = challenge === undefined ? '' : ` where ${challenge} is asked for`;
  test(`a device of ${record} that begins with ${first} gets in${policy}: ${statuses}`, () =>
    withServer(
      {
        device: { clientCredentials: { ...sampleDevice().clientCredentials, scheme: record } },
        server: { endpoint: challenge === undefined ? {} : { challenge } },
      },
      (bench) =>
        listening(bench, async ({ port }) => {
          const seen: string[] = [];
          const carry = httpCarrier(port, '127.0.0.1');
          const { state } = bench.device;
          const client = {
            ...state.client,
            nonce: new Uint8Array([1]),
            scheme: first === 'nothing' ? record : first,
          };
          const device = new ScriptedDevice({ ...state, client }, async (request) => {
            // A client that waits to be asked.
            const isFirst = seen.length === 0 && first === 'nothing';
            const body = isFirst
              ? Buffer.from(
                  Buffer.from(request.body)
                    .toString()
                    .replace(/<Cred>.*<\/Cred>/, ''),
                )
              : request.body;
            const { hmac, ...bare } = request;
            const answer = await carry(isFirst ? { ...bare, body } : { ...request });
            seen.push(/<Data>(\d+)<\/Data>/.exec(Buffer.from(answer.body).toString())?.[1] ?? '');
            return answer;
          });
          const { serverId, serverUri, server } = state;
          const account = {
            serverId,
            serverUri,
            client,
            server,
            clientSchemes: ['basic', 'md5', 'hmac'] as const,
          };
          const { end } = await device.run({ sessionId: 5, account, maxChallenges: 2 });
          assert.deepEqual(end, { outcome: 'completed' });
          assert.deepEqual(seen.slice(0, statuses.length), statuses);
        }),
    ));
}
