// What the types of the client let pass. The compiler runs this test: `tsc` refuses a line that is wrong, and each expectation of an
// error that does not come.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '../../src/client/index.ts';

/** Never called. */
export async function uses(client: ApiClient): Promise<void> {
  const device = await client.get('/v1/devices/{id}', { params: { path: { id: 'IMEI:1' } } });
  device.labels.region?.toUpperCase();
  const page = await client.get('/v1/devices', { params: { query: { limit: 5 } } });
  page.items[0]?.addresses.join();
  const { state } = await client.post('/v1/notifications', {
    body: { device: 'IMEI:1', uiMode: 'background' },
  });
  state satisfies 'queued' | string;
  for await (const { sessionId } of client.items('/v1/notifications', { state: 'sent' })) sessionId.toFixed();
  for await (const { progress } of client.exchange('/v1/devices/import', [], { query: { mode: 'upsert' } }))
    progress?.created?.toFixed();
  for await (const { summary } of client.told('/v1/devices/delete', { ids: ['IMEI:1'] })) summary?.removed;
  for await (const { length } of client.octets('/v1/devices/export', { format: 'csv' })) length.toFixed();
  for await (const { kind, data } of client.events()) if (kind === 'notification') data.notification.at(0);
  for await (const { event } of client.watch('n')) event.at(0);
  const { response } = await client.request('delete', '/v1/devices/{id}', {
    params: { path: { id: 'IMEI:1' }, header: { 'if-match': '"1"' } },
  });
  response.headers.get('etag');
  // @ts-expect-error no such path
  await client.get('/v1/nothing');
  // @ts-expect-error that path has no such method
  await client.delete('/v1/devices');
  // @ts-expect-error its parameter is not given
  await client.get('/v1/devices/{id}');
  // @ts-expect-error it has a body
  await client.post('/v1/notifications');
  // @ts-expect-error the device is a text
  await client.post('/v1/notifications', { body: { device: 1 } });
  // @ts-expect-error no such field
  await client.post('/v1/notifications', { body: { device: 'IMEI:1', colour: 'red' } });
  // @ts-expect-error no such parameter
  client.items('/v1/devices', { colour: 'red' });
  // @ts-expect-error that is no list
  client.items('/v1/status');
  // @ts-expect-error that takes no lines
  client.exchange('/v1/devices', []);
}

test('the types have been looked at by the compiler', () => assert.equal(typeof uses, 'function'));
