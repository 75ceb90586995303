// A piece of a large object that cannot be read is lost to both ends: what follows it is not the whole value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage } from '../../src/codec/syncml/index.ts';
import { utf8ToBytes } from '../../src/core/index.ts';
import type { Incoming, SessionEffect, SessionStep } from '../../src/session/index.ts';
import { deviceId, effectsOf, get, line, serverUri, stage } from './conversation.ts';

/** A message from text, as the peer reads it. */
function incoming(from: 'client' | 'server', msgId: number, commands: string, final: boolean): Incoming {
  const [target, source] = from === 'client' ? [serverUri, deviceId] : [deviceId, serverUri];
  const body = utf8ToBytes(
    `<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1234</SessionID><MsgID>${msgId}</MsgID>` +
      `<Target><LocURI>${target}</LocURI></Target><Source><LocURI>${source}</LocURI></Source></SyncHdr>` +
      `<SyncBody>${commands}${final ? '<Final/>' : ''}</SyncBody></SyncML>`,
  );
  return { message: readMessage(body, 'xml'), body };
}

const status = (cmdId: number, msgRef: number, cmdRef: string, cmd: string, data: number): string =>
  `<Status><CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd><Data>${data}</Data></Status>`;
const metaOf = (inner: string): string => `<Meta>${inner}</Meta>`;
const size = (text: string): string => metaOf(`<Size xmlns="syncml:metinf">${text}</Size>`);

/** A server that asked for ./Big in its message 1. */
async function asked() {
  const { server } = stage({ packages: [[get('a', './Big')]] });
  const effects: SessionEffect[] = [];
  let msgId = 0;
  const say = async (commands: string, final: boolean): Promise<string> => {
    msgId += 1;
    const step: SessionStep = await server.receive(incoming('client', msgId, commands, final));
    effects.push(...step.effects);
    return step.send === undefined ? '' : line({ from: 'server', message: step.send.message });
  };
  await say('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>', true);
  const results = (meta: string, item: string): string =>
    `<Results><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef>3</CmdRef>${meta}<Item><Source><LocURI>./Big</LocURI></Source>${item}</Item></Results>`;
  const outcome = () => {
    const [answer] = effectsOf(effects, 'answered');
    return [answer?.problem, answer?.results.length];
  };
  return { say, results, outcome, effects };
}

const more = '<MoreData/>';
const firstPieces: readonly (readonly [string, string, string])[] = [
  ...['ten', '-1', '+10', '', '0x0A', '10.0', '9007199254740993'].map(
    (text): readonly [string, string, string] => [`Size ${JSON.stringify(text)} in the Item`, '', size(text)],
  ),
  ['Size "ten" in the Meta of Results', size('ten'), ''],
  [
    'NextNonce that is not Base64 beside a good Size',
    '',
    metaOf('<NextNonce>***</NextNonce><Size>10</Size>'),
  ],
  ['MaxObjSize "zz" beside a good Size', '', metaOf('<MaxObjSize>zz</MaxObjSize><Size>10</Size>')],
];

for (const [what, ofCommand, ofItem] of firstPieces) {
  test(`DM-PRO-1.2, large objects: after a first piece with ${what} no later one is the value`, async () => {
    const { say, results, outcome } = await asked();
    const good = status(1, 1, '0', 'SyncHdr', 200) + status(2, 1, '3', 'Get', 200);
    const wanted = /^the value is refused: Results cannot be read: /;
    const ack = (msgRef: number): string => status(1, msgRef, '0', 'SyncHdr', 200);
    const said = [await say(good + results(ofCommand, `${ofItem}<Data>01234</Data>${more}`), false)];
    said.push(await say(ack(2) + results('', `<Data>567</Data>${more}`), false));
    said.push(await say(ack(3) + results('', '<Data>89</Data>'), true));
    const answers = said.map((text) => / Results=\d+/.exec(text)?.[0]);
    assert.deepEqual(answers, [' Results=400', ' Results=400', ' Results=400'], said.join('\n'));
    const [problem, values] = outcome();
    assert.match(String(problem), wanted);
    assert.equal(values, 0);
  });
}

test('DM-PRO-1.2, large objects: a middle and a last piece that cannot be read end the object, and no Alert 1225 asks for more', async () => {
  for (const lastOnly of [false, true]) {
    const { say, results, outcome } = await asked();
    const good = status(1, 1, '0', 'SyncHdr', 200) + status(2, 1, '3', 'Get', 200);
    assert.match(await say(good + results('', `${size('9')}<Data>012</Data>${more}`), false), /Results=213/);
    const middle = results('', `${size(lastOnly ? '9' : 'x')}<Data>345</Data>${more}`);
    const second = await say(status(1, 2, '0', 'SyncHdr', 200) + middle, false);
    assert.match(second, lastOnly ? /Results=213/ : /Results=400/);
    const end = results('', `${size(lastOnly ? 'x' : '9')}<Data>678</Data>`);
    const third = await say(status(1, 3, '0', 'SyncHdr', 200) + end, true);
    assert.match(third, /Results=400/);
    assert.doesNotMatch(second + third, /1225/);
    assert.match(String(outcome()[0]), /^the value is refused: Results cannot be read: .*"x"/);
    assert.equal(outcome()[1], 0);
  }
});

test('Results in one piece that cannot be read fail their command with the reason', async () => {
  const { say, results, outcome } = await asked();
  const good = status(1, 1, '0', 'SyncHdr', 200) + status(2, 1, '3', 'Get', 200);
  await say(good + results('', `${size('ten')}<Data>v</Data>`), true);
  assert.match(String(outcome()[0]), /^the value is refused: Results cannot be read: .*"ten"/);
});

test('a Replace of the client of which a piece cannot be read is not received', async () => {
  const { say, effects } = await asked();
  const replace = (item: string): string =>
    `<Replace><CmdID>3</CmdID><Item><Source><LocURI>./DevInfo/Man</LocURI></Source>${item}</Item></Replace>`;
  const good = status(1, 1, '0', 'SyncHdr', 200) + status(2, 1, '3', 'Get', 404);
  assert.match(await say(good + replace(`${size('ten')}<Data>Ma</Data>${more}`), false), /Replace=400/);
  assert.match(
    await say(status(1, 2, '0', 'SyncHdr', 200) + replace('<Data>ker</Data>'), true),
    /Replace=400/,
  );
  assert.deepEqual(
    effectsOf(effects, 'received').map(({ command }) => command.name),
    ['Alert'],
  );
});

test('DM-PRO-1.2, large objects: the device does not carry out the rest of an object of which a piece could not be read', async () => {
  const { session, executed } = stage();
  session.start();
  const add = (item: string): string =>
    `<Add><CmdID>2</CmdID><Item><Target><LocURI>./Big</LocURI></Target>${item}</Item></Add>`;
  const said: string[] = [];
  for (const [index, item] of [
    `${size('ten')}<Data>01234</Data>${more}`,
    `<Data>567</Data>${more}`,
    '<Data>89</Data>',
  ].entries()) {
    const ack = status(1, index + 1, '0', 'SyncHdr', 200);
    const step = await session.receive(incoming('server', index + 1, ack + add(item), index === 2));
    assert.ok(step.send);
    said.push(line({ from: 'client', message: step.send.message }));
  }
  assert.deepEqual(
    said.map((text) => / Add=\d+/.exec(text)?.[0]),
    [' Add=400', ' Add=400', ' Add=400'],
    said.join('\n'),
  );
  assert.deepEqual(executed, []);
});
