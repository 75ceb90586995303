// The replacement of a secret in one session, step by step, as the store is told of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { noWork, rotationTries } from '../../../src/server/index.ts';
import { RotationWork } from '../../../src/server/rotation/rotation-work.ts';
import type { ClientReport } from '../../../src/session/index.ts';
import type { DeviceRecord, RotationStep, StoredRotation } from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';

const now = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();

/** A session of a device whose server secret is being replaced; `steps` is what the store was told. */
function session(changes: Partial<StoredRotation> = {}) {
  const rotation = {
    id: 'r',
    state: 'pending' as const,
    secret: 'fresh',
    tries: 0,
    requestedAt: now,
    ...changes,
  };
  const device: DeviceRecord = {
    ...input,
    rotations: { server: rotation },
    resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
    reported: {},
    createdAt: now,
    updatedAt: now,
  };
  const steps: RotationStep[] = [];
  const store = {
    beginRotation: () => Promise.reject(new TypeError('nothing begins here')),
    advanceRotation: async (...[, , , step]: [string, string, string, RotationStep]) => {
      steps.push(step);
      return device;
    },
  };
  const work = new RotationWork(noWork, store, silentLogger);
  const subject = { device, holder: 'h', alsoAnswers: new Set<string>() };
  return { steps, names: () => steps.map(({ step }) => step), provider: work.commands(subject) };
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
  const { names, provider } = session();
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
});

test('a device that says nothing to the search has said nothing', async () => {
  const { steps, provider } = session();
  const commands = await provider.next([]);
  assert.deepEqual(await provider.next(replies(commands, {})), []);
  assert.deepEqual(steps, [{ step: 'tried' }, { step: 'failed', reason: 'get ./DMAcc: status unknown' }]);
});

test('where the node is known nothing is searched; what was sent before is not over when it is refused', async () => {
  const { steps, provider } = session({ uri: './S', state: 'sent' });
  const commands = await provider.next([]);
  assert.equal(commands[0]?.name, 'Replace');
  assert.deepEqual(await provider.next(replies(commands, {}, 425)), []);
  const reason = 'the device answered the Replace with status 425';
  assert.deepEqual(steps, [{ step: 'tried' }, { step: 'sent' }, { step: 'noted', reason, heard: true }]);
});

test('after as many sessions as may end at it, it is left alone, and the reason is told once', async () => {
  const reason = `${rotationTries} sessions ended without a word on it`;
  const last = session({ tries: rotationTries - 1, uri: './S' });
  assert.equal((await last.provider.next([])).length, 1);
  const pending = session({ tries: rotationTries });
  assert.deepEqual(await pending.provider.next([]), []);
  assert.deepEqual(pending.steps, [{ step: 'failed', reason }]);
  const sent = session({ tries: rotationTries, state: 'sent' });
  assert.deepEqual(await sent.provider.next([]), []);
  assert.deepEqual(sent.steps, [{ step: 'noted', reason, heard: false }]);
  const told = session({ tries: rotationTries, state: 'sent', reason });
  assert.deepEqual([await told.provider.next([]), told.steps], [[], []]);
});
