// What a device says, at its default log level, of routes over which nothing can come: a registrar that refuses it or is not
// there, a message centre that is not there. And that it says nothing where all is well.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SimulatedRegistrar, SmscSimulator } from '../../../src/testing/index.ts';
import { CliProcess } from '../long-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-device-routes-'));
after(() => rmSync(folder, { recursive: true }));

let count = 0;
function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const provision = write('provision.json', {
  deviceId: 'IMEI:990000120000015',
  man: 'Reveille',
  mod: 'Test',
  accounts: [
    {
      serverId: 'com.example.dm',
      address: 'http://127.0.0.1:9/dm',
      client: { scheme: 'md5', name: 'd', secret: 'x' },
      server: { scheme: 'md5', secret: 'y' },
    },
  ],
});

/** A device with the default log level that listens on one URI. */
async function withDevice(
  uri: string,
  sections: object,
  run: (device: CliProcess) => Promise<void>,
  ...more: readonly string[]
): Promise<void> {
  count += 1;
  const config = write(`listeners-${count}.json`, sections);
  const state = join(folder, `state-${count}.json`);
  const device = new CliProcess([
    ...['device', '--state', state, '--provision', provision, '--listener-config', config],
    ...['--listen', uri, ...more],
  ]);
  try {
    await run(device);
  } finally {
    await device.end();
  }
}

const sip = (port: number, password: string): object => ({
  sip: {
    instanceId: 'urn:uuid:6f1c9a52-3f0e-4c1b-9c64-0d5a4f1f7c11',
    outboundProxy: `sip:127.0.0.1:${port};transport=tcp`,
    address: '127.0.0.1',
    credentials: [{ username: 'device', password }],
  },
});
const address = 'sip:device@example.com';

describe('routes of a device that do not work', { concurrency: false, timeout: 240_000 }, () => {
  it('a SIP registration that is refused is told at the default log level, with the reason and without the password', async () => {
    const registrar = await SimulatedRegistrar.start({ users: { device: 'right-password' } });
    try {
      await withDevice(address, sip(registrar.port, 'wrong-password'), async (device) => {
        await device.prints(
          /"level":50,[^\n]*"listen":"sip:device@example\.com"[^\n]*sip:device@example\.com is not registered: [^\n]+; mend it/,
        );
        assert.doesNotMatch(device.stderr, /wrong-password/);
      });
    } finally {
      await registrar.close();
    }
  });

  it('so is one whose registrar is not there, which is tried again', () =>
    withDevice(address, sip(9, 'password'), async (device) => {
      await device.prints(/"level":50,[^\n]*is not registered: [^\n]*127\.0\.0\.1:9[^\n]*; trying again/);
    }));

  it('a message centre that is not there is told in the same way, while the device waits for it', () => {
    const smsc = { host: '127.0.0.1', port: 9, systemId: 'phone' };
    const run = async (device: CliProcess): Promise<void> => {
      await device.prints(/listens on wap:127\.0\.0\.1:\d+;/);
      await device.prints(
        /"level":50,[^\n]*"listen":"sms:\+491701234567"[^\n]*sms: [^\n]*127\.0\.0\.1:9[^\n]*; trying again/,
      );
    };
    return withDevice('sms:+491701234567', { sms: { smsc } }, run, '--listen', 'wap:127.0.0.1:0');
  });

  it('a message centre that comes up is told once, at the default log level', async () => {
    const smsc = new SmscSimulator();
    const port = await smsc.start(0);
    await smsc.stop();
    const run = async (device: CliProcess): Promise<void> => {
      await device.prints(/"level":50,[^\n]*sms: [^\n]*; trying again/);
      await smsc.start(port);
      try {
        await device.prints(/^reveille: sms: connected$/m);
        await device.prints(/listens on sms:\+491701234567;/);
        assert.equal(device.stderr.match(/sms: connected/g)?.length, 1);
      } finally {
        await device.end();
        await smsc.stop();
      }
    };
    await withDevice(
      'sms:+491701234567',
      { sms: { smsc: { host: '127.0.0.1', port, systemId: 'phone' } } },
      run,
    );
  });

  it('a registration that succeeds is told at info, and the default log level is quiet', async () => {
    const registrar = await SimulatedRegistrar.start({ users: { device: 'right-password' } });
    try {
      const right = sip(registrar.port, 'right-password');
      await withDevice(
        address,
        right,
        async (device) => {
          await device.prints(
            /"level":30,[^\n]*sip:device@example\.com is registered as sip:device@example\.com;gr=/,
          );
        },
        ...['--log-level', 'info'],
      );
      await withDevice(address, right, async (device) => {
        await device.prints(/listens on sip:device@example\.com;/);
        while (registrar.bindings.get('device') === undefined) await new Promise((go) => setTimeout(go, 20));
        assert.doesNotMatch(device.stderr, /"level":/);
      });
    } finally {
      await registrar.close();
    }
  });
});
