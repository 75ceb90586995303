// Every command of a job on the device's tree, in both encodings, over real UDP and HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageForm } from '../../src/codec/syncml/index.ts';
import type { UserInteraction } from '../../src/session/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { dataOf, deviceId, serverId, statusesOf, withWorld } from './server-and-device.ts';

const ownAll = { command: 'replace', uri: './Files?prop=ACL', data: 'Add=*&Delete=*&Get=*&Replace=*' };
const makeFiles = [{ command: 'add', uri: './Files', format: 'node' }, ownAll];
const megabyte = 1_000_000;
const octets = Buffer.from(Uint8Array.from({ length: megabyte }, (_, i) => (i * 31 + (i >> 8) * 7) & 255));
const text = 'ü€😀&<\n'.repeat(80_000);

for (const form of ['xml', 'wbxml'] as const satisfies readonly MessageForm[]) {
  test(`Add, Replace, Copy, Get, lists and Delete, ${form}`, () =>
    withWorld({ form }, async ({ run, device }) => {
      const job = await run([
        ...makeFiles,
        { command: 'add', uri: './Files/A', data: 'one', type: 'text/x-test' },
        { command: 'replace', uri: './Files/A', data: 'two', type: 'text/x-test' },
        { command: 'copy', uri: './Files/B', source: './Files/A' },
        { command: 'add', uri: './Files/N', data: '7', format: 'int' },
        { command: 'add', uri: './Files/O', dataBase64: 'AAEC/w==' },
        { command: 'add', uri: './Files/E', format: 'null' },
        { command: 'get', uri: './Files' },
        { command: 'get', uri: './Files/B' },
        { command: 'get', uri: './Files/N' },
        { command: 'get', uri: './Files/O' },
        { command: 'get', uri: './Files/A?prop=Type' },
        { command: 'get', uri: './Files?list=Struct' },
        { command: 'delete', uri: './Files/A' },
      ]);
      assert.equal(job.state, 'completed', job.reason);
      assert.deepEqual(
        statusesOf(job),
        job.commands.map(() => 200),
      );
      const results = job.commands.slice(8, 13).map(({ answer }) => answer?.results?.[0]);
      assert.deepEqual(results, [
        { uri: './Files', format: 'node', data: 'A/B/N/O/E' },
        { uri: './Files/B', type: 'text/x-test', data: 'two' },
        { uri: './Files/N', format: 'int', data: '7' },
        { uri: './Files/O', format: 'bin', type: 'application/octet-stream', dataBase64: 'AAEC/w==' },
        { uri: './Files/A?prop=Type', data: 'text/x-test' },
      ]);
      assert.equal(job.commands[13]?.answer?.results?.length, 6);
      assert.deepEqual([...(device().tree?.node('./Files')?.children?.keys() ?? [])], ['B', 'N', 'O', 'E']);
    }));

  test(`a subtree as TNDS, there and back, ${form}`, () =>
    withWorld({ form }, async ({ run }) => {
      const tnds =
        '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Sub</NodeName><RTProperties>' +
        '<Format><node/></Format><Type><DDFName></DDFName></Type></RTProperties><Node><NodeName>Leaf</NodeName>' +
        '<RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties>' +
        '<Value>inside</Value></Node></Node></MgmtTree>';
      const type = 'application/vnd.syncml.dmtnds+xml';
      const job = await run([
        ...makeFiles,
        { command: 'add', uri: './Files/Sub', data: tnds, format: 'xml', type },
        { command: 'get', uri: './Files/Sub/Leaf' },
        { command: 'get', uri: './Files/Sub?list=TNDS' },
      ]);
      assert.equal(job.state, 'completed', job.reason);
      const [leaf, list] = dataOf(job);
      assert.equal(leaf, 'inside');
      assert.match(list ?? '', /^<MgmtTree.*<Value>inside<\/Value>/s);
      assert.equal(job.commands[4]?.answer?.results?.[0]?.type, type);
    }));

  test(`Atomic: all or nothing; Sequence: what follows a failure is not executed, ${form}`, () =>
    withWorld({ form }, async ({ run, device }) => {
      const set = (name: string, data: string) => ({ command: 'add', uri: `./Files/${name}`, data });
      const missing = { command: 'replace', uri: './Files/Missing', data: 'x' };
      const job = await run(
        [
          ...makeFiles,
          { command: 'atomic', commands: [set('A', '1'), set('B', '2')] },
          { command: 'atomic', commands: [set('C', '3'), missing, set('D', '4')] },
          {
            command: 'sequence',
            commands: [{ command: 'get', uri: './Files/A' }, missing, set('E', '5')],
          },
        ],
        { onFailure: 'continue' },
      );
      assert.equal(job.state, 'failed');
      const inner = job.commands.map(({ answer }) => answer?.commands?.map(({ status }) => status));
      assert.deepEqual(statusesOf(job), [200, 200, 200, 507, 200]);
      assert.deepEqual(inner.slice(2), [
        [200, 200],
        [216, 404, 215],
        [200, 404, 215],
      ]);
      assert.equal(job.commands[4]?.answer?.commands?.[0]?.results?.[0]?.data, '1');
      assert.equal(job.reason, 'commands[3], atomic: status 507');
      assert.deepEqual([...(device().tree?.node('./Files')?.children?.keys() ?? [])], ['A', 'B']);
    }));

  test(`1 MB of octets and 1 MB of text, there and back, ${form}`, () =>
    withWorld({ form }, async ({ run }) => {
      const job = await run([
        ...makeFiles,
        { command: 'add', uri: './Files/Octets', dataBase64: octets.toString('base64') },
        { command: 'add', uri: './Files/Text', data: text },
        { command: 'get', uri: './Files/Octets' },
        { command: 'get', uri: './Files/Text' },
      ]);
      assert.equal(job.state, 'completed', job.reason);
      const [back, words] = dataOf(job);
      assert.ok(octets.equals(Buffer.from(back ?? '', 'base64')));
      assert.equal(words, text);
    }));

  test(`user interaction alerts reach the user, and his answers the job, ${form}`, () => {
    const asked: UserInteraction[] = [];
    const user = {
      inform: () => undefined,
      confirm: async () => true,
      interact: async (request: UserInteraction) => {
        asked.push(request);
        if (request.kind === 'text') return { response: 'accepted', text: 'größer <3' } as const;
        if (request.kind === 'single-choice') return { response: 'accepted', choices: [2] } as const;
        if (request.kind === 'multiple-choice') return { response: 'accepted', choices: [1, 3] } as const;
        return request.text === 'No?'
          ? ({ response: 'rejected' } as const)
          : ({ response: 'accepted' } as const);
      },
    };
    return withWorld({ form, device: { user } }, async ({ run }) => {
      const choices = ['a', 'b & c', 'd'];
      const alerts = [
        { kind: 'display', text: 'Hello', minimumDisplaySeconds: 5 },
        { kind: 'confirm', text: 'Yes?', defaultResponse: '1', maximumDisplaySeconds: 30 },
        { kind: 'text', text: 'Name?', maxLength: 20, inputType: 'alphanumeric', echoType: 'text' },
        { kind: 'single-choice', text: 'One?', choices },
        { kind: 'multiple-choice', text: 'Some?', choices },
        { kind: 'confirm', text: 'No?' },
      ];
      const job = await run(alerts.map((alert) => ({ command: 'alert', ...alert })));
      assert.deepEqual(statusesOf(job), [200, 200, 200, 200, 200, 304]);
      assert.deepEqual(
        job.commands.map(({ answer }) => answer?.items?.map(({ data }) => data)),
        [undefined, undefined, ['größer <3'], ['2'], ['1', '3'], undefined],
      );
      assert.equal(job.state, 'failed');
      assert.deepEqual(
        asked,
        alerts.map((alert) => ({ choices: [], ...alert })),
      );
    });
  });
}

