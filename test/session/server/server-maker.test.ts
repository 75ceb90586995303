// How a server speaks to the client whose first message it has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage } from '../../../src/codec/syncml/index.ts';
import { makeCred } from '../../../src/security/index.ts';
import { serverMaker } from '../../../src/session/server/server-maker.ts';
import type { ServerSessionOptions } from '../../../src/session/server/server-options.ts';
import { credentials, deviceId, serverId, serverUri } from '../conversation.ts';

const options: ServerSessionOptions = {
  sessionId: 0x1234,
  serverId,
  serverUri,
  deviceId,
  commands: { next: async () => [] },
};
const first = (header: Partial<DmMessage['header']> = {}): DmMessage => ({
  header: {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1234',
    msgId: '1',
    target: { uri: serverUri },
    source: { uri: deviceId },
    ...header,
  },
  commands: [],
  final: true,
});

test('a message without credentials keeps room for those that its repetition may need', () => {
  for (const encoding of ['xml', 'wbxml'] as const) {
    const server = credentials('server', 'hmac', 'nonce');
    const maker = serverMaker({ ...options, encoding, server }, first());
    maker.peerMaxMsgSize = 3000;
    const cred = makeCred('md5', server, server.nonce);
    assert.equal(maker.roomFor({}), maker.roomFor({ cred }));
    const bare = serverMaker({ ...options, encoding }, first());
    bare.peerMaxMsgSize = 3000;
    assert.ok(bare.roomFor({}) > bare.roomFor({ cred }), 'who has none needs no room for any');
  }
});

test('the server speaks the version of the client, and 1.2 to one that it does not know', () => {
  for (const [verDtd, verProto, answer] of [
    [' 1.1 ', ' DM/1.1', ['1.1', 'DM/1.1']],
    ['1.2', 'DM/1.3', ['1.2', 'DM/1.3']],
    ['1.2', 'DM/2.0', ['1.2', 'DM/1.2']],
    ['3.0', 'DM/1.2', ['1.2', 'DM/1.2']],
  ] as const) {
    const { outgoing } = serverMaker(options, first({ verDtd, verProto })).make({
      attachment: {},
      mayBeFinal: true,
    });
    const { header } = outgoing.message;
    assert.deepEqual([header.verDtd, header.verProto], answer);
  }
});

test('what the options leave open is said in the header all the same, and a name goes with credentials', () => {
  const header = (more: Partial<ServerSessionOptions>) =>
    serverMaker({ ...options, ...more }, first()).make({ attachment: {}, mayBeFinal: true }).outgoing.message
      .header;
  const plain = header({});
  assert.deepEqual(plain.meta, { maxMsgSize: 65_536, maxObjSize: 1_048_576 });
  assert.deepEqual(
    [plain.source, plain.target, plain.respUri, plain.msgId],
    [{ uri: serverUri }, { uri: deviceId }, undefined, '1'],
  );
  const full = header({
    server: credentials('server', 'md5', 'n'),
    maxMsgSize: 4000,
    maxObjSize: 5000,
    respUri: 'https://dm.example/s',
    messagesBefore: 3,
  });
  assert.deepEqual(full.meta, { maxMsgSize: 4000, maxObjSize: 5000 });
  assert.deepEqual(
    [full.source, full.respUri, full.msgId],
    [{ uri: serverUri, name: serverId }, 'https://dm.example/s', '4'],
  );
});
