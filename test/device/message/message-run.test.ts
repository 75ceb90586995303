// A sessionless message carried out: its questions first, all of it in one commit, and what nobody is answered told here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { StoreError } from '../../../src/core/index.ts';
import { wasProcessed } from '../../../src/device/message/message-memory.ts';
import { processMessage } from '../../../src/device/message/process-message.ts';
import { add, question } from '../several-servers.ts';
import { dmAccount, leaf, node, toInbox } from '../signed-server.ts';
import { scene, serverId } from './message-scene.ts';

const remove = (cmdId: string, uri: string): ManagementCommand => ({
  name: 'Delete',
  cmdId,
  items: [{ target: { uri } }],
});
const exec: ManagementCommand = { name: 'Exec', cmdId: '1', items: [{ target: { uri: './App/Run' } }] };
const group = (name: 'Sequence' | 'Atomic', cmdId: string, ...commands: ManagementCommand[]) =>
  ({ name, cmdId, commands }) as DmCommand;
const nobodysStatus: DmCommand = {
  name: 'Status',
  cmdId: '1',
  msgRef: '1',
  cmdRef: '0',
  cmd: 'SyncHdr',
  data: '200',
  targetRefs: [],
  sourceRefs: [],
  items: [],
};

test('what it asks for is done in one commit that remembers it, and what was refused is told with its names', async () => {
  const { tree, remarks, process } = await scene();
  let commits = 0;
  tree.onCommit(() => {
    commits += 1;
  });
  const digest = new Uint8Array(32).fill(1);
  assert.equal(wasProcessed(tree, serverId, digest), false);
  assert.deepEqual(await process([add('1', './A'), add('2', './DMAcc'), add('3', './B')], 'm'.repeat(50)), {
    serverId,
    ...{ succeeded: 2, failed: 1, ignored: 0 },
  });
  assert.equal(commits, 1);
  assert.deepEqual([tree.node('./A')?.value, tree.node('./B')?.value], ['x', 'x']);
  assert.equal(wasProcessed(tree, serverId, digest), true);
  assert.equal(wasProcessed(tree, 'com.other', digest), false);
  const [remark, ...more] = remarks;
  assert.deepEqual(more, []);
  const { detail, ...names } = remark ?? assert.fail();
  assert.deepEqual(names, { serverId, messageId: 'm'.repeat(40) });
  assert.match(detail, /^Add refused with 4\d\d: /);
});

test('thirty-two refusals of a message are told, then how many more; a text of the server is cut', async () => {
  const { details, process } = await scene();
  const refused = (count: number) =>
    Array.from({ length: count }, (_, index) => remove(`${index}`, `./Nothing${index}`));
  await process(refused(32));
  assert.equal(details().length, 32);
  await process(refused(34));
  assert.equal(details().length, 65);
  assert.equal(details().at(-1), '2 more like these');
  const long = await scene();
  long.tree.onExec('./App/Run', () => ({ status: 500, reason: 'x'.repeat(600) }));
  await long.process([exec]);
  long.tree.onExec('./App/Walk', () => ({ status: 500, reason: 'x'.repeat(489) }));
  await long.process([{ ...exec, items: [{ target: { uri: './App/Walk' } }] }]);
  const whole = `Exec refused with 500: ${'x'.repeat(489)}`;
  assert.deepEqual(long.details(), [`${whole}…`, whole]);
});

for (const [name, wrapped] of [
  ['by itself', (...inner: ManagementCommand[]): DmCommand[] => inner],
  ['in a Sequence', (...inner: ManagementCommand[]) => [group('Sequence', '90', ...inner)]],
  ['in an Atomic', (...inner: ManagementCommand[]) => [group('Atomic', '90', ...inner)]],
] as const) {
  test(`a question ${name} is asked before anything is done, and everything is told once`, async () => {
    let before: unknown = 'nothing was asked';
    const { tree, details, asked, process } = await scene(() => {
      before = tree.node('./A');
      return { response: 'accepted' };
    });
    const commands = [
      nobodysStatus,
      remove('1', './Nothing'),
      ...wrapped(add('2', './A'), question('3', 'May I?'), add('4', './B')),
    ];
    const result = await process(commands);
    assert.deepEqual(asked, ['May I?']);
    assert.equal(before, undefined);
    assert.equal(tree.node('./B')?.value, 'x');
    assert.deepEqual('failed' in result && [result.succeeded, result.failed], [3, 1]);
    assert.equal(details().length, 1);
  });
}

test('a question behind a failure of its Sequence is not asked; a no ends the Sequence', async () => {
  const never = await scene();
  await never.process([group('Sequence', '1', remove('2', './Nothing'), question('3', 'May I?'))]);
  assert.deepEqual(never.asked, []);
  const { tree, asked, process } = await scene(() => ({ response: 'rejected' }));
  await process([group('Sequence', '1', question('2', 'May I?'), add('3', './A'))]);
  assert.deepEqual(asked, ['May I?']);
  assert.equal(tree.node('./A'), undefined);
});

test('without a user a question is told as refused, and the rest is done', async () => {
  const { tree, details, process } = await scene(undefined, true);
  await process([question('1', 'May I?'), add('2', './A')]);
  assert.equal(tree.node('./A')?.value, 'x');
  assert.deepEqual(details(), ['Alert 1101 refused with 406: there is no user to ask']);
});

