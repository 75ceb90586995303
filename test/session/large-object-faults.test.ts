// Large objects of clients that keep the rules in their own way, or not at all: what is taken, what is refused, and that
// nothing of a refused object becomes a value (DM-PRO-1.2, large objects).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand } from '../../src/codec/syncml/index.ts';
import type { ClientSessionOptions, SessionEffect } from '../../src/session/index.ts';
import { asked, status } from './asked-client.ts';
import { asIncoming, deviceId, effectsOf, get, line, serverUri, stage } from './conversation.ts';

const more = { moreData: true };

test('DM-PRO-1.2, large objects: Size, Format and Type in the Meta of Results hold for the object', async () => {
  const { say, good, piece, goOn, effects } = await asked(['./Big']);
  const meta = { size: 10, format: 'b64', type: 'application/octet-stream' };
  const first = await say([...good('./Big'), piece('./Big', 'AAEC', more, meta)], false);
  assert.equal(first, 'S2 SyncHdr=200 Results=213 Alert:1222');
  assert.equal(
    await say([...goOn(), piece('./Big', 'AwQF', more, meta)], false),
    'S3 SyncHdr=200 Results=213 Alert:1222',
  );
  assert.equal(await say([...goOn(), piece('./Big', 'Bg', {}, meta)], true), 'S4 SyncHdr=200 Final');
  const [answered] = effectsOf(effects, 'answered');
  assert.equal(answered?.problem, undefined);
  assert.deepEqual(answered?.results, [
    {
      source: { uri: './Big' },
      data: 'AAECAwQFBg',
      meta: { format: 'b64', type: 'application/octet-stream' },
    },
  ]);
});

test('the Meta of Results holds for values in one piece too, and an item’s own goes before it', async () => {
  const { say, good, piece, effects } = await asked(['./A', './B']);
  const meta = { format: 'b64', type: 'application/x-a' };
  await say(
    [
      ...good('./A', './B'),
      piece('./A', 'AAEC', {}, meta),
      piece('./B', 'text', { meta: { format: 'chr' } }, meta),
    ],
    true,
  );
  assert.deepEqual(
    effectsOf(effects, 'answered').map(({ results }) => results[0]?.meta),
    [meta, { format: 'chr', type: 'application/x-a' }],
  );
});

test('a later piece may name the message that asked for more', async () => {
  const { say, good, piece, goOn, outcomes } = await asked(['./Big']);
  await say([...good('./Big'), piece('./Big', 'abc', more, { size: 6 })], false);
  const last = { ...piece('./Big', 'def'), msgRef: '2' };
  assert.equal(await say([...goOn(), last], true), 'S3 SyncHdr=200 Final');
  assert.deepEqual(outcomes(), [['./Big', ['abcdef']]]);
});

type Client = Awaited<ReturnType<typeof asked>>;

