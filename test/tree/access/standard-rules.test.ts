// The built-in device description (DM-StdObj-1.2 §5.3, FUMO 1.0), row by row: what a server with every right on the ACLs may
// do with each standard node.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandResult, TreeTransaction } from '../../../src/tree/index.ts';
import { deviceTree } from '../tools.ts';

/** Each node with the commands that are allowed on it, by their initials; `/` ends an interior node. */
const rows: readonly (readonly [string, string])[] = [
  ['./DevInfo/', 'G'],
  ['./DevInfo/Man', 'G'],
  ['./DevInfo/Ext/', 'ADGR'],
  ['./DevInfo/Ext/Leaf', 'ADEGR'],
  ['./DevInfo/Bearer/', 'ADGR'],
  ['./DevInfo/Bearer/Leaf', 'ADEGR'],
  ['./DevDetail/', 'G'],
  ['./DevDetail/FwV', 'G'],
  ['./DevDetail/URI/', 'G'],
  ['./DevDetail/URI/MaxDepth', 'G'],
  ['./DevDetail/Ext/', 'ADGR'],
  ['./DevDetail/Ext/Leaf', 'ADEGR'],
  ['./DevDetail/Bearer/', 'ADGR'],
  ['./DevDetail/Bearer/Leaf', 'ADEGR'],
  ['./DMAcc/', 'G'],
  ['./DMAcc/Op/', 'ADGR'],
  ['./DMAcc/Op/AppID', 'AG'],
  ['./DMAcc/Op/ServerID', 'AG'],
  ['./DMAcc/Op/Name', 'ADGR'],
  ['./DMAcc/Op/AppAuth/1/AAuthSecret', 'ADR'],
  ['./DMAcc/Op/AppAuth/1/AAuthData', 'ADR'],
  ['./DMAcc/Op/AppAuth/1/AAuthName', 'ADGR'],
  ['./DMAcc/Op/Ext/', 'ADGR'],
  ['./DMAcc/Op/Ext/Reveille/', 'ADR'],
  ['./DMAcc/Op/Ext/Reveille/Key', 'ADR'],
  ['./NAP/Net/', 'ADEGR'],
  ['./NAP/Net/AuthInfo/1/AuthSecret', 'ADR'],
  ['./NAP/Net/AuthInfo/1/AuthName', 'ADEGR'],
  ['./Proxy/Px/AuthInfo/1/AuthSecret', 'ADR'],
  ['./Proxy/Px/AuthInfo/1/AuthName', 'ADEGR'],
  ['./Inbox/', ''],
  ['./Inbox/Leaf', 'A'],
  ['./Reveille/', ''],
  ['./Reveille/Leaf', ''],
  ['./FwUpdate/', 'G'],
  ['./FwUpdate/P/', 'ADGR'],
  ['./FwUpdate/P/PkgName', 'ADGR'],
  ['./FwUpdate/P/State', 'G'],
  ['./FwUpdate/P/Download/', 'ADEGR'],
  ['./FwUpdate/P/Download/PkgURL', 'ADGR'],
  ['./FwUpdate/P/Update/', 'ADEGR'],
  ['./FwUpdate/P/Update/PkgData', 'ADR'],
  ['./FwUpdate/P/DownloadAndUpdate/', 'ADEGR'],
  ['./FwUpdate/P/DownloadAndUpdate/PkgURL', 'ADGR'],
  ['./FwUpdate/P/Ext/', 'ADGR'],
  ['./FwUpdate/P/Ext/Leaf', 'ADGR'],
  ['./FwUpdate/P/Ext/Operations/', ''],
  ['./FwUpdate/P/Ext/Operations/Leaf', ''],
  ['./Elsewhere/', 'ADEGR'],
  ['./Elsewhere/Leaf', 'ADEGR'],
];

const everything = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

/** A tree with the node or, for an Add, with all that stands above it. */
async function open(uri: string, interior: boolean, present: boolean): Promise<TreeTransaction> {
  const { tree } = await deviceTree({}, (own) => {
    own.set('.', { acl: everything });
    const parent = uri.slice(0, uri.lastIndexOf('/'));
    if (own.node(parent) === undefined) own.set(parent, { format: 'node' });
    const had = own.node(uri) !== undefined;
    if (had && !present) own.remove(uri);
    if (!had && present) own.set(uri, interior ? { format: 'node' } : { value: 'old' });
  });
  return tree.transaction();
}

async function allowed(uri: string, interior: boolean): Promise<string> {
  const add = (await open(uri, interior, false)).add(
    's',
    interior ? { uri, format: 'node' } : { uri, data: 'new' },
  );
  const there = () => open(uri, interior, true);
  const { value: old = '' } = (await there()).node(uri) ?? {};
  // To the value that it has already: whoever may not Replace may not do this either.
  const same = interior ? { uri, format: 'node', type: '' } : { uri, data: old };
  const results: Readonly<Record<string, CommandResult>> = {
    A: add,
    D: (await there()).delete('s', uri),
    E: await (await there()).exec('s', { uri }),
    G: (await there()).get('s', uri),
    R: (await there()).replace('s', same),
  };
  // 406: nothing is there to be executed. 415: the Inbox takes documents only.
  for (const [command, { status }] of Object.entries(results)) {
    assert.ok([200, 405, 406, 415].includes(status), `${command} ${uri}: ${status}`);
  }
  return Object.keys(results)
    .filter((command) => results[command]?.status !== 405)
    .join('');
}

for (const [text, commands] of rows) {
  test(`${text} takes ${commands === '' ? 'no command' : commands}`, async () => {
    const interior = text.endsWith('/');
    assert.equal(await allowed(interior ? text.slice(0, -1) : text, interior), commands);
  });
}
