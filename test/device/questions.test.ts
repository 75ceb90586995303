// A question to the user holds nobody but who asked it: on a whole device with several servers, over real UDP and HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmCommand, ManagementCommand } from '../../src/codec/syncml/index.ts';
import { add, question, startWorld, until, type World } from './several-servers.ts';
import { flood, turn } from './udp-peers.ts';

const names = ['org.a', 'org.b', 'org.c'];

function nodeOf({ device }: World, uri: string): unknown {
  return device.tree?.node(uri)?.value;
}

function ignoredOf(
  { device }: World,
  reason: 'too-many' | 'message-replay' | 'unanswered' | 'stopping',
): number {
  return device.counters.ignored[reason];
}

test('an alert question in the session of one server holds neither session, message nor notification of another', async (t) => {
  const world = await startWorld(t, names);
  const [a, b, c] = world.servers;
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  a.script = [[question('1', 'A asks')]];
  await world.notify(a, 1);
  await until(() => world.user.shown.length === 1);
  // While A's session waits for the user:
  b.script = [[add('1', './FromB')]];
  await world.notify(b, 1);
  await until(() => b.ends.length === 1);
  assert.equal(nodeOf(world, './FromB'), 'x');
  await world.message(c, 1, [add('1', './FromC')]);
  await until(() => nodeOf(world, './FromC') === 'x');
  // A message of A itself is no session.
  await world.message(a, 1, [add('1', './FromA')]);
  await until(() => nodeOf(world, './FromA') === 'x');
  assert.equal(a.ends.length, 0);
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(() => a.ends.length === 1);
  assert.deepEqual(
    a.answers.flatMap(({ statuses }) => statuses.map(({ status }) => status)),
    [200],
  );
});

test('an alert question in a sessionless message holds no message, session or notification of another server', async (t) => {
  const world = await startWorld(t, names);
  const [a, b, c] = world.servers;
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  await world.message(a, 1, [add('1', './BeforeA'), question('2', 'A asks'), add('3', './AfterA')]);
  await until(() => world.user.shown.length === 1);
  // Nothing of it is done, and no transaction is open.
  assert.equal(nodeOf(world, './BeforeA'), undefined);
  await world.message(b, 1, [add('1', './FromB')]);
  await until(() => nodeOf(world, './FromB') === 'x');
  await world.notify(c, 1);
  await until(() => c.ends.length === 1);
  // Nor the server's own session.
  await world.notify(a, 1);
  await until(() => a.ends.length === 1);
  // Its own next message keeps its place in the order.
  await world.message(a, 2, [add('1', './SecondOfA')]);
  await turn();
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(() => nodeOf(world, './SecondOfA') === 'x');
  assert.equal(nodeOf(world, './BeforeA'), 'x');
  assert.equal(nodeOf(world, './AfterA'), 'x');
  const processed = world.events.filter((event) => event.event === 'message-processed');
  assert.deepEqual(
    processed.map((event) => event.event === 'message-processed' && event.serverId),
    ['org.b', 'org.a', 'org.a'],
  );
  assert.equal(world.user.shown.length, 1);
});

test('a question ends: in a session, in a message, and for a notification, whatever MAXDT says', async (t) => {
  const world = await startWorld(t, names, { confirmTimeoutMs: 60_000 });
  const [a, b, c] = world.servers;
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  a.script = [[question('1', 'A asks', 'MAXDT=999999999')]];
  await world.notify(a, 1);
  await until(() => world.user.shown.length === 1);
  world.clock.advance(60_000);
  await until(() => a.ends.length === 1);
  assert.deepEqual(
    a.answers.flatMap(({ statuses }) => statuses.map(({ status }) => status)),
    [408],
  );
  await world.message(b, 1, [question('1', 'B asks', 'MAXDT=999999999'), add('2', './FromB')]);
  await until(() => world.user.shown.length === 2);
  world.clock.advance(60_000);
  await until(() => nodeOf(world, './FromB') === 'x');
  await world.notify(c, 1, 'user-interaction');
  await until(() => world.user.shown.length === 3);
  world.clock.advance(60_000);
  await until(() => ignoredOf(world, 'unanswered') === 1);
  assert.ok(world.user.shown.every(({ signal }) => signal.aborted));
  assert.equal(world.device.counters.questions.unanswered, 3);
  assert.equal(world.clock.waiting, 0);
  // Unanswered is not declined: the same notification may come again.
  await world.notify(c, 1, 'user-interaction');
  await until(() => world.user.shown.length === 4);
  world.user.shown[3]?.answer(true);
  await until(() => c.ends.length === 1);
});