/** Ways to spoil an object of two Results, and why the Get fails then. Each gives the pieces of its messages. */
const faults: readonly {
  readonly what: string;
  readonly messages: (client: Client) => readonly (readonly DmCommand[])[];
  readonly says: readonly string[];
  readonly problem: string;
}[] = [
  {
    what: 'without Size',
    messages: ({ piece }) => [[piece('./Big', 'abc', more)], [piece('./Big', 'def')]],
    says: ['Results=412', 'Results=412'],
    problem: 'the value is refused: the first piece of an object came without its Size',
  },
  {
    what: 'without Size, in three pieces',
    messages: ({ piece }) => [
      [piece('./Big', 'abc', more)],
      [piece('./Big', 'def', more)],
      [piece('./Big', 'ghi')],
    ],
    says: ['Results=412', 'Results=412', 'Results=412'],
    problem: 'the value is refused: the first piece of an object came without its Size',
  },
  {
    what: 'whose Size is beyond what the server takes',
    messages: ({ piece }) => [
      [piece('./Big', 'abc', more, { size: 1001 })],
      [piece('./Big', 'def', {}, { size: 1001 })],
    ],
    says: ['Results=416', 'Results=416'],
    problem: 'the value is refused: an object of 1001 octets, at most 1000 are taken',
  },
  {
    what: 'shorter than its Size',
    messages: ({ piece }) => [[piece('./Big', 'abc', more, { size: 7 })], [piece('./Big', 'def')]],
    says: ['Results=213', 'Results=424'],
    problem: 'the value is refused: an object has 6 octets, and its Size said 7',
  },
  {
    what: 'longer than its Size',
    messages: ({ piece }) => [
      [piece('./Big', 'abc', more, { size: 5 })],
      [piece('./Big', 'def', more)],
      [piece('./Big', 'ghi')],
    ],
    says: ['Results=213', 'Results=424', 'Results=424'],
    problem: 'the value is refused: an object has 6 or more octets, and its Size said 5',
  },
  {
    what: 'whose Size changes in a later piece',
    messages: ({ piece }) => [
      [piece('./Big', 'abc', more, { size: 9 })],
      [piece('./Big', 'def', more, { size: 6 })],
      [piece('./Big', 'ghi')],
    ],
    says: ['Results=213', 'Results=424', 'Results=424'],
    problem: 'the value is refused: the Size of an object was 9, and 6 in a later piece',
  },
  {
    what: 'with a piece that has no data',
    messages: ({ piece }) => [
      [piece('./Big', 'abc', more, { size: 6 })],
      [{ ...piece('./Big', ''), items: [{ source: { uri: './Big' }, moreData: true }] }],
      [piece('./Big', 'def')],
    ],
    says: ['Results=213', 'Results=412', 'Results=412'],
    problem: 'the value is refused: a piece of an object came without data',
  },
  {
    what: 'with another item behind a piece',
    messages: ({ piece }) => [
      [
        {
          ...piece('./Big', 'abc', more),
          items: [
            { source: { uri: './Big' }, data: 'abc', meta: { size: 6 }, moreData: true },
            { source: { uri: './Other' }, data: 'x' },
          ],
        },
      ],
      [piece('./Big', 'def')],
    ],
    says: ['Results=412', 'Results=412'],
    problem: 'the value is refused: another item came where the rest of an object was due',
  },
  {
    what: 'with another command between its pieces',
    messages: ({ piece }) => [
      [piece('./Big', 'abc', more, { size: 6 })],
      [{ name: 'Alert', cmdId: '', data: '1224', items: [] }, piece('./Big', 'def')],
    ],
    says: ['Results=213', 'Alert:1225 Alert=200 Results=412'],
    problem: 'the device did not send the end of the value',
  },
  {
    what: 'whose end does not come',
    messages: ({ piece }) => [[piece('./Big', 'abc', more, { size: 6 })], []],
    says: ['Results=213', 'Alert:1225'],
    problem: 'the device did not send the end of the value',
  },
];

for (const { what, messages, says, problem } of faults) {
  test(`DM-PRO-1.2, large objects: one ${what} becomes no value, and the command ends with the reason`, async () => {
    const client = await asked(['./Big', './Small']);
    const { say, good, piece, goOn, outcomes } = client;
    const all = messages(client);
    for (const [index, pieces] of all.entries()) {
      const last = index === all.length - 1;
      const before = index === 0 ? [...good('./Big', './Small'), piece('./Small', 'v')] : goOn();
      const answer = await say([...before, ...pieces], last);
      const end = last ? ' Final' : ' Alert:1222';
      assert.equal(answer, `S${index + 2} SyncHdr=200 ${says[index]}${end}`);
    }
    assert.deepEqual(outcomes(), [
      ['./Big', problem],
      ['./Small', ['v']],
    ]);
  });
}

test('Final in the middle of an object: the rest is asked for, and the object is whole then', async () => {
  const { say, good, piece, goOn, outcomes } = await asked(['./Big']);
  assert.equal(
    await say([...good('./Big'), piece('./Big', 'abc', more, { size: 6 })], true),
    'S2 SyncHdr=200 Results=213 Alert:1222',
  );
  assert.equal(await say([...goOn(), piece('./Big', 'def')], true), 'S3 SyncHdr=200 Final');
  assert.deepEqual(outcomes(), [['./Big', ['abcdef']]]);
});

test('a session that breaks off in the middle of an object leaves its command unanswered', async () => {
  const { say, good, piece, scene, effects } = await asked(['./Big', './Small']);
  await say(
    [...good('./Big', './Small'), piece('./Small', 'v'), piece('./Big', 'abc', more, { size: 6 })],
    false,
  );
  effects.push(...scene.server.timeout().effects);
  assert.deepEqual(
    effectsOf(effects, 'answered').map(({ command, sent, statuses, results, problem }) => [
      command.cmdId,
      sent,
      statuses.length,
      results.length,
      problem,
    ]),
    [
      ['./Big', true, 0, 0, undefined],
      ['./Small', true, 1, 1, undefined],
    ],
  );
});

