// The SQL of a filter selects the devices that a plain reading of its tree selects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Condition, parseFilter, type TextField } from '../../../../src/filter/index.ts';
import type { DeviceRecord } from '../../../../src/store/index.ts';
import { filterSql } from '../../../../src/store/sql/record/filter-sql.ts';
import { sampleAccount, sampleDevice } from '../../../../src/testing/index.ts';
import { memoryStore } from '../in-memory.ts';
import { postgresEngine } from '../postgres-engine.ts';

const day = 86_400_000;

/** Texts of a field: none where the device has not got it. */
function textsOf(device: DeviceRecord, field: TextField): readonly string[] {
  const one = (text: string | undefined) => (text === undefined ? [] : [text]);
  switch (field.name) {
    case 'labels':
      return one(device.labels?.[field.key]);
    case 'reported':
      return one(device.reported[field.key]);
    case 'address':
      return device.addresses;
    case 'scheme':
      return device.addresses.map((address) => address.slice(0, address.indexOf(':')));
    case 'family':
      return [device.family ?? 'generic'];
    default:
      return [device[field.name]];
  }
}

function timeOf(device: DeviceRecord, field: 'lastSession' | 'createdAt' | 'updatedAt'): number | undefined {
  return field === 'lastSession' ? device.lastSessionAt : device[field];
}

function holds(condition: Condition, device: DeviceRecord, now: number): boolean {
  switch (condition.is) {
    case 'and':
      return condition.of.every((each) => holds(each, device, now));
    case 'or':
      return condition.of.some((each) => holds(each, device, now));
    case 'not':
      return !holds(condition.of, device, now);
    case 'equal':
      return textsOf(device, condition.field).some((text) => condition.values.includes(text));
    case 'starting':
      return textsOf(device, condition.field).some((text) => text.startsWith(condition.prefix));
    case 'there': {
      const { field } = condition;
      const { name } = field;
      if (name === 'lastSession' || name === 'createdAt' || name === 'updatedAt') {
        return timeOf(device, name) !== undefined;
      }
      return textsOf(device, field as TextField).length > 0;
    }
    case 'suspended':
      return device.suspendedAt !== undefined;
    case 'within': {
      const at = timeOf(device, condition.field);
      return at !== undefined && at >= now - condition.ms;
    }
    case 'between': {
      const at = timeOf(device, condition.field);
      const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = condition;
      return at !== undefined && at >= from && at < to;
    }
  }
}

const values = [
  'north',
  'south',
  'No',
  '',
  '%',
  '_',
  "o'clock",
  '"',
  '\\',
  '\u{1F600}',
  '\u{1F600}x',
  'ä',
  'äb',
];
const { store, clock } = memoryStore();
await store.createAccount(sampleAccount);
await store.createAccount({ ...sampleAccount, serverId: 'other' });
for (const [index, value] of values.entries()) {
  for (const [turn, format] of (['dm1.2', 'dm1.3'] as const).entries()) {
    const id = `IMEI:${index}${turn}${value}`;
    await store.createDevice(
      sampleDevice({
        id,
        serverId: index % 3 === 0 ? 'other' : sampleAccount.serverId,
        format,
        addresses: turn === 0 ? [`wap:${value}`] : ['sms:+491', `http://${value}`],
        ...(index % 2 === 0 && { family: 'samsung' }),
        labels: { ...(turn === 0 && { region: value }), ...(index % 4 === 0 && { site: 'north' }) },
        suspended: index % 5 === 0,
      }),
    );
    if (index % 3 === 1) {
      await store.recordSession({
        deviceId: id,
        changes: [],
        authenticated: true,
        reported: { './DevInfo/Man': value, './DevInfo/x.y[1]/$': value },
      });
    }
    clock.advance(day);
  }
}
const devices = (await store.listDevices({ limit: 1000 })).items;
assert.equal(devices.length, values.length * 2);