test('several jobs run in the order of their creation, in one session if it is there', () =>
  withWorld({}, async ({ server, store, device, ended }) => {
    const create = async (name: string) => {
      const commands = [{ command: 'replace', uri: './Files/Log', data: name }];
      return (await server.jobs.create({ device: deviceId, commands, wake: false })).job.id;
    };
    const made = [...makeFiles, { command: 'add', uri: './Files/Log', data: '' }];
    await server.jobs.create({ device: deviceId, commands: made, wake: false });
    const ids = [await create('1'), await create('2'), await create('3')];
    assert.deepEqual(
      (await store.listJobs({ limit: 9 })).items.map(({ state }) => state),
      ['pending', 'pending', 'pending', 'pending'],
    );
    const outcome = await device().connect(serverId);
    assert.equal(outcome.outcome, 'completed');
    const times: (number | undefined)[] = [];
    for (const id of ids) times.push((await ended(id)).sessionId);
    assert.equal(new Set(times).size, 1);
    assert.equal(device().tree?.node('./Files/Log')?.value, '3');
  }));

test('a notification carries a job', () =>
  withWorld({}, async ({ server, store, ended }) => {
    const { push: notification, job } = await server.jobs.createNotification({
      device: deviceId,
      job: [{ command: 'get', uri: './DevInfo/Man' }],
    });
    assert.ok(job);
    const done = await ended(job.id);
    assert.deepEqual(dataOf(done), ['Example']);
    assert.equal(done.sessionId, notification.sessionId);
    await eventually(async () => (await store.push(notification.id))?.state === 'completed');
  }));

test('a secret of the device’s record is withheld, wherever the device puts it', () =>
  withWorld({}, async ({ run, store }) => {
    const job = await run([
      ...makeFiles,
      { command: 'add', uri: './Files/S', data: 'xx client secret xx' },
      { command: 'get', uri: './Files/S' },
      { command: 'get', uri: './Files?list=StructData' },
      { command: 'get', uri: './Files?list=TNDS' },
    ]);
    assert.equal(job.state, 'completed', job.reason);
    assert.deepEqual(job.commands[3]?.answer?.results, [{ uri: './Files/S', withheld: true }]);
    const kept = JSON.stringify((await store.job(job.id))?.commands.map(({ answer }) => answer));
    assert.doesNotMatch(kept, /client secret/);
  }));
