// The node of a secret on the device, found with Get alone (DM-STDOBJ-1.2, DMAcc): what is asked, and what the answers come to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item, ManagementCommand } from '../../../src/codec/syncml/index.ts';
import type { Answered } from '../../../src/server/command/job-commands.ts';
import {
  type AuthEntry,
  chooseSecret,
  type Found,
  searchAccount,
} from '../../../src/server/rotation/account-search.ts';

const serverId = 'com.example.dm';

/** What a device holds by URI: text, or an item as it sends it. */
type Tree = Readonly<Record<string, string | Item>>;

const own: Tree = {
  './DMAcc': 'Other/Operator',
  './DMAcc/Other/ServerID': 'com.example.other',
  './DMAcc/Operator/ServerID': serverId,
  './DMAcc/Operator/AppAuth': '1/2',
  './DMAcc/Operator/AppAuth/1/AAuthLevel': 'CLCRED',
  './DMAcc/Operator/AppAuth/1/AAuthType': 'DIGEST',
  './DMAcc/Operator/AppAuth/2/AAuthLevel': 'SRVCRED',
  './DMAcc/Operator/AppAuth/2/AAuthType': 'HMAC',
};

/** What comes for a node that there is not. */
type Missing = number | 'nothing';

function answered(command: ManagementCommand, tree: Tree, missing: Missing): Answered {
  const uri = 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
  const value = tree[uri];
  const status = value === undefined ? missing : 200;
  const item = typeof value === 'string' ? { data: value } : value;
  return {
    effect: 'answered',
    command,
    sent: true,
    statuses: status === 'nothing' ? [] : [{ status, targetRefs: [], sourceRefs: [], items: [] }],
    results: item === undefined ? [] : [{ source: { uri }, ...item }],
  };
}

function search(tree: Tree, missing: Missing = 404): Found & { readonly asked: string[][] } {
  const searching = searchAccount(serverId);
  const asked: string[][] = [];
  let turn = searching.next();
  while (turn.done !== true) {
    const commands = turn.value;
    asked.push(commands.map((each) => ('items' in each ? (each.items[0]?.target?.uri ?? '') : '')));
    turn = searching.next(new Map(commands.map((each) => [each, answered(each, tree, missing)])));
  }
  return { ...turn.value, asked };
}

const problemOf = (tree: Tree, missing?: Missing): string => {
  const found = search(tree, missing);
  return 'problem' in found ? found.problem : '';
};
const entriesOf = (tree: Tree): readonly AuthEntry[] => {
  const found = search(tree);
  return 'entries' in found ? found.entries : assert.fail(found.problem);
};

test('the accounts, then their ServerIDs, then the entries of the own one, then level and type of each', () => {
  const found = search(own);
  const auth = './DMAcc/Operator/AppAuth';
  assert.deepEqual(found.asked, [
    ['./DMAcc'],
    ['./DMAcc/Other/ServerID', './DMAcc/Operator/ServerID'],
    [auth],
    [`${auth}/1/AAuthLevel`, `${auth}/1/AAuthType`, `${auth}/2/AAuthLevel`, `${auth}/2/AAuthType`],
  ]);
  assert.deepEqual('entries' in found && found.entries, [
    { secretUri: `${auth}/1/AAuthSecret`, level: 'CLCRED', type: 'DIGEST' },
    { secretUri: `${auth}/2/AAuthSecret`, level: 'SRVCRED', type: 'HMAC' },
  ]);
});

test('a value counts only with a status of success and an item that holds it', () => {
  const searching = searchAccount(serverId);
  const turn = searching.next();
  assert.deepEqual(turn.value, [{ name: 'Get', cmdId: '1', items: [{ target: { uri: './DMAcc' } }] }]);
  /** What the search comes to when that is what the device says to its first Get. */
  const after = (changes: Partial<Answered> | undefined) => {
    const another = searchAccount(serverId);
    const [get] = another.next().value as readonly ManagementCommand[];
    assert.ok(get);
    const said = { ...answered(get, own, 404), ...changes };
    const { value } = another.next(new Map(changes === undefined ? [] : [[get, said]]));
    return 'problem' in value ? value.problem : 'it goes on';
  };
  const status = (code: number) => [{ status: code, targetRefs: [], sourceRefs: [], items: [] }];
  assert.equal(after({}), 'it goes on');
  assert.equal(after({ statuses: status(404) }), 'get ./DMAcc: status 404');
  assert.equal(after({ statuses: [] }), 'get ./DMAcc: status unknown');
  assert.equal(after(undefined), 'get ./DMAcc: status unknown');
  assert.equal(after({ results: [] }), 'get ./DMAcc: status 200');
  assert.equal(after({ results: [{ source: { uri: './DMAcc' } }] }), 'get ./DMAcc: status 200');
});

