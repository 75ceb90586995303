// Whatever a server sends, a command gives a status; one that is refused changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildTnds, tndsMediaTypes } from '../../src/codec/tnds/index.ts';
import type { CommandResult, TreeTransaction, ValueCommand } from '../../src/tree/index.ts';
import { tndsDocument } from '../codec/tnds/arbitrary.ts';
import { deviceTree } from './tools.ts';

const { tree } = await deviceTree({}, (transaction) => {
  transaction.set('.', { acl: 'Add=*&Delete=s&Exec=*&Get=*&Replace=s' });
  transaction.set('./A/B', { value: 'leaf' });
  transaction.set('./A/C', { format: 'node', acl: 'Get=other' });
  transaction.set('./DMAcc/X/AppAuth/1/AAuthSecret', { value: 'TopSecret' });
  transaction.set('./DMAcc/X/ServerID', { value: 'x' });
});

const uri = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        '.',
        'A',
        'B',
        'C',
        'Inbox',
        'DevInfo',
        'DMAcc',
        'X',
        'AppAuth',
        '1',
        'AAuthSecret',
        '',
        '__proto__',
      ),
      { minLength: 1, maxLength: 5 },
    ),
    fc.constantFrom(
      '',
      '',
      '?prop=ACL',
      '?prop=Name',
      '?prop=Title',
      '?prop=Size',
      '?list=StructData',
      '?list=TNDS',
    ),
  )
  .map(([names, query]) => names.join('/') + query);
const data = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom('', 'AAAA', 'Get=*', 'Open', '<MgmtTree/>'),
  fc.uint8Array({ maxLength: 6 }),
  tndsDocument.map((document) => buildTnds(document)),
);
const value: fc.Arbitrary<ValueCommand> = fc
  .record({
    uri,
    format: fc.constantFrom(undefined, 'chr', 'node', 'bin', 'b64', 'null', 'xml', 'odd'),
    type: fc.constantFrom(undefined, 'text/plain', tndsMediaTypes.xml, tndsMediaTypes.wbxml),
    data,
    ignoreUnsupported: fc.boolean(),
  })
  .map(({ uri: target, format, type, data: content, ignoreUnsupported }) => ({
    uri: target,
    ignoreUnsupported,
    ...(format === undefined ? {} : { format }),
    ...(type === undefined ? {} : { type }),
    ...(content === undefined ? {} : { data: content }),
  }));
const server = fc.constantFrom('s', 'stranger', 'not an id');
type Step = (transaction: TreeTransaction) => CommandResult;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(server, value).map(
    ([id, command]): Step =>
      (transaction) =>
        transaction.add(id, command),
  ),
  fc.tuple(server, value).map(
    ([id, command]): Step =>
      (transaction) =>
        transaction.replace(id, command),
  ),
  fc.tuple(server, uri).map(
    ([id, target]): Step =>
      (transaction) =>
        transaction.delete(id, target),
  ),
  fc.tuple(server, uri, uri).map(
    ([id, from, to]): Step =>
      (transaction) =>
        transaction.copy(id, from, to),
  ),
);

test('any commands: a status each, no change by a refused one, and no way to the secret', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const transaction = tree.transaction();
      for (const each of steps) {
        const before = transaction.savepoint().root;
        const { status } = each(transaction);
        assert.ok(
          [200, 400, 403, 404, 405, 406, 412, 413, 414, 415, 418, 420, 425].includes(status),
          String(status),
        );
        if (status !== 200) assert.equal(transaction.savepoint().root, before);
      }
      for (const list of ['?list=StructData', '?list=TNDS']) {
        const result = transaction.get('s', `.${list}`);
        assert.ok(result.status === 200 || result.status === 425);
        assert.doesNotMatch(JSON.stringify(result), /TopSecret/);
      }
      assert.doesNotMatch(JSON.stringify(transaction.leaves('.')), /TopSecret/);
    }),
    { numRuns: 400 },
  );
});
