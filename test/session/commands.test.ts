import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage, ManagementCommand, Status } from '../../src/codec/syncml/index.ts';
import type { AtomicTransaction, ClientSessionOptions, TreeCommand } from '../../src/session/index.ts';
import { converse, effectsOf, get, type Recorded, stage } from './conversation.ts';

const target = (uri: string) => ({ target: { uri } });
const replace = (cmdId: string, ...uris: readonly string[]): ManagementCommand => ({
  name: 'Replace',
  cmdId,
  items: uris.map((uri) => ({ ...target(uri), data: uri })),
});
const group = (
  name: 'Atomic' | 'Sequence',
  cmdId: string,
  ...commands: readonly ManagementCommand[]
): ManagementCommand => ({ name, cmdId, commands });
const confirm: ManagementCommand = {
  name: 'Alert',
  cmdId: 'ask',
  data: '1101',
  items: [{ data: '' }, { data: 'Go?' }],
};

/** A device on which everything below ./bad fails, with a journal of what was done. */
function device(journal: string[], broken: readonly string[] = []): Partial<ClientSessionOptions> {
  const step = (name: string) => async () => {
    journal.push(name);
    if (broken.includes(name)) throw new Error(name);
  };
  const transaction: AtomicTransaction = {
    begin: step('begin'),
    commit: step('commit'),
    rollback: step('rollback'),
  };
  return {
    transaction,
    execute: async ({ name, item }, { atomic }) => {
      const uri = item.target?.uri ?? '';
      journal.push(`${name} ${uri}${atomic ? ' atomic' : ''}`);
      if (uri.startsWith('./bad')) return { status: 404 };
      return name === 'Get' ? { status: 200, results: [{ source: { uri }, data: 'v' }] } : { status: 200 };
    },
  };
}

async function run(
  client: Partial<ClientSessionOptions>,
  ...commands: readonly ManagementCommand[]
): Promise<Recorded> {
  return await converse(stage({ client, packages: [commands] }));
}

/** Package 3. */
function reply(scene: Recorded): DmMessage {
  const message = scene.messages[2]?.message;
  assert.ok(message);
  return message;
}

/** Its Statuses but the first: `Get 200`. */
function statuses(scene: Recorded): string[] {
  return reply(scene)
    .commands.filter((command): command is Status => command.name === 'Status' && command.cmdRef !== '0')
    .map(({ cmd, data }) => `${cmd} ${data}`);
}

/** What the server reports for each command: its own CmdID and the statuses. */
function reported(scene: Recorded): string[] {
  return effectsOf(scene.serverEffects, 'answered').map(
    ({ command, statuses }) => `${command.cmdId} ${statuses.map(({ status }) => status).join('+')}`,
  );
}

test('DM-PRO-1.2, package 3: Statuses in the order received, Results after the Status of the same Get', async () => {
  const scene = await run(
    device([]),
    get('a', './A'),
    replace('b', './B'),
    get('c', './bad'),
    get('d', './D'),
  );
  const order = reply(scene).commands.map((command) =>
    command.name === 'Status' || command.name === 'Results'
      ? `${command.name} ${command.cmdRef}`
      : command.name,
  );
  assert.deepEqual(order, [
    'Status 0',
    'Status 4',
    'Results 4',
    'Status 5',
    'Status 6',
    'Status 7',
    'Results 7',
  ]);
  assert.deepEqual(statuses(scene), ['Get 200', 'Replace 200', 'Get 404', 'Get 200']);
  assert.deepEqual(reported(scene), ['a 200', 'b 200', 'c 404', 'd 200']);
});

test('DM-PRO-1.2: items that fare alike have one Status, others one each with TargetRef', async () => {
  const scene = await run(
    device([]),
    replace('a', './A', './B'),
    replace('b', './A', './bad/1', './C'),
    replace('c', './One'),
  );
  const given = reply(scene).commands.slice(1) as Status[];
  assert.deepEqual(
    given.map(({ cmdRef, data, targetRefs }) => [cmdRef, data, ...targetRefs]),
    [
      ['4', '200'],
      ['5', '200', './A'],
      ['5', '404', './bad/1'],
      ['5', '200', './C'],
      ['6', '200', './One'],
    ],
  );
  assert.deepEqual(reported(scene), ['a 200', 'b 200+404+200', 'c 200']);
});