test('values may come as octets, and as Base64 of them', () => {
  const octets: Tree = {
    ...own,
    './DMAcc': { meta: { format: 'b64' }, data: Buffer.from('Operator').toString('base64') },
    './DMAcc/Operator/ServerID': { meta: { format: 'bin' }, data: Buffer.from(serverId) },
    './DMAcc/Operator/AppAuth/2/AAuthLevel': { data: Buffer.from('SRVCRED') },
  };
  assert.deepEqual(entriesOf(octets), entriesOf(own));
});

test('what a device does not say of an entry is empty, and such an entry is nobody’s', () => {
  const {
    './DMAcc/Operator/AppAuth/1/AAuthLevel': _,
    './DMAcc/Operator/AppAuth/1/AAuthType': __,
    ...rest
  } = own;
  const entries = entriesOf(rest);
  assert.deepEqual([entries[0]?.level, entries[0]?.type], ['', '']);
  assert.deepEqual(chooseSecret(entries, 'server', 'hmac'), {
    uri: './DMAcc/Operator/AppAuth/2/AAuthSecret',
  });
  assert.deepEqual(chooseSecret(entries, 'client', 'md5'), { problem: 'its account has no CLCRED' });
});

test('of several entries of a level the one of the scheme is meant, in any letter case; otherwise it has to be said', () => {
  const entry = (name: string, level: string, type: string): AuthEntry => ({ secretUri: name, level, type });
  const choose = (entries: readonly AuthEntry[], scheme: 'basic' | 'md5' | 'hmac' = 'md5') =>
    chooseSecret(entries, 'client', scheme);
  const three = [
    entry('a', 'CLCRED', 'basic'),
    entry('b', 'CLCRED', 'Digest'),
    entry('c', 'CLCRED', 'HMAC'),
    entry('d', 'SRVCRED', 'DIGEST'),
  ];
  assert.deepEqual(
    (['basic', 'md5', 'hmac'] as const).map((scheme) => choose(three, scheme)),
    [{ uri: 'a' }, { uri: 'b' }, { uri: 'c' }],
  );
  // The only one is meant whatever its type is.
  assert.deepEqual(choose([entry('a', 'CLCRED', '')]), { uri: 'a' });
  const unclear = 'its account has 2 CLCRED, and which one is meant is not clear: give uri';
  assert.deepEqual(choose([entry('a', 'CLCRED', ''), entry('b', 'CLCRED', 'BASIC')]), { problem: unclear });
  assert.deepEqual(choose([entry('a', 'CLCRED', 'DIGEST'), entry('b', 'CLCRED', 'DIGEST')]), {
    problem: unclear,
  });
});

test('a search that leads nowhere says where it ended', () => {
  assert.equal(problemOf({}), 'get ./DMAcc: status 404');
  assert.equal(problemOf({}, 'nothing'), 'get ./DMAcc: status unknown');
  const none = '0 nodes, of which none or too many can be looked at: give uri';
  assert.equal(problemOf({ ...own, './DMAcc': '' }), `./DMAcc has ${none}`);
  assert.equal(problemOf({ ...own, './DMAcc': 'with space/what?' }), `./DMAcc has ${none}`);
  const many = Array.from({ length: 21 }, (_, each) => `n${each}`).join('/');
  assert.match(problemOf({ ...own, './DMAcc': many }), /^\.\/DMAcc has 21 nodes/);
  assert.match(
    problemOf({ './DMAcc': many.slice(0, many.lastIndexOf('/')) }),
    /^none of its accounts \(n0, /,
  );
  assert.equal(
    problemOf({ ...own, './DMAcc/Operator/ServerID': 'x' }),
    `none of its accounts (Other, Operator) has the ServerID ${serverId}`,
  );
  assert.equal(
    problemOf({ ...own, './DMAcc/Other/ServerID': serverId }),
    `2 of its accounts have the ServerID ${serverId}`,
  );
  const { './DMAcc/Operator/AppAuth': _, ...noAuth } = own;
  assert.equal(problemOf(noAuth, 405), 'get ./DMAcc/Operator/AppAuth: status 405');
});
