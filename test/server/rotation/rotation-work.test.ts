// The replacement of a secret in one session, step by step, as the store is told of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { rotationTries, type SessionWork } from '../../../src/server/index.ts';
import { RotationWork } from '../../../src/server/rotation/rotation-work.ts';
import type { ClientReport } from '../../../src/session/index.ts';
import type { DeviceRecord, RotationStep, StoredRotation } from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';

const now = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();

const pending: StoredRotation = {
  id: 'r',
  state: 'pending',
  secret: 'fresh',
  tries: 0,
  requestedAt: now,
};

/** A session of a device whose server secret is being replaced; `steps` is what the store was told. */
function session(changes: Partial<StoredRotation> = {}, more: Partial<DeviceRecord> = {}) {
  const device: DeviceRecord = {
    ...input,
    rotations: { server: { ...pending, ...changes } },
    resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
    reported: {},
    createdAt: now,
    updatedAt: now,
    ...more,
  };
  const steps: RotationStep[] = [];
  const store = {
    beginRotation: () => Promise.reject(new TypeError('nothing begins here')),
    advanceRotation: async (...[, , , step]: [string, string, string, RotationStep]) => {
      steps.push(step);
      return device;
    },
  };
  const lines: (readonly [fields: object, message: string])[] = [];
  const line = (fields: object, message: string): void => void lines.push([fields, message]);
  /** What there is to do beside it, package by package, and how often it was told of reports. */
  const beside = { packages: [] as ManagementCommand[][], reports: 0 };
  const inner: SessionWork = {
    commands: () => ({ next: async () => beside.packages.shift() ?? [] }),
    reported: async () => {
      beside.reports += 1;
    },
  };
  const work = new RotationWork(inner, store, { ...silentLogger, info: line, warn: line });
  const subject = { device, holder: 'h', alsoAnswers: new Set<string>() };
  const reported = (said: readonly ClientReport[]) => work.reported(subject, said, undefined);
  const names = () => steps.map(({ step }) => step);
  return { steps, names, lines, beside, reported, provider: work.commands(subject) };
}

/** What the device said to each of the commands: a status, a value by URI, or nothing at all. */
function replies(
  commands: readonly ManagementCommand[],
  tree: Readonly<Record<string, string>>,
  status?: number,
): ClientReport[] {
  return commands.map((command) => {
    const uri = 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
    const data = tree[uri];
    const code = data === undefined ? status : 200;
    return {
      effect: 'answered',
      command,
      sent: true,
      statuses: code === undefined ? [] : [{ status: code, targetRefs: [], sourceRefs: [], items: [] }],
      results: data === undefined ? [] : [{ source: { uri }, data }],
    };
  });
}

const tree = {
  './DMAcc': 'A',
  './DMAcc/A/ServerID': input.serverId,
  './DMAcc/A/AppAuth': '1',
  './DMAcc/A/AppAuth/1/AAuthLevel': 'SRVCRED',
};

test('it is tried, heard of once however many answers the search gets, sent, and completed with the 200', async () => {
  const { names, lines, provider } = session();
  let commands = await provider.next([]);
  assert.deepEqual(names(), ['tried']);
  commands = await provider.next(replies(commands, tree));
  assert.deepEqual(names(), ['tried', 'heard']);
  while (commands[0]?.name === 'Get') commands = await provider.next(replies(commands, tree, 404));
  assert.deepEqual(names(), ['tried', 'heard', 'sent']);
  assert.deepEqual(commands, [
    {
      name: 'Replace',
      cmdId: '1',
      items: [
        {
          target: { uri: './DMAcc/A/AppAuth/1/AAuthSecret' },
          meta: { format: 'chr', type: 'text/plain' },
          data: 'fresh',
        },
      ],
    },
  ]);
  assert.deepEqual(await provider.next(replies(commands, {}, 200)), []);
  assert.deepEqual(names(), ['tried', 'heard', 'sent', 'completed']);
  assert.deepEqual(lines, [[{ device: input.id, which: 'server' }, 'the device holds its new secret']]);
});

test('what else there is to do comes first', async () => {
  const { names, beside, provider } = session({ uri: './S' });
  const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './A' } }] };
  beside.packages.push([get]);
  assert.deepEqual(await provider.next([]), [get]);
  assert.deepEqual(names(), []);
  assert.equal((await provider.next(replies([get], {}, 200)))[0]?.name, 'Replace');
});

