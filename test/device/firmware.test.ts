// The firmware update object on the device: its tree, its installer, what happens when the disk or the maker fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError, ValueError } from '../../src/core/index.ts';
import { forgetOperation, pendingOperations } from '../../src/device/firmware/firmware-object.ts';
import { owedAlerts } from '../../src/device/firmware/firmware-report.ts';
import {
  Device,
  type DeviceEvent,
  type DeviceOptions,
  type FirmwareInstaller,
  mayUpdateFirmware,
  memoryState,
  provisionDevice,
  type StateStorage,
  simulatedInstaller,
} from '../../src/device/index.ts';
import { eventually } from '../../src/testing/index.ts';

const serverId = 'com.example.dm';
const object = './FwUpdate/Main';
const account = {
  serverId,
  // Nobody listens there: reports stay.
  address: 'http://127.0.0.1:9/dm',
  client: { scheme: 'md5', name: 'e1', secret: 'client secret' },
  server: { scheme: 'md5', secret: 'server secret' },
} as const;
const input = { deviceId: 'IMEI:1', man: 'Example', mod: 'E1', accounts: [account] };
const octets = (text: string) => new TextEncoder().encode(text);

async function started(storage: StateStorage, more: Partial<DeviceOptions> = {}): Promise<Device> {
  const device = new Device({ storage, backOff: { firstMs: 60_000 }, ...more });
  await device.start();
  return device;
}

async function provisioned(): Promise<StateStorage> {
  const storage = memoryState();
  await provisionDevice(storage, { ...input, firmwareUpdate: 'Main' });
  return storage;
}

/** Puts a package there and begins Update, as the server would. */
async function update(device: Device, data: Uint8Array, correlator?: string): Promise<number> {
  const { tree } = device;
  assert.ok(tree);
  return await tree.run(async (transaction) => {
    const put = transaction.replace(serverId, { uri: `${object}/Update/PkgData`, format: 'bin', data });
    assert.equal(put.status, 200);
    const command = { uri: `${object}/Update`, ...(correlator !== undefined && { correlator }) };
    return (await transaction.exec(serverId, command)).status;
  });
}

const stateOf = (device: Device) => device.tree?.node(`${object}/State`)?.value;

test('the object is there on request, idle, for the servers of the accounts only', async () => {
  const device = await started(await provisioned());
  const { tree } = device;
  assert.equal(stateOf(device), '10');
  assert.deepEqual(
    tree?.get(serverId, object).results?.map(({ data }) => data),
    ['PkgName/PkgVersion/Download/Update/DownloadAndUpdate/State'],
  );
  assert.deepEqual(tree?.objects('urn:oma:mo:oma-fumo'), [object]);
  const exec = (id: string) => tree?.transaction().exec(id, { uri: `${object}/Update` });
  assert.equal((await exec('other'))?.status, 425);
  assert.equal((await exec(serverId))?.status, 412);
  const data = tree?.get(serverId, `${object}/Update/PkgData`);
  assert.equal(data?.status, 405, 'a package is not given out');
  await device.stop();
  const storage = memoryState();
  await provisionDevice(storage, input);
  const plain = await started(storage);
  assert.equal(plain.tree?.node('./FwUpdate'), undefined);
  await plain.stop();
});

test('notes that make no sense, as after an edit of the state file by hand, are no operations and name nobody', async () => {
  const device = await started(await provisioned());
  const { tree } = device;
  assert.ok(tree);
  await tree.run((own) => {
    own.setNote('.', 'firmware-servers', '{');
    for (const [index, text] of ['', '[]', '{"operation":"Update"}', 'null', '{"order":1}'].entries()) {
      own.setNote(object, `operation ${index}`, text);
    }
  });
  assert.deepEqual(pendingOperations(tree), []);
  assert.equal(mayUpdateFirmware(tree, serverId), false);
  await device.stop();
});

test('a name that no node can have is refused', async () => {
  for (const firmwareUpdate of ['', '.', '..', 'a/b', 'a b', 'x'.repeat(65)]) {
    await assert.rejects(
      provisionDevice(memoryState(), { ...input, firmwareUpdate }),
      (error) => error instanceof ValueError && error.path === 'firmwareUpdate',
      firmwareUpdate,
    );
  }
});

