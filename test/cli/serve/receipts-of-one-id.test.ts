// The server as `serve` starts it, with a centre that gives every message the same id: whose a receipt is, stands on the
// timelines, also after a restart.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type RunningServer, startServer } from '../../../src/cli/serve/running-server.ts';
import { type Logger, silentLogger } from '../../../src/core/index.ts';
import { eventually, sampleAccount } from '../../../src/testing/index.ts';
import { answerSession, type ScriptedPeer, ScriptedSmsc } from '../../push/sms/scripted-smsc.ts';

const credentials = { scheme: 'md5', name: 'd', secret: 'secret', nonceBase64: 'AAAAAA==' };
const patience = 200_000;

test('one id for every message: the right device is reported, before and after a restart; what nobody can tell is a note', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-one-id-'));
  const smsc = await ScriptedSmsc.open();
  smsc.onPdu = (pdu, peer) => {
    if (pdu.command !== 'submit_sm') return answerSession(pdu, peer);
    peer.accept(pdu, '1');
    return true;
  };
  const listen = { host: '127.0.0.1', port: 0 };
  const start = (): Promise<RunningServer> =>
    startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      bindings: {
        sms: {
          smscs: [{ host: '127.0.0.1', port: smsc.port, name: 'osmo', systemId: 'dms' }],
          backOffMs: 10,
        },
      },
      node: 'test',
      logger,
    });
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, text) => warnings.push(text) };
  let running = await start();
  const receipt = async (peer: ScriptedPeer, number: string, word = 'DELIVRD'): Promise<void> => {
    const text = new TextEncoder().encode(`id:1 sub:001 dlvrd:001 stat:${word} err:000 text:`);
    peer.send({ command: 'deliver_sm', sequence: 9, esmClass: 4, sourceAddress: number, shortMessage: text });
    assert.equal((await peer.next('deliver_sm_resp')).status, 0);
  };
  try {
    const { serverId } = sampleAccount;
    await running.server.accounts.create({ serverId, url: running.dmUrl });
    const push = async (id: string, number: string): Promise<string> => {
      await running.server.devices.create({
        id,
        serverId,
        addresses: [`sms:${number}`],
        format: 'dm1.2',
        clientCredentials: credentials,
        serverCredentials: credentials,
      });
      const { push: queued } = await running.server.pushes.createNotification({ device: id });
      await eventually(async () => (await state(queued.id)) === 'accepted', 'accepted', patience);
      return queued.id;
    };
    const state = async (id: string) => (await running.server.pushes.get(id))?.state;
    const last = async (id: string) => (await running.server.pushes.timeline(id))?.at(-1);
    const a = await push('a', '+491701111111');
    const b = await push('b', '+491702222222');
    const c = await push('c', '+491703333333');
    const peer = await smsc.peer(0);
    await receipt(peer, '01702222222');
    assert.deepEqual([await state(a), await state(b), await state(c)], ['accepted', 'delivered', 'accepted']);
    await receipt(peer, '4040');
    for (const id of [a, c]) {
      const event = await last(id);
      assert.deepEqual([event?.event, event?.state, event?.reference], ['note', 'accepted', 'osmo:1']);
      assert.match(event?.detail ?? '', /nobody can tell/);
    }
    assert.equal((await last(b))?.event, 'delivered');
    for (let i = 0; i < 3; i += 1) await receipt(peer, '4040', 'GONE');
    const told = warnings.filter((text) => text.includes('GONE'));
    assert.deepEqual(told, ['osmo: receipt with the state "GONE", of which nothing can be made']);
    await running.stop();
    running = await start();
    await receipt(await smsc.peer(1), '491703333333');
    await eventually(async () => (await state(c)) === 'delivered', 'the receipt after the restart', patience);
    assert.deepEqual([await state(a), await state(c)], ['accepted', 'delivered']);
    // One open push has the id; one that is over had it too.
    const before = (await running.server.pushes.timeline(a))?.length ?? 0;
    await receipt(await smsc.peer(1), '4040');
    const after = (await running.server.pushes.timeline(a)) ?? [];
    assert.deepEqual(
      [after.length, after.at(-1)?.event, after.at(-1)?.state],
      [before + 1, 'note', 'accepted'],
    );
    await receipt(await smsc.peer(1), '');
    assert.equal(await state(a), 'accepted');
  } finally {
    await running.stop();
    await smsc.close();
    rmSync(folder, { recursive: true });
  }
});
