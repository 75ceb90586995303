// Peers that know no secret and say anything: nothing is carried out, told or stored, and nothing hangs or rejects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Cred, DmCommand, DmMessage } from '../../src/codec/syncml/index.ts';
import type { Incoming, SessionEffect, SessionStep } from '../../src/session/index.ts';
import { deviceId, serverUri, stage, twoWay } from './conversation.ts';

const reference = fc.constantFrom('0', '1', '2', '3', '77', '');
const code = fc.constantFrom(
  '200',
  '212',
  '213',
  '401',
  '407',
  '500',
  '503',
  '1200',
  '1222',
  '1223',
  '1225',
  'x',
  '',
);
const item = fc.constantFrom(
  {},
  { target: { uri: './A' }, data: 'x' },
  { target: { uri: './A' }, data: 'x', moreData: true, meta: { size: 5 } },
  { source: { uri: './DevInfo/DevId' }, data: deviceId },
);
const items = fc.array(item, { maxLength: 3 });
const chal = fc.constantFrom(
  undefined,
  { meta: { type: 'syncml:auth-md5', format: 'b64', nextNonce: new Uint8Array(16).fill(9) } },
  { meta: { type: 'syncml:auth-basic', format: 'b64' } },
  { meta: { type: 'syncml:auth-MAC', nextNonce: new Uint8Array(4) } },
  { meta: {} },
);
const cmdId = fc.constantFrom('1', '2', '');
const single: fc.Arbitrary<DmCommand> = fc.oneof(
  fc.record({ name: fc.constantFrom('Add', 'Replace', 'Get', 'Delete'), cmdId, items }),
  fc.record({ name: fc.constant('Exec'), cmdId, items }),
  fc.record({ name: fc.constant('Alert'), cmdId, data: code, items }),
) as fc.Arbitrary<DmCommand>;
const command = fc.oneof(
  single,
  fc.record({
    name: fc.constantFrom('Atomic', 'Sequence'),
    cmdId,
    commands: fc.array(single, { maxLength: 3 }),
  }),
  fc.record({ name: fc.constant('Results'), cmdId, msgRef: reference, cmdRef: reference, items }),
  fc
    .record({
      cmdRef: reference,
      cmd: fc.constantFrom('SyncHdr', 'Get', 'Alert'),
      data: code,
      chal,
      msgRef: reference,
    })
    .map(({ chal: challenge, ...status }) => ({
      name: 'Status',
      cmdId: '1',
      targetRefs: [],
      sourceRefs: [],
      items: [],
      ...status,
      ...(challenge === undefined ? {} : { chal: challenge }),
    })),
) as fc.Arbitrary<DmCommand>;
const cred: fc.Arbitrary<Cred | undefined> = fc.constantFrom(
  undefined,
  { data: 'AAAA' },
  { meta: { type: 'syncml:auth-md5', format: 'b64' }, data: 'cnPI6nO9RgujiHU0y58kNA==' },
  { meta: { type: 'syncml:auth-basic' }, data: 'QnJ1Y2UyOk9oQmVoYXZlIQ==' },
);

/** A message from nobody; the right reference is there often enough to get past the first checks. */
function message(from: string, to: string): fc.Arbitrary<Incoming> {
  return fc
    .record({
      msgId: fc.constantFrom('1', '2', '3', '4', ''),
      cred,
      hmac: fc.constantFrom(undefined, 'algorithm=MD5, username="Bruce2", mac=hu9DbrsVgGvIpbTWAPh7Mw==', ','),
      commands: fc.array(command, { maxLength: 5 }),
      final: fc.boolean(),
      respUri: fc.constantFrom(undefined, 'https://evil.example/', '::'),
      body: fc.uint8Array({ maxLength: 3 }),
    })
    .map(({ hmac, cred: given, respUri, msgId, commands, final, body }) => {
      const read: DmMessage = {
        header: {
          verDtd: '1.2',
          verProto: 'DM/1.2',
          sessionId: '1234',
          msgId,
          target: { uri: to },
          source: { uri: from },
          ...(given === undefined ? {} : { cred: given }),
          ...(respUri === undefined ? {} : { respUri }),
        },
        commands,
        final,
      };
      return { message: read, body, ...(hmac === undefined ? {} : { hmac }) };
    });
}

function assertNothingGained(effects: readonly SessionEffect[]): void {
  for (const { effect } of effects) assert.equal(effect, 'note');
}

for (const scheme of ['basic', 'md5', 'hmac'] as const) {
  test(`a device under ${scheme} does nothing for a server that knows no secret`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message(serverUri, deviceId), { maxLength: 6 }), async (messages) => {
        const scene = stage(twoWay(scheme));
        const steps: SessionStep[] = [scene.session.start()];
        for (const incoming of messages) steps.push(await scene.session.receive(incoming));
        steps.push(scene.session.timeout());
        assert.ok(scene.session.ended !== undefined);
        assert.deepEqual(scene.executed, []);
        for (const { effects } of steps) assertNothingGained(effects);
      }),
    );
  });

  test(`a server under ${scheme} tells and takes nothing from a client that knows no secret`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message(deviceId, serverUri), { maxLength: 6 }), async (messages) => {
        let asked = false;
        const commands = {
          next: async () => {
            asked = true;
            return [];
          },
        };
        const { server } = twoWay(scheme);
        const scene = stage({ server: { ...server, acceptDefaultNonce: false, commands } });
        for (const incoming of messages) {
          const { effects, send } = await scene.server.receive(incoming);
          assertNothingGained(effects);
          for (const each of send?.message.commands ?? []) assert.ok(each.name === 'Status');
          assert.equal(send?.message.header.cred, undefined);
        }
        assert.equal(scene.server.authenticated, false);
        assert.equal(asked, false);
      }),
    );
  });
}

test('an authenticated peer may say anything too: every message leads to a step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message(serverUri, deviceId), { maxLength: 6 }),
      fc.array(message(deviceId, serverUri), { maxLength: 6 }),
      async (toClient, toServer) => {
        const scene = stage({
          packages: [[{ name: 'Get', cmdId: 'a', items: [{ target: { uri: './A' } }] }]],
        });
        scene.session.start();
        for (const incoming of toClient) await scene.session.receive(incoming);
        for (const incoming of toServer) await scene.server.receive(incoming);
        scene.session.timeout();
        scene.server.timeout();
        assert.ok(scene.session.ended !== undefined && scene.server.ended !== undefined);
      },
    ),
  );
});