test('an update changes the version, empties the package and owes a report with the correlator', async () => {
  const device = await started(await provisioned());
  assert.equal(await update(device, octets('Firmware-Version: 2.0\n\n'), 'c-7'), 202);
  assert.equal(stateOf(device), '60');
  await eventually(() => stateOf(device) === '100');
  assert.equal(device.tree?.node('./DevDetail/FwV')?.value, '2.0');
  assert.deepEqual(device.tree?.node(`${object}/Update/PkgData`)?.value, new Uint8Array());
  assert.ok(device.tree);
  assert.deepEqual(
    owedAlerts(device.tree, serverId).map(({ alert }) => alert),
    [
      {
        data: '1226',
        correlator: 'c-7',
        items: [
          {
            source: { uri: object },
            meta: {
              format: 'chr',
              type: 'org.openmobilealliance.dm.firmwareupdate.update',
              mark: 'informational',
            },
            data: '200',
          },
        ],
      },
    ],
  );
  assert.deepEqual(owedAlerts(device.tree, 'other'), []);
  await device.stop();
});

test('an update that fails keeps the package: state 70, the maker’s result code', async () => {
  const reasons: FirmwareInstaller[] = [
    () => ({ installed: false, code: 451, reason: 'battery' }),
    () => Promise.reject(new Error('flash is worn')),
  ];
  for (const [index, install] of reasons.entries()) {
    const events: DeviceEvent[] = [];
    const device = await started(await provisioned(), {
      firmware: { install },
      onEvent: (event) => events.push(event),
    });
    await update(device, octets('anything'));
    await eventually(() => stateOf(device) === '70');
    assert.ok(device.tree);
    const [owed] = owedAlerts(device.tree, serverId);
    assert.equal(owed?.alert.items[0]?.data, index === 0 ? '451' : '410');
    assert.equal(owed?.alert.correlator, undefined);
    assert.equal(device.tree.node('./DevDetail/FwV')?.value, '1.0');
    const ended = events.find((event) => event.event === 'firmware' && event.stage === 'ended');
    assert.equal(ended?.event === 'firmware' && ended.reason, index === 0 ? 'battery' : 'flash is worn');
    await device.stop();
  }
});

test('an Exec that is rolled back with its Atomic begins nothing', async () => {
  let installs = 0;
  const install: FirmwareInstaller = () => {
    installs += 1;
    return { installed: true, version: '2' };
  };
  const device = await started(await provisioned(), { firmware: { install } });
  const { tree } = device;
  assert.ok(tree);
  await tree.run((transaction) => {
    transaction.set(`${object}/Update/PkgData`, { format: 'bin', value: octets('x') });
  });
  const transaction = tree.transaction();
  assert.equal((await transaction.exec(serverId, { uri: `${object}/Update` })).status, 202);
  transaction.rollback();
  await tree.run((other) => other.set('./DevInfo/Lang', { value: 'de' }));
  await new Promise(setImmediate);
  assert.equal(installs, 0);
  assert.equal(stateOf(device), '10');
  await device.stop();
});

test('while servers change the same object, its operation ends all the same; of a removed one nothing is left', async () => {
  for (const removed of [false, true]) {
    const gate = Promise.withResolvers<void>();
    const install: FirmwareInstaller = async () => {
      await gate.promise;
      return { installed: true, version: '2' };
    };
    const device = await started(await provisioned(), { firmware: { install } });
    const { tree } = device;
    assert.ok(tree);
    await update(device, octets('x'));
    await tree.run((transaction) => {
      if (removed) assert.equal(transaction.delete(serverId, object).status, 200);
      else transaction.replace(serverId, { uri: `${object}/PkgName`, data: 'new' });
    });
    gate.resolve();
    if (removed) {
      await device.stop();
      assert.equal(tree.node(object), undefined);
      assert.equal(tree.node('./DevDetail/FwV')?.value, '1.0');
    } else {
      await eventually(() => stateOf(device) === '100');
      await device.stop();
    }
  }
});