test('what a server only shows waits for nobody', async (t) => {
  const world = await startWorld(t, names);
  const [a, b] = world.servers;
  assert.ok(a !== undefined && b !== undefined);
  await world.message(a, 1, [question('1', 'A asks')]);
  await until(() => world.user.shown.length === 1);
  b.script = [[question('1', 'B shows', '', '1100')]];
  await world.notify(b, 1);
  await until(() => world.user.shown.length === 2);
  assert.equal(world.user.shown[1]?.about, 'B shows');
  world.user.shown[1]?.answer({ response: 'accepted' });
  await until(() => b.ends.length === 1);
});

test('a screen that never lets go of what it shows ends too', async (t) => {
  const world = await startWorld(t, names);
  const [a] = world.servers;
  assert.ok(a !== undefined);
  a.script = [[question('1', 'A shows', '', '1100')]];
  await world.notify(a, 1);
  await until(() => world.user.shown.length === 1);
  world.clock.advance(120_000);
  await until(() => a.ends.length === 1);
});

const exec: ManagementCommand = { name: 'Exec', cmdId: '9', items: [{ target: { uri: './Do/Run' } }] };

test('a message with questions is one commit after the last answer; its Execs run once', async (t) => {
  const world = await startWorld(t, names);
  const [a] = world.servers;
  const { tree } = world.device;
  assert.ok(tree !== undefined);
  await tree.run((transaction) => transaction.set('./Do/Run', { value: '', acl: 'Exec=*' }));
  let runs = 0;
  tree.onExec('./Do/Run', ({ tree: within }) => {
    runs += 1;
    within.set('./Ran', { value: String(runs) });
    return { status: 200 };
  });
  await world.message(a, 1, [
    exec,
    question('2', 'first'),
    add('3', './Between'),
    {
      name: 'Sequence',
      cmdId: '4',
      commands: [question('5', 'second'), add('6', './OnlyAfterYes')],
    } as DmCommand,
    add('7', './Last'),
  ]);
  await until(() => world.user.shown.length === 1);
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(() => world.user.shown.length === 2);
  assert.deepEqual(
    world.user.shown.map(({ about }) => about),
    ['first', 'second'],
  );
  assert.equal(runs, 0);
  assert.equal(nodeOf(world, './Between'), undefined);
  let commits = 0;
  tree.onCommit(() => {
    commits += 1;
  });
  world.user.shown[1]?.answer({ response: 'rejected' });
  await until(() => nodeOf(world, './Last') === 'x');
  assert.equal(commits, 1);
  assert.equal(runs, 1);
  assert.equal(nodeOf(world, './Ran'), '1');
  assert.equal(nodeOf(world, './OnlyAfterYes'), undefined);
});

test('a change of the same nodes while the user is asked neither loses the message nor asks him again', async (t) => {
  const world = await startWorld(t, names);
  const [a, b] = world.servers;
  assert.ok(b !== undefined);
  const { tree } = world.device;
  await tree?.run((transaction) => transaction.set('./Both', { value: '0', acl: 'Replace=*&Get=*' }));
  const replace = (cmdId: string, data: string): ManagementCommand =>
    ({ ...add(cmdId, './Both', data), name: 'Replace' }) as ManagementCommand;
  await world.message(a, 1, [replace('1', 'a'), question('2', 'A asks')]);
  await until(() => world.user.shown.length === 1);
  b.script = [[replace('1', 'b')]];
  await world.notify(b, 1);
  await until(() => b.ends.length === 1);
  assert.equal(nodeOf(world, './Both'), 'b');
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(() => nodeOf(world, './Both') === 'a');
  assert.equal(world.user.shown.length, 1);
  assert.equal(world.device.counters.processed, 1);
});