test('a command that failed has no Results, whatever the device found', async () => {
  const execute: ClientSessionOptions['execute'] = async ({ item }) => ({
    status: 500,
    results: [{ source: { uri: item.target?.uri ?? '' }, data: 'half' }],
  });
  const scene = await run({ execute }, get('a', './A'));
  assert.deepEqual(
    reply(scene).commands.map(({ name }) => name),
    ['Status', 'Status'],
  );
});

test('an item has its own Meta over that of its command, element by element', async () => {
  const seen: TreeCommand[] = [];
  const execute = async (command: TreeCommand) => {
    seen.push(command);
    return { status: 200 };
  };
  const command: ManagementCommand = {
    name: 'Add',
    cmdId: 'a',
    meta: { format: 'chr', type: 'text/plain' },
    items: [
      { ...target('./A'), data: '1' },
      { ...target('./B'), meta: { format: 'int' }, data: '2' },
    ],
  };
  await run({ execute }, command);
  assert.deepEqual(
    seen.map(({ item }) => item.meta),
    [
      { format: 'chr', type: 'text/plain' },
      { format: 'int', type: 'text/plain' },
    ],
  );
});

test('Exec brings its correlator, and may begin only (202)', async () => {
  const seen: TreeCommand[] = [];
  const execute = async (command: TreeCommand) => {
    seen.push(command);
    return { status: 202 };
  };
  const scene = await run(
    { execute },
    { name: 'Exec', cmdId: 'a', correlator: 'c-1', items: [target('./Fw/Update')] },
  );
  assert.equal(seen[0]?.correlator, 'c-1');
  assert.deepEqual(statuses(scene), ['Exec 202']);
});

test('an incomplete command is 412, an unknown one 406, and neither reaches the device', async () => {
  const journal: string[] = [];
  const scene = await run(
    device(journal),
    { name: 'Get', cmdId: 'a', items: [{ data: 'no target' }] },
    { name: 'Copy', cmdId: 'b', items: [target('./A')] },
    {
      name: 'Unknown',
      cmdId: 'c',
      element: {
        name: 'Search',
        namespace: 'SYNCML:SYNCML1.2',
        attributes: [],
        children: [{ name: 'CmdID', namespace: 'SYNCML:SYNCML1.2', attributes: [], children: ['6'] }],
      },
    },
  );
  assert.deepEqual(statuses(scene), ['Get 412', 'Copy 412', 'Search 406']);
  assert.deepEqual(journal, []);
});

test('DM-REPPRO-1.2, Sequence: in order; after a failure the rest is not carried out (215)', async () => {
  const journal: string[] = [];
  const scene = await run(
    device(journal),
    group('Sequence', 's', replace('a', './A'), replace('b', './bad'), replace('c', './C')),
    replace('d', './D'),
  );
  assert.deepEqual(statuses(scene), [
    'Sequence 200',
    'Replace 200',
    'Replace 404',
    'Replace 215',
    'Replace 200',
  ]);
  assert.deepEqual(journal, ['Replace ./A', 'Replace ./bad', 'Replace ./D']);
  assert.deepEqual(reported(scene), ['a 200', 'b 404', 'c 215', 's 200', 'd 200']);
});

test('a user who says no skips the rest of a Sequence, fails an Atomic, and changes nothing else', async () => {
  const journal: string[] = [];
  const interact = async () => ({ response: 'rejected' as const });
  const scene = await run(
    { ...device(journal), interact },
    group('Sequence', 's', confirm, replace('a', './A')),
    group('Atomic', 't', replace('b', './B'), { ...confirm }),
    { ...confirm },
    replace('c', './C'),
  );
  assert.deepEqual(statuses(scene), [
    'Sequence 200',
    'Alert 304',
    'Replace 215',
    'Atomic 507',
    'Replace 216',
    'Alert 304',
    'Alert 304',
    'Replace 200',
  ]);
  assert.deepEqual(journal, ['begin', 'Replace ./B atomic', 'rollback', 'Replace ./C']);
});

test('DM-REPPRO-1.2, Atomic: all of it', async () => {
  const journal: string[] = [];
  const scene = await run(device(journal), group('Atomic', 't', replace('a', './A'), replace('b', './B')));
  assert.deepEqual(statuses(scene), ['Atomic 200', 'Replace 200', 'Replace 200']);
  assert.deepEqual(journal, ['begin', 'Replace ./A atomic', 'Replace ./B atomic', 'commit']);
});