test('a refused object and a later one of the same name are not the same', async () => {
  // The last Get has the CmdID of the first.
  const scene = stage({ packages: [[get('a', './Big')], [get('b', './Small'), get('c', './Big')]] });
  const sent: string[] = [];
  let step = scene.session.start();
  const effects: SessionEffect[] = [];
  for (let round = 0; round < 8 && step.send !== undefined; round += 1) {
    const answer = await scene.server.receive(asIncoming(step.send));
    effects.push(...answer.effects);
    if (answer.send === undefined) break;
    sent.push(line({ from: 'server', message: answer.send.message }));
    step = await scene.session.receive(asIncoming(answer.send));
    const { send } = step;
    if (round === 0 && send !== undefined) {
      const commands = send.message.commands.map(
        (command): DmCommand =>
          command.name === 'Results'
            ? { ...command, items: command.items.map((item) => ({ ...item, moreData: true })) }
            : command,
      );
      step = { ...step, send: { ...send, message: { ...send.message, commands } } };
    }
  }
  assert.deepEqual(sent, [
    'S1 SyncHdr=200 Alert=200 Replace=200 Get Final',
    'S2 SyncHdr=200 Results=412 Get Get Final',
    'S3 SyncHdr=200 Final',
  ]);
  assert.deepEqual(
    effectsOf(effects, 'answered').map(({ problem, results }) => problem ?? results[0]?.data),
    ['the value is refused: the first piece of an object came without its Size', 'value', 'value'],
  );
});

test('a client that leaves Final out is asked for more once, and has then said all', async () => {
  const { say, good, piece, goOn, outcomes, effects } = await asked(['./A']);
  assert.equal(await say([...good('./A'), piece('./A', 'v')], false), 'S2 SyncHdr=200 Alert:1222');
  assert.equal(await say(goOn(), false), 'S3 SyncHdr=200 Final');
  assert.deepEqual(outcomes(), [['./A', ['v']]]);
  assert.ok(effectsOf(effects, 'note').some(({ text }) => text.includes('left Final out')));
});

const isPiece = (command: DmCommand): boolean =>
  command.name === 'Replace' && command.items.some(({ moreData }) => moreData === true);

/** A server of this project that sends an object in pieces, and a client that answers the n-th piece as the test says. */
async function sending(answers: readonly string[]) {
  const big = {
    name: 'Replace' as const,
    cmdId: 'big',
    items: [{ target: { uri: './Big' }, data: 'x'.repeat(5000) }],
  };
  const scene = stage({ client: { maxMsgSize: 2000 }, packages: [[big, get('next', './Next')]] });
  const effects: SessionEffect[] = [];
  const sent: string[] = [];
  let step = await scene.server.receive(asIncoming(scene.session.start().send ?? assert.fail()));
  let piece = 0;
  for (let msgId = 2; step.send !== undefined && step.end === undefined && msgId < 20; msgId += 1) {
    effects.push(...step.effects);
    const { message } = step.send;
    sent.push(line({ from: 'server', message }));
    const statuses = message.commands.flatMap((command): DmCommand[] => {
      if (command.name === 'Status') return [];
      if (command.name === 'Get') return [status(message.header.msgId, command.cmdId, 'Get', '404')];
      if (command.name !== 'Replace')
        return [status(message.header.msgId, command.cmdId, command.name, '200')];
      piece += 1;
      const word = answers[piece - 1] ?? (message.commands.some(isPiece) ? '213' : '200');
      return word === 'nothing' ? [] : [status(message.header.msgId, command.cmdId, 'Replace', word)];
    });
    const next: DmCommand[] = message.final ? [] : [{ name: 'Alert', cmdId: '', data: '1222', items: [] }];
    const all = [status(message.header.msgId, '0', 'SyncHdr', '200'), ...statuses, ...next];
    step = await scene.server.receive(
      asIncoming({
        message: {
          header: {
            verDtd: '1.2',
            verProto: 'DM/1.2',
            sessionId: '1234',
            msgId: String(msgId),
            target: { uri: serverUri },
            source: { uri: deviceId },
          },
          commands: all.map((command, index) => ({ ...command, cmdId: String(index + 1) })),
          final: message.final,
        },
      }),
    );
  }
  effects.push(...step.effects);
  if (step.send !== undefined) sent.push(line({ from: 'server', message: step.send.message }));
  return { sent, answered: effectsOf(effects, 'answered') };
}