test('an Atomic with a question, and another server that changes the same nodes meanwhile: it is done on what is there then', async (t) => {
  const world = await startWorld(t, names);
  const [a, b] = world.servers;
  assert.ok(a !== undefined);
  const { tree } = world.device;
  await tree?.run((transaction) => transaction.set('./Both', { value: '0', acl: 'Replace=*&Get=*' }));
  const replace = (cmdId: string, data: string): ManagementCommand =>
    ({ ...add(cmdId, './Both', data), name: 'Replace' }) as ManagementCommand;
  a.script = [[{ name: 'Atomic', cmdId: '1', commands: [replace('2', 'a'), question('3', 'A asks')] }]];
  await world.notify(a, 1);
  await until(() => world.user.shown.length === 1);
  await world.message(b, 1, [replace('1', 'b')]);
  await until(() => nodeOf(world, './Both') === 'b');
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(() => a.ends.length === 1);
  assert.equal(nodeOf(world, './Both'), 'a');
  assert.deepEqual(
    a.answers.flatMap(({ statuses }) => statuses.map(({ status }) => status)),
    [200, 200, 200],
  );
});

test('copies of a message that waits for the user, and a flood of replays, take no place and ask nobody', async (t) => {
  const world = await startWorld(t, names);
  const [a, b] = world.servers;
  const datagram = world.messageDatagram(a, 1, [question('1', 'A asks'), add('2', './FromA')]);
  await world.peer.send(world.at.port, datagram);
  await until(() => world.user.shown.length === 1);
  await flood([world.peer], world.at, 300, () => datagram);
  assert.equal(ignoredOf(world, 'message-replay'), 300);
  await world.message(b, 1, [add('1', './FromB')]);
  await until(() => nodeOf(world, './FromB') === 'x');
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(() => nodeOf(world, './FromA') === 'x');
  await flood([world.peer], world.at, 300, () => datagram);
  assert.equal(ignoredOf(world, 'message-replay'), 600);
  assert.equal(world.user.shown.length, 1);
  assert.equal(world.device.counters.processed, 2);
});

test('messages of one server that wait are bounded; another server’s have their places', async (t) => {
  const world = await startWorld(t, names, { maxPendingPerServer: 3 });
  const [a, b] = world.servers;
  await world.message(a, 1, [question('1', 'A asks')]);
  await until(() => world.user.shown.length === 1);
  for (let number = 2; number <= 10; number += 1) await world.message(a, number, [add('1', `./A${number}`)]);
  await until(() => ignoredOf(world, 'too-many') === 7);
  await world.message(b, 1, [add('1', './FromB')]);
  await until(() => nodeOf(world, './FromB') === 'x');
  await world.notify(a, 1);
  await until(() => world.servers[0]?.ends.length === 1);
  world.user.shown[0]?.answer({ response: 'rejected' });
  await until(() => world.device.counters.processed === 4);
  await world.message(a, 11, [add('1', './Later')]);
  await until(() => nodeOf(world, './Later') === 'x');
});

test('notifications of one server that wait are bounded; another server’s have their places', async (t) => {
  const world = await startWorld(t, names, { maxPendingPerServer: 3 });
  const [a, b] = world.servers;
  assert.ok(a !== undefined && b !== undefined);
  // A server that takes a session and never answers.
  a.interfere = () => 'hang';
  for (let sessionId = 1; sessionId <= 10; sessionId += 1) await world.notify(a, sessionId);
  await until(() => ignoredOf(world, 'too-many') === 7);
  assert.equal(world.device.pending, 3);
  await world.notify(b, 1);
  await until(() => b.ends.length === 1);
  await until(() => world.device.counters.completed === 1);
});

