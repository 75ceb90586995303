// A notification that asks for user interaction (DM-NOTI-1.3 §6.4.4, DM-NOTI-1.2 §6.2.7), with nobody there: unanswered is
// not the user's no. The server hears nothing and pushes again under the same Session-ID, and the device asks again. A whole
// server and a whole device on real UDP and HTTP.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { notificationFormats } from '../../src/codec/notification/index.ts';
import { silentLogger } from '../../src/core/index.ts';
import type { Consent, DeviceEvent, UserInterface } from '../../src/device/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { deviceId, serverId, type World, withWorld } from './server-and-device.ts';

const policy = { answerTimeoutMs: 700, attempts: 6 };

/** A user interface that gives these answers in turn, and then the last one again. */
function userWith(...answers: readonly Consent[]): UserInterface & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    inform: () => {},
    confirm: async (question) => {
      asked.push(question);
      return answers[Math.min(asked.length, answers.length) - 1] ?? 'unanswered';
    },
  };
}

const ignoredOf = (events: readonly DeviceEvent[]): string[] =>
  events.flatMap((event) => (event.event === 'ignored' ? [event.reason] : []));

async function wake({ server, store }: World, format: string, ends: readonly string[]) {
  const { push: notification } = await server.pushes.createNotification({
    device: deviceId,
    format,
    uiMode: 'user-interaction',
  });
  const { id } = notification;
  const state = async (): Promise<string> => (await store.push(id))?.state ?? '';
  await eventually(async () => ends.includes(await state()), `${ends} of the notification`, 400_000);
  const after = await store.push(id);
  assert.ok(after?.purpose === 'notification');
  const timeline = (await store.timeline(id)) ?? [];
  return { after, timeline, story: timeline.map(({ event }) => event) };
}

describe('user interaction without a user', { concurrency: false, timeout: 240_000 }, () => {
  for (const format of notificationFormats) {
    it(`${format}: unanswered twice, then a yes: the third push of the same Session-ID is answered`, () => {
      const user = userWith('unanswered', 'unanswered', true);
      const events: DeviceEvent[] = [];
      const device = { user, onEvent: (event: DeviceEvent) => void events.push(event) };
      return withWorld({ device, server: { policy } }, async (world) => {
        const { after, timeline, story } = await wake(world, format, ['completed', 'failed']);
        assert.equal(after?.state, 'completed', JSON.stringify(after));
        assert.equal(after?.sends, 3);
        assert.equal(user.asked.length, 3);
        assert.deepEqual(ignoredOf(events), ['unanswered', 'unanswered']);
        assert.ok(timeline.every(({ sessionId }) => sessionId === after?.sessionId));
        // Until somebody said yes the server heard nothing of it: no session, no answer.
        const answered = story.indexOf('answered');
        assert.deepEqual(
          story.slice(0, answered).filter((event) => event === 'session-failed' || event === 'completed'),
          [],
        );
        assert.equal(story.filter((event) => event === 'sent').length, 3);
      });
    });
  }

  it('a device without any user interface is the same: not answered, tried again, given up with that reason', () => {
    const events: DeviceEvent[] = [];
    const device = { onEvent: (event: DeviceEvent) => void events.push(event) };
    return withWorld({ device, server: { policy: { ...policy, attempts: 2 } } }, async (world) => {
      const { after } = await wake(world, 'dm1.2', ['completed', 'failed']);
      assert.equal(after?.state, 'failed');
      assert.match(after?.reason ?? '', /^no answer after 2 pushes/);
      assert.deepEqual(ignoredOf(events), ['unanswered', 'unanswered']);
    });
  });

  it("the user's own no is final: the next push is a repetition", () => {
    const user = userWith(false, true);
    const events: DeviceEvent[] = [];
    const device = { user, onEvent: (event: DeviceEvent) => void events.push(event) };
    return withWorld({ device, server: { policy: { ...policy, attempts: 2 } } }, async (world) => {
      const { after } = await wake(world, 'dm1.3-2010', ['completed', 'failed']);
      assert.equal(after?.state, 'failed');
      assert.equal(user.asked.length, 1);
      assert.deepEqual(ignoredOf(events), ['declined', 'replay']);
    });
  });

  it('`reveille device` whose input is at an end asks each time, and never declines', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reveille-unanswered-'));
    const listen = { host: '127.0.0.1', port: 0 };
    const running = await startServer({
      data: join(folder, 'data'),
      dm: listen,
      api: { ...listen, tokens: [] },
      policy: { ...policy, attempts: 3 },
      logger: silentLogger,
    });
    const client = { scheme: 'md5', name: 'd', secret: 'client secret of the test' };
    const server = { scheme: 'md5', secret: 'server secret of the test' };
    const account = { serverId, address: running.dmUrl, client, server };
    const provision = join(folder, 'provision.json');
    writeFileSync(provision, JSON.stringify({ deviceId, man: 'Example', mod: 'E1', accounts: [account] }));
    const device = new CliProcess([
      ...['device', '--state', join(folder, 'state.json'), '--provision', provision],
      ...['--listen', 'wap:127.0.0.1:0', '--json'],
    ]);
    try {
      const [, at = ''] = await device.prints(/listens on (wap:\S+);/);
      const { accounts, devices, pushes } = running.server;
      await accounts.create({ serverId, url: running.dmUrl });
      await devices.create({
        id: deviceId,
        serverId,
        addresses: [at],
        clientCredentials: client,
        serverCredentials: server,
      });
      const { push: notification } = await pushes.createNotification({
        device: deviceId,
        uiMode: 'user-interaction',
      });
      const over = async (): Promise<boolean> => (await pushes.get(notification.id))?.state === 'failed';
      await eventually(over, 'the end', 400_000);
      const asked = device.stdout.match(/"event":"ignored","reason":"unanswered"/g)?.length;
      assert.equal(asked, 3, device.stdout);
      assert.doesNotMatch(device.stdout, /declined|replay|session-started/);
    } finally {
      await device.end();
      await running.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
