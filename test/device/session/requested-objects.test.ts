// The objects that a notification asks for by name: where they stand, and what of them is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultMoIndexRegistry, parseNotification } from '../../../src/codec/notification/index.ts';
import {
  leavesOfObjects,
  objectsThatFit,
  requestedObjects,
} from '../../../src/device/session/requested-objects.ts';
import { ManagementTree, writeStandardObjects } from '../../../src/tree/index.ts';
import { dm13, serverId } from '../fixtures.ts';

test('DM-NOTI-1.3 §6.5.4: an object that can stand anywhere is found by its identifier, of any version', async () => {
  const ids = {
    FUMO: 'urn:oma:mo:oma-fumo',
    SCOMO: 'urn:oma:mo:oma-scomo',
    LAWMO: 'urn:oma:mo:oma-lawmo',
    DiagMon: 'urn:oma:mo:oma-diagmon',
    ConnMO: 'urn:oma:mo:oma-connmo',
  };
  const tree = new ManagementTree();
  await tree.run((own) => {
    for (const [name, id] of Object.entries({ ...ids, Own: 'urn:example:mo:own' })) {
      own.set(`./At/${name}`, { format: 'node', type: `${id}:1.2` });
      own.set(`./At/${name}/Inner`, { format: 'node' });
      own.set(`./At/${name}/Inner/Leaf`, { type: 'text/html', value: name });
    }
  });
  for (const [name, asked] of [
    ...Object.keys(ids).map((each) => [each, each]),
    ['Own', 'urn:example:mo:own'],
  ]) {
    assert.deepEqual(leavesOfObjects(tree, serverId, asked ?? ''), [
      [{ uri: `./At/${name}/Inner/Leaf`, type: 'text/html', data: name }],
    ]);
  }
  for (const name of ['toString', 'DevDetail', 'Nothing']) {
    assert.deepEqual(leavesOfObjects(tree, serverId, name), []);
  }
});

test('an object of the device that has one place is found there', async () => {
  const tree = new ManagementTree();
  await tree.run((own) => {
    writeStandardObjects(
      own,
      { devId: 'IMEI:1', man: 'Example', mod: 'One', dmV: '1.3', lang: 'en' },
      { devTyp: 'phone', oem: 'Example', fwV: '1', swV: '2', hwV: '3' },
    );
  });
  const [detail, ...more] = leavesOfObjects(tree, serverId, 'DevDetail');
  assert.deepEqual(more, []);
  assert.ok(detail?.some(({ uri, data }) => uri === './DevDetail/FwV' && data === '1'));
});

test('each object counts once, what stands for none or is always sent not at all, unknown ones apart', () => {
  const message = parseNotification({ ...dm13, requestedMo: [0, 1, 2, 2, 700, 700] });
  assert.deepEqual(requestedObjects(message, defaultMoIndexRegistry), {
    names: ['DevDetail'],
    unknown: [700],
  });
});

test('64 KiB of addresses and values together fit, in octets, and one more does not', () => {
  const leaf = (uri: string, octets: number) => ({ uri, data: 'é'.repeat(octets / 2) });
  const half = [leaf('./A/BCDE', 32_760)];
  const rest = [leaf('./F/GHIJ', 32_760)];
  assert.deepEqual(objectsThatFit([half, rest]), [half, rest]);
  const more = [{ uri: './F/GHIJ', data: new Uint8Array(32_761) }];
  assert.deepEqual(objectsThatFit([half, more]), [half]);
  assert.deepEqual(objectsThatFit([more, half, [leaf('./K', 2)]]), [more, [leaf('./K', 2)]]);
  assert.deepEqual(objectsThatFit([[leaf('./A/Ext/Big', 100_000)]]), [], 'nothing is left of it');
});