test('DM-REPPRO-1.2, Atomic: or nothing: rolled back 216, failed, not executed 215, Atomic 507', async () => {
  const journal: string[] = [];
  const commands = [replace('a', './A', './A2'), replace('b', './B', './bad', './B2'), replace('c', './C')];
  const scene = await run(device(journal), group('Atomic', 't', ...commands));
  assert.deepEqual(statuses(scene), [
    'Atomic 507',
    'Replace 216',
    'Replace 216',
    'Replace 404',
    'Replace 215',
    'Replace 215',
  ]);
  assert.equal(journal.at(-1), 'rollback');
  assert.ok(!journal.includes('Replace ./C atomic'));
  assert.deepEqual(reported(scene), ['a 216', 'b 216+404+215', 'c 215', 't 507']);
});

test('DM-REPPRO-1.2, Atomic: a roll back that fails is 516 for what stays', async () => {
  const journal: string[] = [];
  const scene = await run(
    device(journal, ['rollback']),
    group('Atomic', 't', replace('a', './A'), replace('b', './bad')),
  );
  assert.deepEqual(statuses(scene), ['Atomic 507', 'Replace 516', 'Replace 404']);
});

test('a commit that fails leaves the device as it was: 216 and 507', async () => {
  const journal: string[] = [];
  const scene = await run(device(journal, ['commit']), group('Atomic', 't', replace('a', './A')));
  assert.deepEqual(statuses(scene), ['Atomic 507', 'Replace 216']);
  assert.deepEqual(journal, ['begin', 'Replace ./A atomic', 'commit']);
});

test('DM-REPPRO-1.2, Atomic: Get or another Atomic inside is 500, the Atomic 507, and nothing is carried out', async () => {
  for (const inner of [get('g', './G'), group('Atomic', 'g', replace('h', './H'))]) {
    const journal: string[] = [];
    const scene = await run(device(journal), group('Atomic', 't', replace('a', './A'), inner));
    assert.deepEqual(statuses(scene).slice(0, 3), ['Atomic 507', 'Replace 215', `${inner.name} 500`]);
    assert.deepEqual(journal, []);
  }
});

test('a Sequence inside an Atomic is carried out, and rolled back with it', async () => {
  const journal: string[] = [];
  const inner = group('Sequence', 's', replace('a', './A'), replace('b', './bad'), replace('c', './C'));
  const scene = await run(device(journal), group('Atomic', 't', inner, replace('d', './D')));
  assert.deepEqual(statuses(scene), [
    'Atomic 507',
    'Sequence 216',
    'Replace 216',
    'Replace 404',
    'Replace 215',
    'Replace 215',
  ]);
  assert.deepEqual(journal, ['begin', 'Replace ./A atomic', 'Replace ./bad atomic', 'rollback']);
});

test('a device without transactions answers Atomic with 406', async () => {
  const journal: string[] = [];
  const { execute } = device(journal);
  assert.ok(execute);
  const scene = await run({ execute }, group('Atomic', 't', replace('a', './A')));
  assert.deepEqual(statuses(scene), ['Atomic 406', 'Replace 215']);
  assert.deepEqual(journal, []);
});

test('DM-REPPRO-1.2, Atomic: 517 when the Statuses cannot fit into one message', async () => {
  const journal: string[] = [];
  const uris = Array.from({ length: 40 }, (_, i) => `./Some/Long/Name/Number/${i}`);
  const scene = await converse(
    stage({
      client: device(journal),
      server: { maxMsgSize: 2500 },
      packages: [[group('Atomic', 't', replace('a', ...uris))]],
    }),
  );
  assert.deepEqual(statuses(scene), ['Atomic 517', 'Replace 215']);
  assert.deepEqual(journal, []);
  // Commands without items have Statuses too.
  const empty = Array.from({ length: 40 }, (_, i) => replace(String(i)));
  const many = await converse(
    stage({
      client: device(journal),
      server: { maxMsgSize: 2500 },
      packages: [[group('Atomic', 't', ...empty)]],
    }),
  );
  assert.equal(statuses(many)[0], 'Atomic 517');
  assert.deepEqual(journal, []);
});

test('a command that fails inside the device is 500', async () => {
  const execute = () => Promise.reject(new Error('disk'));
  assert.deepEqual(statuses(await run({ execute }, get('a', './A'))), ['Get 500']);
});