const text = fc.constantFrom(
  ...values,
  ...devices.slice(0, 3).map(({ id }) => id),
  'dm1.2',
  'generic',
  'samsung',
  'sms',
  'wap',
  'sms:+491',
  'other',
);
const field: fc.Arbitrary<TextField> = fc.oneof(
  fc.record({ name: fc.constantFrom('id', 'serverId', 'format', 'family', 'address', 'scheme') }),
  fc.record({ name: fc.constant('labels'), key: fc.constantFrom('region', 'site', 'none') }),
  fc.record({
    name: fc.constant('reported'),
    key: fc.constantFrom('./DevInfo/Man', './DevInfo/x.y[1]/$', './none'),
  }),
) as fc.Arbitrary<TextField>;
const timeField = fc.constantFrom('lastSession', 'createdAt', 'updatedAt');
const moment = fc.integer({ min: -2, max: values.length * 2 + 2 }).map((days) => clock.now() - days * day);
const leaf = fc.oneof(
  fc.record({ is: fc.constant('equal'), field, values: fc.array(text, { minLength: 1, maxLength: 4 }) }),
  fc.record({
    is: fc.constant('starting'),
    field: field.filter(({ name }) => name !== 'scheme'),
    prefix: text,
  }),
  fc.record({ is: fc.constant('there'), field: fc.oneof(field, fc.record({ name: timeField })) }),
  fc.record({ is: fc.constant('suspended') }),
  fc.record({
    is: fc.constant('within'),
    field: timeField,
    ms: fc.integer({ min: 1, max: 30 }).map((days) => days * day),
  }),
  fc.record({ is: fc.constant('between'), field: timeField, from: moment }),
  fc.record({ is: fc.constant('between'), field: timeField, to: moment }),
);
const { condition: anyCondition } = fc.letrec((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({
      is: fc.constantFrom('and', 'or'),
      of: fc.array(tie('condition'), { minLength: 2, maxLength: 4 }),
    }),
    fc.record({ is: fc.constant('not'), of: tie('condition') }),
  ),
})) as { readonly condition: fc.Arbitrary<Condition> };

test('the SQL of a filter selects what its tree says, and counts it', async () => {
  await fc.assert(
    fc.asyncProperty(anyCondition, async (condition) => {
      const filter = { text: '', condition };
      const wanted = devices.filter((device) => holds(condition, device, clock.now()));
      const { items } = await store.listDevices({ limit: 1000, filter });
      assert.deepEqual(items, wanted);
      assert.equal(await store.countDevices({ filter }), wanted.length);
    }),
    { numRuns: 1000 },
  );
});

test('pages of a filter and an account, and ids alone', async () => {
  const filter = parseFilter('format = "dm1.2" and not suspended = true');
  const selection = { serverId: 'other', filter };
  const wanted = devices
    .filter((device) => device.serverId === 'other' && holds(filter.condition, device, clock.now()))
    .map(({ id }) => id);
  const seen: string[] = [];
  const ids: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = { limit: 2, ...selection, ...(after !== undefined && { after }) };
    const { items, next } = await store.listDevices(page);
    const other = await store.listDeviceIds(page);
    assert.equal(other.next, next);
    seen.push(...items.map(({ id }) => id));
    ids.push(...other.items);
    after = next;
    more = next !== undefined;
  }
  assert.ok(wanted.length > 2);
  assert.deepEqual([seen, ids], [wanted, wanted]);
  assert.equal(await store.countDevices(selection), wanted.length);
  assert.equal(await store.countDevices({}), devices.length);
});

test('what a filter brings is a parameter, in the words of either engine', () => {
  const marks = 'X"Y\'Z%';
  const condition = parseFilter(
    `(labels.region = ${JSON.stringify(marks)} or address starts ${JSON.stringify(marks)}) and not reported."./a'b" in ("${marks.replaceAll('"', '')}", "b") and scheme = "sms'" and lastSession within 3d`,
  ).condition;
  const { sql, parameters } = filterSql(postgresEngine)(condition, day).compile(postgresEngine.builder);
  assert.doesNotMatch(sql, /X|sms|\.\/a/);
  assert.ok(parameters.includes(marks) && parameters.includes("./a'b") && parameters.includes("sms':"));
  assert.ok(sql.includes('jsonb_array_elements("devices"."addresses"::jsonb)'), sql);
});