test('only a status completes it, once, whether it comes with the session or at its end', async () => {
  const { names, beside, reported, provider } = session({ uri: './S' });
  const commands = await provider.next([]);
  await reported(replies(commands, {}));
  assert.deepEqual(names(), ['tried', 'sent'], 'nothing was said of it');
  const alert = { name: 'Alert', cmdId: '1', data: '1226', items: [] } as const;
  const said: ClientReport[] = [{ effect: 'received', command: alert }, ...replies(commands, {}, 200)];
  await reported(said);
  await reported(said);
  assert.deepEqual(await provider.next(said), []);
  assert.deepEqual(names(), ['tried', 'sent', 'completed']);
  assert.equal(beside.reports, 3, 'and whoever has other work hears it too');
});

test('two secrets are found in one search, each by the level and the type of its own credentials', async () => {
  const { clientCredentials } = input;
  const { names, provider } = session(
    {},
    {
      rotations: { server: { ...pending, secret: 'one' }, client: { ...pending, secret: 'two' } },
      clientCredentials: { ...clientCredentials, scheme: 'hmac' },
    },
  );
  const auth = './DMAcc/A/AppAuth';
  const entries = {
    1: ['SRVCRED', 'HMAC'],
    2: ['SRVCRED', 'DIGEST'],
    3: ['CLCRED', 'DIGEST'],
    4: ['CLCRED', 'HMAC'],
  };
  const both: Record<string, string> = { ...tree, [auth]: '1/2/3/4' };
  for (const [name, [level = '', type = '']] of Object.entries(entries)) {
    both[`${auth}/${name}/AAuthLevel`] = level;
    both[`${auth}/${name}/AAuthType`] = type;
  }
  const replaced: unknown[] = [];
  let searches = 0;
  let commands = await provider.next([]);
  while (commands.length > 0) {
    const [command] = commands;
    const [item] = command !== undefined && 'items' in command ? command.items : [];
    if (command?.name === 'Replace') replaced.push([item?.target?.uri, item?.data]);
    else if (item?.target?.uri === './DMAcc') searches += 1;
    commands = await provider.next(replies(commands, both, 200));
  }
  assert.deepEqual(replaced, [
    [`${auth}/2/AAuthSecret`, 'one'],
    [`${auth}/4/AAuthSecret`, 'two'],
  ]);
  assert.equal(searches, 1);
  assert.deepEqual(names(), ['tried', 'tried', 'heard', 'heard', 'sent', 'completed', 'sent', 'completed']);
});

test('a device that says nothing to the search has said nothing', async () => {
  const { steps, provider } = session();
  const commands = await provider.next([]);
  assert.deepEqual(await provider.next(replies(commands, {})), []);
  assert.deepEqual(steps, [{ step: 'tried' }, { step: 'failed', reason: 'get ./DMAcc: status unknown' }]);
});

test('where the node is known nothing is searched; what was sent before is not over when it is refused', async () => {
  const { steps, lines, provider } = session({ uri: './S', state: 'sent' });
  const commands = await provider.next([]);
  const [replace] = commands;
  assert.ok(replace?.name === 'Replace');
  assert.equal(replace.items[0]?.target?.uri, './S');
  assert.deepEqual(await provider.next(replies(commands, {}, 425)), []);
  const reason = 'the device answered the Replace with status 425';
  assert.deepEqual(steps, [{ step: 'tried' }, { step: 'sent' }, { step: 'noted', reason, heard: true }]);
  assert.deepEqual(lines, [
    [
      { device: input.id, which: 'server', reason },
      'a secret that may have been replaced is not replaced again',
    ],
  ]);
});

test('after as many sessions as may end at it, it is left alone, and the reason is told once', async () => {
  const reason = `${rotationTries} sessions ended without a word on it`;
  const last = session({ tries: rotationTries - 1, uri: './S' });
  assert.equal((await last.provider.next([])).length, 1);
  const first = session({ tries: rotationTries });
  assert.deepEqual(await first.provider.next([]), []);
  assert.deepEqual(first.steps, [{ step: 'failed', reason }]);
  const sent = session({ tries: rotationTries, state: 'sent' });
  assert.deepEqual(await sent.provider.next([]), []);
  assert.deepEqual(sent.steps, [{ step: 'noted', reason, heard: false }]);
  const told = session({ tries: rotationTries, state: 'sent', reason });
  assert.deepEqual([await told.provider.next([]), told.steps], [[], []]);
});