test('questions of one server are bounded: the user sees those of another, and who is refused is told why', async (t) => {
  const world = await startWorld(t, names, { maxQuestionsPerServer: 2 });
  const [a, b] = world.servers;
  assert.ok(a !== undefined && b !== undefined);
  for (let sessionId = 1; sessionId <= 4; sessionId += 1)
    await world.notify(a, sessionId, 'user-interaction');
  await until(() => ignoredOf(world, 'too-many') === 2);
  const told = world.events.find((event) => event.event === 'ignored' && event.reason === 'too-many');
  assert.match(JSON.stringify(told), /2 questions of this server wait for the user already/);
  await world.notify(b, 1, 'user-interaction');
  await turn();
  world.user.shown[0]?.answer(false);
  await until(() => world.user.shown.length === 2);
  assert.match(world.user.shown[1]?.about ?? '', /^org\.b /);
  world.user.shown[1]?.answer(true);
  await until(() => b.ends.length === 1);
  assert.equal(world.device.counters.questions.refused, 2);
});

test('a message of more questions than a user is asked costs no more than those', async (t) => {
  const world = await startWorld(t, names);
  const [a] = world.servers;
  const alerts = Array.from({ length: 30 }, (_, index) => question(String(index + 1), `q${index + 1}`));
  await world.message(a, 1, [...alerts, add('99', './FromA')]);
  for (let count = 1; count <= 16; count += 1) {
    await until(() => world.user.shown.length === count);
    world.user.shown[count - 1]?.answer({ response: 'accepted' });
  }
  await until(() => nodeOf(world, './FromA') === 'x');
  assert.equal(world.user.shown.length, 16);
  const done = world.events.find((event) => event.event === 'message-processed');
  assert.ok(done?.event === 'message-processed' && done.succeeded === 17 && done.failed === 14);
});

test('once nobody answered, the rest of a message asks nobody', async (t) => {
  const world = await startWorld(t, names);
  const [a] = world.servers;
  await world.message(a, 1, [question('1', 'first'), question('2', 'second'), add('3', './FromA')]);
  await until(() => world.user.shown.length === 1);
  world.clock.advance(120_000);
  await until(() => nodeOf(world, './FromA') === 'x');
  assert.equal(world.user.shown.length, 1);
});

test('a message whose question is open when the device stops is not processed, and may come again', async (t) => {
  const world = await startWorld(t, names);
  const [a] = world.servers;
  await world.message(a, 1, [add('1', './FromA'), question('2', 'A asks')]);
  await until(() => world.user.shown.length === 1);
  await world.device.stop();
  assert.equal(ignoredOf(world, 'stopping'), 1);
  assert.equal(world.device.counters.processed, 0);
});

test('keys that a message before it renewed count for a message that waited', async (t) => {
  const world = await startWorld(t, names);
  const [a] = world.servers;
  const account = world.device.accounts.find(({ serverId }) => serverId === 'org.a');
  const signing = `${account?.uri}/Ext/Reveille/Signing/1`;
  await world.message(a, 1, [question('1', 'A asks')]);
  await until(() => world.user.shown.length === 1);
  await world.message(a, 2, [add('1', './SignedWithTheOldKey')]);
  await until(() => world.device.counters.received === 2);
  await world.device.tree?.run((transaction) => {
    transaction.set(`${signing}/Algorithm`, { value: 'hmac-sha256' });
    transaction.set(`${signing}/Key`, { value: '00'.repeat(32) });
  });
  world.user.shown[0]?.answer({ response: 'accepted' });
  await until(
    () =>
      world.device.counters.ignored['message-wrong-signature'] === 1 ||
      world.device.counters.ignored['message-digest-mismatch'] === 1,
  );
  assert.equal(nodeOf(world, './SignedWithTheOldKey'), undefined);
});