test('once nobody has answered, nobody is asked the rest', async () => {
  const { clock, asked, details, process } = await scene(() => 'wait');
  const done = process([question('1', 'one'), question('2', 'two'), question('3', 'three')]);
  let over = false;
  void done.then(() => {
    over = true;
  });
  while (!over) {
    await new Promise(setImmediate);
    clock.advance(1000);
  }
  const result = await done;
  assert.deepEqual(asked, ['one']);
  assert.equal('failed' in result && result.failed, 3);
  for (const detail of details()) assert.match(detail, /^Alert 1101 refused with 408: /);
  assert.equal(details().length, 3);
});

test('of one message sixteen questions are asked, which is told once; the others count as not put to the user', async () => {
  const { asked, details, process } = await scene();
  const ask = (count: number) =>
    process(Array.from({ length: count }, (_, index) => question(`${index}`, `${index}`)));
  const enough = await ask(15);
  assert.deepEqual('failed' in enough && [enough.succeeded, enough.failed], [15, 0]);
  assert.deepEqual(details(), []);
  asked.length = 0;
  const result = await ask(18);
  assert.equal(asked.length, 16);
  assert.deepEqual('failed' in result && [result.succeeded, result.failed], [16, 2]);
  const said = details().filter(
    (detail) => detail === 'of this message the user is asked no more than 16 questions',
  );
  assert.equal(said.length, 1);
  assert.equal(details().filter((detail) => /^Alert 1101 refused with 503: /.test(detail)).length, 2);
});

test('a question that is not put to the user is told, with why', async () => {
  const { details, host, process } = await scene(() => ({ response: 'accepted' }));
  const wait = { ask: () => new Promise<never>(() => undefined) };
  for (let count = 0; count < 2; count += 1) void host.questions.ask(serverId, wait);
  await process([question('1', 'one')]);
  assert.equal(details().length, 2);
  assert.match(details()[0] ?? '', /^the user was not asked: 2 questions of this server wait/);
  assert.match(details()[1] ?? '', /^Alert 1101 refused with 503/);
});

test('when the device stops before the user answers, nothing is done, and it may come again', async () => {
  const { ender, tree, asked, process } = await scene(() => 'wait');
  const done = process([add('1', './A'), question('2', 'May I?')]);
  while (asked.length === 0) await new Promise(setImmediate);
  ender.abort();
  assert.deepEqual(await done, { ignore: 'stopping', detail: 'the device stops', serverId });
  assert.equal(tree.node('./A'), undefined);
  assert.equal(wasProcessed(tree, serverId, new Uint8Array(32).fill(1)), false);
});

test('a question that only comes up while it is carried out undoes it, is asked, and all is done with its answer', async () => {
  const { tree, asked, process } = await scene();
  let runs = 0;
  // In the rehearsal an Exec does nothing, so the Delete behind it fails there.
  tree.onExec('./App/Run', ({ tree: own }) => {
    runs += 1;
    own.set('./Made', { value: 'x', acl: 'Delete=*' });
    return { status: 200 };
  });
  const commands = [
    exec,
    group('Sequence', '2', remove('3', './Made'), question('4', 'May I?'), add('5', './A')),
  ];
  const result = await process(commands);
  assert.deepEqual(asked, ['May I?']);
  assert.equal(runs, 2);
  assert.equal(tree.node('./A')?.value, 'x');
  assert.deepEqual('failed' in result && [result.succeeded, result.failed], [4, 0]);
});

test('what the device does not support of what comes to the Inbox is left out, counted and logged', async () => {
  const { logged, process } = await scene();
  const odd = node('Odd', leaf('A', '1'), { type: 'org.example/1.0/Odd' });
  const account = dmAccount('New', 'org.new', { more: leaf('Unheard', 'x') });
  const result = await process([toInbox(account, odd)], '9');
  assert.deepEqual(result, { serverId, succeeded: 1, failed: 0, ignored: logged.length });
  assert.ok(logged.length > 0);
  for (const [fields, text] of logged) {
    assert.deepEqual(fields, { serverId, messageId: '9' });
    assert.match(text, /^left out: /);
  }
});

test('when it cannot be stored nothing of it is done, and it may come again', async () => {
  let broken = false;
  const storage = {
    save: async () => {
      if (!broken) return;
      broken = false;
      throw new StoreError('DISK', 'no space');
    },
  };
  const { tree, process } = await scene(undefined, false, storage);
  broken = true;
  const result = await process([question('1', 'May I?'), add('2', './A')]);
  assert.deepEqual('ignore' in result && [result.ignore, result.serverId], ['message-not-stored', serverId]);
  assert.equal(tree.node('./A'), undefined);
  assert.equal(wasProcessed(tree, serverId, new Uint8Array(32).fill(1)), false);
});

test('the same message is processed once', async () => {
  const { tree, host, process } = await scene();
  await process([add('1', './A')]);
  const header = {
    ...{ verDtd: '1.2', verProto: 'DM/1.2', sessionId: '1', msgId: '1' },
    ...{ target: { uri: '' }, source: { uri: serverId } },
  };
  const again = {
    verdict: 'accepted',
    algorithm: 'hmac-sha256',
    serverId,
    message: { header, commands: [add('1', './B')], final: true },
    contentDigest: new Uint8Array(32).fill(1),
  } as const;
  assert.deepEqual(await processMessage(again, host), {
    ignore: 'message-replay',
    detail: 'the message was processed before',
    serverId,
  });
  assert.equal(tree.node('./B'), undefined);
});
