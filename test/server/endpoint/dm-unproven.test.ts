// What a message gets whose sender has not proved itself: little, at little cost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DmCommand,
  messageContentType,
  readMessage,
  writeMessage,
} from '../../../src/codec/syncml/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { listening, type Posted, post } from '../dm-http.ts';
import { withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;
type Form = 'xml' | 'wbxml';

interface Parts {
  readonly form: Form;
  readonly commands: readonly DmCommand[];
  readonly maxMsgSize?: number;
  readonly target?: string;
  readonly msgId?: string;
}

function octetsOf({
  form,
  commands,
  maxMsgSize,
  target = sampleAccount.url,
  msgId = '1',
}: Parts): Uint8Array {
  const header = {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '5',
    msgId,
    target: { uri: target },
    source: { uri: deviceId, name: 'n' },
    ...(maxMsgSize !== undefined && { meta: { maxMsgSize } }),
  };
  return writeMessage({ header, commands, final: true }, form);
}

/** An alert that begins a session, and commands up to `count`. */
function commandsOf(count: number): DmCommand[] {
  const alert: DmCommand = { name: 'Alert', cmdId: '1', data: '1201', items: [] };
  const others = Array.from(
    { length: count - 1 },
    (_, each): DmCommand => ({
      name: 'Replace',
      cmdId: String(each + 2),
      items: [{ source: { uri: './DevInfo/Man' }, data: 'Acme' }],
    }),
  );
  return [alert, ...others];
}

function send(port: number, form: Form, body: Uint8Array): Promise<Posted> {
  return post({ port, from: '127.0.3.1', body, headers: { 'content-type': messageContentType(form) } });
}

function statusesOf(form: Form, { body }: Posted): string[] {
  return readMessage(body, form).commands.map((command) =>
    command.name === 'Status' ? `${command.cmd} ${command.cmdRef} ${command.data}` : command.name,
  );
}

for (const form of ['xml', 'wbxml'] as const) {
  test(`up to 16 commands get a Status each, of more only SyncHdr does, in ${form}`, () =>
    withServer({}, (bench) =>
      listening(bench, async ({ port }) => {
        for (const [count, answered] of [
          [1, 2],
          [8, 9],
          [17, 1],
          [400, 1],
        ] as const) {
          const answer = await send(port, form, octetsOf({ form, commands: commandsOf(count) }));
          const statuses = statusesOf(form, answer);
          assert.equal(statuses.length, answered, `${count} commands`);
          assert.equal(statuses[0], 'SyncHdr 0 407');
        }
        // With something to say each, so that there is room for what is said to them.
        const long = commandsOf(16).map(
          (command): DmCommand =>
            command.name === 'Replace'
              ? { ...command, items: [{ source: { uri: './DevInfo/Man' }, data: 'x'.repeat(100) }] }
              : command,
        );
        assert.equal(statusesOf(form, await send(port, form, octetsOf({ form, commands: long }))).length, 17);
      }),
    ));

  test(`behind the first commands nothing is read: 20 000 commands cost as much as 17, in ${form}`, () =>
    withServer({}, (bench) =>
      listening(bench, async ({ port }) => {
        const whole = octetsOf({ form, commands: commandsOf(8000) });
        // What would be an error, if it were read.
        const broken = whole.slice(0, whole.length - 30);
        const answer = await send(port, form, broken);
        assert.equal(answer.status, 200);
        assert.deepEqual(statusesOf(form, answer), ['SyncHdr 0 407']);
        assert.ok(answer.body.length < 2000);
      }),
    ));

  test(`never more than 1024 octets beyond what came in, whatever is to be repeated, in ${form}`, () =>
    withServer({}, (bench) =>
      listening(bench, async ({ port }) => {
        const text = fc.oneof(
          fc.string({ maxLength: 300 }),
          fc.constantFrom('&'.repeat(2000), '<'.repeat(300), ''),
        );
        const parts = fc.record({
          count: fc.integer({ min: 1, max: 20 }),
          target: text,
          msgId: fc.oneof(fc.string({ maxLength: 20 }), fc.constant('&'.repeat(64))),
        });
        await fc.assert(
          fc.asyncProperty(parts, async ({ count, target, msgId }) => {
            let body: Uint8Array;
            try {
              body = octetsOf({ form, commands: commandsOf(count), target, msgId });
            } catch {
              return;
            }
            // As CDATA, a character that is written as five comes in as one.
            const inXml = Buffer.from(body)
              .toString('utf8')
              .replace(
                /((?:&(?:amp|lt);)+)/g,
                (all) => `<![CDATA[${all.replaceAll('&amp;', '&').replaceAll('&lt;', '<')}]]>`,
              );
            const sent = form === 'xml' ? Buffer.from(inXml) : body;
            const answer = await send(port, form, sent);
            assert.ok(answer.status === 200 || answer.status === 400, String(answer.status));
            assert.ok(
              answer.body.length <= sent.length + 1024,
              `${sent.length} in, ${answer.body.length} out`,
            );
          }),
          { numRuns: 60 },
        );
      }),
    ));

  test(`MaxMsgSize holds for whoever has not proved itself, however small it is, in ${form}`, () =>
    withServer({}, (bench) =>
      listening(bench, async ({ port }) => {
        let messages = 0;
        for (const maxMsgSize of [1, 10, 100, 200, 300, 400, 600, 800, 1000, 1200, 1500, 2000, 3000]) {
          const answer = await send(port, form, octetsOf({ form, commands: commandsOf(16), maxMsgSize }));
          if (answer.status === 200) {
            messages += 1;
            assert.ok(answer.body.length <= maxMsgSize, `${answer.body.length} of ${maxMsgSize}`);
          } else {
            assert.equal(answer.status, 400);
            assert.match(answer.body.toString(), /MaxMsgSize/);
          }
        }
        assert.ok(messages >= 5);
      }),
    ));

  test(`MaxMsgSize holds in sessions, however small it is, in ${form}`, () =>
    withServer({ form }, (bench) =>
      listening(bench, async ({ port }) => {
        let messages = 0;
        for (const maxMsgSize of [1, 100, 500, 700, 900, 1100, 1300, 1600, 2000, 3000]) {
          const { device } = bench;
          const session = device.open({ sessionId: 5, trigger: 'client' });
          let step = session.start();
          for (let count = 0; count < 4 && step.send !== undefined; count += 1) {
            device.keep(step);
            const { message } = step.send;
            const header = { ...message.header, meta: { ...message.header.meta, maxMsgSize } };
            const { body, url } = device.request({ ...step.send, message: { ...message, header } });
            const { pathname, search } = new URL(url);
            const type = messageContentType(form);
            const headers = { 'content-type': type };
            const answer = await post({ port, from: '127.0.3.1', body, path: pathname + search, headers });
            if (answer.status !== 200) break;
            messages += 1;
            assert.ok(answer.body.length <= maxMsgSize, `${answer.body.length} of ${maxMsgSize}`);
            step = await session.receive(device.read(answer));
          }
          device.keep(step);
        }
        assert.ok(messages >= 5, `${messages} messages`);
      }),
    ));
}

test('a MsgID of any length is refused before it is kept', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const body = octetsOf({ form: 'xml', commands: commandsOf(1), msgId: '1'.repeat(65) });
      const answer = await send(port, 'xml', body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.toString(), /MsgID is longer than 64/);
    }),
  ));