test('an Exec repeated by its server under its correlator is answered 202 and begins nothing, until the report is told', async () => {
  const gate = Promise.withResolvers<void>();
  let installs = 0;
  const install: FirmwareInstaller = async () => {
    installs += 1;
    await gate.promise;
    return { installed: true, version: '2' };
  };
  const storage = memoryState();
  const accounts = [account, { ...account, serverId: 'second' }];
  await provisionDevice(storage, { ...input, accounts, firmwareUpdate: 'Main' });
  const device = await started(storage, { firmware: { install } });
  const { tree } = device;
  assert.ok(tree);
  const exec = (correlator?: string, id = serverId, operation = 'Update') =>
    tree.run(async (transaction) => {
      const uri = `${object}/${operation}`;
      return (await transaction.exec(id, { uri, ...(correlator !== undefined && { correlator }) })).status;
    });
  assert.equal(await update(device, octets('x'), 'c'), 202);
  assert.equal(await exec('c'), 202);
  assert.equal(await exec('d'), 503);
  assert.equal(await exec(), 503);
  assert.equal(await exec('c', 'second'), 503);
  assert.equal(await exec('c', serverId, 'Download'), 503);
  gate.resolve();
  await eventually(() => stateOf(device) === '100');
  const [before] = owedAlerts(tree, serverId);
  assert.ok(before);
  assert.equal(await exec('c'), 202, 'its report is owed');
  assert.equal(stateOf(device), '100');
  // A session that told the report before this Exec does not settle what is owed for it.
  await tree.run((transaction) => forgetOperation(transaction, before.id));
  const owed = owedAlerts(tree, serverId);
  assert.deepEqual(
    owed.map(({ alert }) => alert),
    [before.alert],
  );
  await tree.run((transaction) => forgetOperation(transaction, owed[0]?.id ?? ''));
  assert.equal(await exec('c'), 412, 'it is told: a new operation, whose package is gone');
  assert.equal(installs, 1);
  await device.stop();
});

test('too many unheard reports: no further operation is taken', async () => {
  const device = await started(await provisioned());
  const codes: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    codes.push(await update(device, octets('Firmware-Version: 2\n\n')));
    await eventually(() => stateOf(device) !== '60');
  }
  assert.deepEqual(codes, [...Array.from({ length: 8 }, () => 202), 503]);
  const long = await update(device, octets('x'), 'c'.repeat(256));
  assert.equal(long, 400);
  await device.stop();
});

test('an end that cannot be stored has not happened: the next start begins the operation again', async () => {
  const kept = await provisioned();
  let broken = false;
  const storage: StateStorage = {
    ...kept,
    save: (document) => (broken ? Promise.reject(new ConfigError('no room')) : kept.save(document)),
  };
  const events: DeviceEvent[] = [];
  const gate = Promise.withResolvers<void>();
  const install: FirmwareInstaller = async () => {
    await gate.promise;
    return { installed: true, version: '2' };
  };
  const device = await started(storage, { firmware: { install }, onEvent: (event) => events.push(event) });
  await update(device, octets('x'), 'c');
  broken = true;
  gate.resolve();
  await eventually(() => events.some((event) => event.event === 'firmware' && event.stage === 'broken'));
  assert.equal(stateOf(device), '60');
  await assert.rejects(device.stop(), ConfigError);
  broken = false;
  const again = await started(kept, { firmware: { install } });
  await eventually(() => stateOf(again) === '100');
  assert.ok(again.tree);
  assert.equal(owedAlerts(again.tree, serverId)[0]?.alert.correlator, 'c');
  await again.stop();
});

test('a simulated package says its version and model; anything else is corrupt', async () => {
  const install = async (text: string) =>
    simulatedInstaller(
      { octets: octets(text), object, model: 'E1', version: '1' },
      new AbortController().signal,
    );
  assert.deepEqual(await install('Firmware-Version: 2.0 beta \r\nFirmware-Model: E1\r\n\r\nrest'), {
    installed: true,
    version: '2.0 beta',
  });
  const codes: unknown[] = [];
  for (const text of [
    '',
    'Firmware-Version: 2.0',
    'Firmware-Version:\n\n',
    'Version: 2\n\n',
    'Firmware-Version: 2\nFirmware-Model: E2\n\n',
    `Firmware-Version: 2\n${'x'.repeat(2000)}\n\n`,
  ]) {
    const result = await install(text);
    codes.push('code' in result && result.code);
  }
  assert.deepEqual(codes, [402, 402, 402, 402, 403, 402]);
});

test('any package is installed or refused with a result code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (any) => {
      const result = await simulatedInstaller(
        { octets: any, object, model: 'E1', version: '1' },
        new AbortController().signal,
      );
      assert.ok(result.installed ? result.version !== '' : result.code >= 400);
    }),
  );
});