test('DM-PRO-1.2, large objects: a piece answered 200 instead of 213 fails the command, and no further one goes out', async () => {
  const { sent, answered } = await sending(['200']);
  assert.deepEqual(sent, [
    'S1 SyncHdr=200 Alert=200 Replace=200 Replace',
    'S2 SyncHdr=200 Alert=200 Get Final',
    'S3 SyncHdr=200 Final',
  ]);
  assert.deepEqual(
    answered.map(({ command, statuses, problem }) => [command.cmdId, statuses[0]?.status, problem]),
    [
      ['big', 200, 'the device took a piece of the object for the whole: it answered 200 instead of 213'],
      ['next', 404, undefined],
    ],
  );
});

test('the same for a later piece, and for the other codes of success', async () => {
  const { sent, answered } = await sending(['213', '202']);
  assert.equal(sent.filter((text) => / Replace$/.test(text)).length, 2);
  assert.equal(
    answered[0]?.problem,
    'the device took a piece of the object for the whole: it answered 202 instead of 213',
  );
});

test('a piece that is refused is the last one that goes out, and its status that of the command', async () => {
  const { sent, answered } = await sending(['213', '413']);
  assert.equal(sent.filter((text) => / Replace$/.test(text)).length, 2);
  assert.deepEqual(
    answered.map(({ command, statuses, problem }) => [command.cmdId, statuses[0]?.status, problem]),
    [
      ['big', 413, undefined],
      ['next', 404, undefined],
    ],
  );
});

test('a middle piece answered 214, 215, 216 or by no success was taken for nothing: its status is that of the command', async () => {
  for (const code of [214, 215, 216, 101, 300]) {
    const { sent, answered } = await sending(['213', String(code)]);
    assert.equal(sent.filter((text) => / Replace$/.test(text)).length, 2);
    assert.deepEqual(
      answered.map(({ command, statuses, problem }) => [command.cmdId, statuses[0]?.status, problem]),
      [
        ['big', code, undefined],
        ['next', 404, undefined],
      ],
    );
  }
});

test('a piece without a Status is no reason to stop', async () => {
  const { answered } = await sending(['nothing']);
  assert.deepEqual(
    answered.map(({ command, statuses, problem }) => [command.cmdId, statuses[0]?.status, problem]),
    [
      ['big', 200, undefined],
      ['next', 404, undefined],
    ],
  );
});

test('a device whose server takes a piece of an answer for the whole sends no further one', async () => {
  const execute: ClientSessionOptions['execute'] = async () => ({
    status: 200,
    results: [{ source: { uri: './Big' }, data: 'x'.repeat(5000) }],
  });
  for (const word of ['200', '413']) {
    const scene = stage({
      client: { execute },
      server: { maxMsgSize: 2000 },
      packages: [[get('a', './Big')]],
    });
    const effects: SessionEffect[] = [];
    let step = scene.session.start();
    const said: string[] = [];
    for (let round = 0; round < 20 && step.send !== undefined && step.end === undefined; round += 1) {
      said.push(line({ from: 'client', message: step.send.message }));
      const { send } = await scene.server.receive(asIncoming(step.send));
      if (send === undefined) break;
      const commands = send.message.commands.map((command) =>
        command.name === 'Status' && command.cmd === 'Results' ? { ...command, data: word } : command,
      );
      step = await scene.session.receive(asIncoming({ ...send, message: { ...send.message, commands } }));
      effects.push(...step.effects);
    }
    // In the end the server says Alert 1225, for here it had kept the piece in truth.
    assert.deepEqual(said.slice(1), [
      'C2 SyncHdr=200 Get=200 Results',
      'C3 SyncHdr=200 Alert=200 Final',
      'C4 SyncHdr=200 Alert=200 Final',
    ]);
    assert.ok(effectsOf(effects, 'note').some(({ text }) => text.includes('the rest of it is not sent')));
  }
});
