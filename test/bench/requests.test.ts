// What the load asks for, and what it takes for an answer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requestsOf } from '../../bench/programs/requests.ts';
import { readMultipart, readPapDocument } from '../../src/codec/pap/index.ts';

describe('requests of the load', () => {
  test('REST: the devices in turn; 202 is a push that is taken', () => {
    const of = requestsOf({ what: 'rest', devices: 3 });
    const devices = [0, 1, 3].map(
      (index) => (JSON.parse(String(of(index).body)) as { device: string }).device,
    );
    assert.deepEqual(devices, ['IMEI:500000000000000', 'IMEI:500000000000001', 'IMEI:500000000000000']);
    assert.equal(of(0).taken(202, ''), 1);
    assert.equal(of(0).taken(507, ''), 0);
  });

  test('batches: a line for each; what an answer has an id for is taken', () => {
    const notBefore = '2027-01-01T00:00:00.000Z';
    const asked = requestsOf({ what: 'batch', devices: 100, batch: 3, notBefore })(1);
    assert.equal(asked.headers['content-type'], 'application/x-ndjson');
    const lines = String(asked.body).trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.deepEqual(JSON.parse(lines[0] ?? ''), {
      device: 'IMEI:500000000000003',
      uiMode: 'background',
      notBefore,
    });
    assert.equal(asked.pushes, 3);
    const answer = '{"id":"1","state":"queued"}\n{"status":400,"code":"MISSING"}\n{"id":"2"}\n';
    assert.equal(asked.taken(200, answer), 2);
    assert.equal(asked.taken(404, answer), 0);
  });

  test('reads: the ids in turn', () => {
    const of = requestsOf({ what: 'get', ids: ['a', 'b'], perSecond: 1 });
    assert.deepEqual([of(0).path, of(3).path], ['/v1/notifications/a', '/v1/notifications/b']);
    assert.equal(of(0).taken(200, '{}'), 1);
    assert.equal(of(0).taken(404, '{}'), 0);
  });

  test('PAP: each push has an id of its own, and 1001 in an answer of 202 takes it', () => {
    const of = requestsOf({ what: 'pap', path: '/pap', address: 'WAPPUSH=127.0.0.1/TYPE=IPv4@ppg.bench' });
    const read = [of(0), of(1)].map(({ body, headers }) => {
      const [, boundary = ''] = /boundary=([^;]+)/.exec(headers['content-type'] ?? '') ?? [];
      const [control, content] = readMultipart(Buffer.from(body ?? ''), boundary);
      assert.ok(control !== undefined && content !== undefined);
      return { ...readPapDocument(control.body), octets: content.body.length };
    });
    const [one, other] = read.map(({ message }) => message);
    assert.ok(one?.element === 'push-message' && other?.element === 'push-message');
    assert.notEqual(one.pushId, other.pushId);
    // A digest, the header of the trigger, and the server's id.
    assert.equal(read[0]?.octets, 16 + 8 + 'com.example.bench'.length);
    assert.equal(of(0).taken(202, '<response-result code ="1001" desc="…"/>'), 1);
    assert.equal(of(0).taken(202, '<response-result code="2000"/>'), 0);
    assert.equal(of(0).taken(400, 'code="1001"'), 0);
  });
});
