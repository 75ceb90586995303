// Where a server's commands come from: what the provider is told, and what becomes of commands that cannot go out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand, MessageForm } from '../../src/codec/syncml/index.ts';
import type { ClientReport, CommandProvider } from '../../src/session/index.ts';
import { converse, effectsOf, get, stage } from './conversation.ts';

const completed = { outcome: 'completed' };

/** Gives the packages in order, and keeps what it was told each time. */
function provider(packages: readonly (readonly ManagementCommand[])[]) {
  const left = [...packages];
  const told: (readonly ClientReport[])[] = [];
  const commands: CommandProvider = {
    next: async (said) => {
      told.push([...said]);
      return left.shift() ?? [];
    },
  };
  return { commands, told };
}

/** `name=status` of what was answered, and the names of what was received. */
function words(said: readonly ClientReport[]): string[] {
  return said.map((report) =>
    report.effect === 'received'
      ? report.command.name
      : `${report.command.name}=${report.sent ? report.statuses.map(({ status }) => status).join() : 'left out'}`,
  );
}

test('the provider learns what the client said before it gives more, and the host gets the same effects', async () => {
  const { commands, told } = provider([[get('1', './A')], [get('2', './B')]]);
  const alerts = [{ data: '1226', correlator: 'c', items: [{ data: '200' }] }];
  const scene = await converse(stage({ client: { alerts }, server: { commands } }));
  assert.deepEqual(scene.server.ended, completed);
  assert.deepEqual(told.map(words), [['Alert', 'Replace', 'Alert'], ['Get=200'], ['Get=200']]);
  const given = scene.serverEffects.filter(({ effect }) => effect === 'answered' || effect === 'received');
  const heard = told.flat();
  assert.equal(given.length, heard.length);
  for (const [index, report] of heard.entries()) assert.equal(given[index], report, 'the very same object');
});

for (const encoding of ['xml', 'wbxml'] as const satisfies readonly MessageForm[]) {
  const large = (name: 'Exec' | 'Add'): ManagementCommand => ({
    name,
    cmdId: 'large',
    items: [{ target: { uri: './X' }, data: 'x'.repeat(6000) }],
  });
  const client = { encoding, maxMsgSize: 4096, maxObjSize: 100_000 };

  test(`a command that fits into no message is left out, and the provider asked for others, ${encoding}`, async () => {
    const group: ManagementCommand = { name: 'Atomic', cmdId: 'group', commands: [large('Add')] };
    const { commands, told } = provider([[large('Exec')], [group], [get('1', './A')]]);
    const scene = await converse(stage({ client, server: { commands, encoding } }));
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(scene.executed, ['Get ./A']);
    assert.deepEqual(told.map(words).slice(1), [
      ['Exec=left out'],
      ['Add=left out', 'Atomic=left out'],
      ['Get=200'],
    ]);
    const notes = effectsOf(scene.serverEffects, 'note').map(({ text }) => text);
    assert.equal(notes.filter((text) => /fits into no message/.test(text)).length, 2);
  });

  test(`what can be cut goes out beside what cannot, ${encoding}`, async () => {
    const { commands, told } = provider([[large('Exec'), large('Add'), get('1', './A')]]);
    const scene = await converse(stage({ client, server: { commands, encoding } }));
    assert.deepEqual(scene.server.ended, completed);
    assert.deepEqual(scene.executed, ['Add ./X', 'Get ./A']);
    assert.deepEqual(words(told[1] ?? []), ['Exec=left out', 'Add=200', 'Get=200']);
  });

  test(`when nothing can go out the session ends well, ${encoding}`, async () => {
    const { commands, told } = provider([[large('Exec')]]);
    const scene = await converse(stage({ client, server: { commands, encoding } }));
    assert.deepEqual([scene.session.ended, scene.server.ended], [completed, completed]);
    assert.deepEqual(scene.executed, []);
    assert.deepEqual(told.length, 2);
  });

  test(`a command goes out up to a length, and beyond it not at all, ${encoding}`, async () => {
    let sent = 0;
    let left = 0;
    for (let length = 1000; length < 4000; length += 37) {
      const exec: ManagementCommand = {
        name: 'Exec',
        cmdId: '1',
        items: [{ target: { uri: './X' }, data: 'x'.repeat(length) }],
      };
      const { commands } = provider([[exec]]);
      const scene = await converse(stage({ client, server: { commands, encoding } }));
      assert.deepEqual(scene.server.ended, completed);
      if (scene.executed.length === 1) sent += 1;
      else left += 1;
      // Once it is too long, it stays too long.
      assert.ok(left === 0 || scene.executed.length === 0);
    }
    assert.ok(sent > 10 && left > 2, `${sent} sent, ${left} left out`);
  });
}

test('what a client answers in one package is bounded; the command keeps what came before', async () => {
  const { commands, told } = provider([[get('1', './A')]]);
  const data = 'x'.repeat(1_000_000);
  const results = Array.from({ length: 40 }, () => ({ source: { uri: './A' }, data }));
  const scene = await converse(
    stage({
      client: { maxMsgSize: 2_000_000, execute: async () => ({ status: 200, results }) },
      server: { commands, maxMsgSize: 2_000_000 },
    }),
  );
  assert.deepEqual(scene.server.ended, completed);
  const [answered] = told[1] ?? [];
  assert.ok(answered?.effect === 'answered');
  assert.equal(answered.statuses[0]?.status, 200);
  assert.equal(answered.results.length, 33);
  const notes = effectsOf(scene.serverEffects, 'note').map(({ text }) => text);
  assert.ok(notes.includes('Results are refused: there is no room for more'));
});
