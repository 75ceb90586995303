// Where an ACL may stand beside a tree that a message adds, and what the refusal says (DM-SESSIONLESS-1.3 §5.4).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Data, type Item, type ManagementCommand, mediaTypes } from '../../src/codec/syncml/index.ts';
import { sessionlessMessage } from '../../src/sessionless/index.ts';

const who = { serverId: 'com.example.dm', deviceId: 'IMEI:490154203237518', sessionId: '1A' };
const format = '<Format><node/></Format>';

function addOf(
  target: string | undefined,
  data?: Data,
  type: string = mediaTypes.tndsXml,
): ManagementCommand {
  const item: Item = {
    ...(target !== undefined && { target: { uri: target } }),
    meta: { format: 'xml', type },
    ...(data !== undefined && { data }),
  };
  return { name: 'Add', cmdId: '1', items: [item] };
}

/** A tree with that node, whose name and properties are given. */
function treeOf(name: string, properties = format, inner = ''): string {
  const node = `<Node>${name}<RTProperties>${properties}</RTProperties>${inner}</Node>`;
  return `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${node}</MgmtTree>`;
}

function aclOf(uri: string): ManagementCommand {
  return { name: 'Replace', cmdId: '1', items: [{ target: { uri: `${uri}?prop=ACL` }, data: 'Get=*' }] };
}

function refused(commands: readonly ManagementCommand[], message: RegExp): void {
  assert.throws(() => sessionlessMessage({ ...who, commands }), {
    code: 'OUT_OF_RANGE',
    path: 'job',
    message,
  });
}

function passes(...commands: readonly ManagementCommand[]): void {
  assert.equal(sessionlessMessage({ ...who, commands }).commands.length, commands.length);
}

const typed = (identifier: string): string => `${format}<Type><DDFName>${identifier}</DDFName></Type>`;
const named = '<NodeName>New</NodeName>';

describe('an ACL beside a tree for a place of its own', () => {
  const added = addOf('./Vendor/New', treeOf(named));

  test('is refused at the Target and below, and the refusal names the Target', () => {
    const said = /the ACL of a node of \.\/Vendor\/New belongs into its tree/;
    for (const uri of ['./Vendor/New', 'Vendor/New', './Vendor/New/', './Vendor/New/A/B']) {
      refused([added, aclOf(uri)], said);
    }
    for (const target of ['Vendor/New', './Vendor/New/', './Vendor/New?list=TNDS']) {
      refused([addOf(target, treeOf(named)), aclOf('./Vendor/New')], said);
    }
  });

  test('passes above it, beside it, and at a node of the same name elsewhere', () => {
    for (const uri of ['.', './Vendor', './Vendor/Other', './Vendor/Newer', './Other/New', './New']) {
      passes(added, aclOf(uri));
    }
  });

  test('passes where the item is no tree: by its type, or for want of a type', () => {
    for (const type of ['text/plain', '']) passes(addOf('./Vendor/New', 'x', type), aclOf('./Vendor/New'));
    const untyped: Item = { target: { uri: './Vendor/New' }, data: 'x' };
    passes({ name: 'Add', cmdId: '1', items: [untyped] }, aclOf('./Vendor/New'));
    refused(
      [addOf('./Vendor/New', treeOf(named), ` ${mediaTypes.tndsXml.toUpperCase()}`), aclOf('./Vendor/New')],
      /5\.4/,
    );
  });

  test('is the only property that is refused', () => {
    const titled = (query: string): ManagementCommand => ({
      name: 'Replace',
      cmdId: '1',
      items: [{ target: { uri: `./Vendor/New${query}` }, data: 'x' }],
    });
    for (const query of ['', '?prop=Title', '?prop=Name', '?list=Struct']) passes(added, titled(query));
    refused([added, titled('?PROP=acl')], /belongs into its tree/);
  });

  test('is found among items that have no Target', () => {
    const display: ManagementCommand = {
      name: 'Alert',
      cmdId: '1',
      data: '1100',
      items: [{ data: 'Hello' }],
    };
    passes(display, added, addOf(undefined, treeOf(named)));
    refused([display, added, aclOf('./Vendor/New')], /belongs into its tree/);
  });
});

describe('an ACL beside a tree for the Inbox', () => {
  const added = addOf('./Inbox/New', treeOf(named, typed('urn:oma:mo:oma-dm-dmacc:1.0')));

  test('is refused, and told that the object may be meant', () => {
    const said = /the ACL of \.\/DMAcc\/New belongs into the tree for \.\/Inbox\/New, whose object it may be/;
    refused([added, aclOf('./DMAcc/New')], said);
    refused([added, aclOf('./DMAcc/New/Name')], /the tree for \.\/Inbox\/New/);
  });

  test('is refused in the whole Inbox, not only at the Target', () => {
    for (const uri of ['./Inbox', './Inbox/Other', 'Inbox/Other/A']) {
      refused([added, aclOf(uri)], /the tree for \.\/Inbox\/New/);
    }
    passes(added, aclOf('./DMAcc/Inbox'));
  });

  test('counts objects of any kind, without children and without a type as well', () => {
    const leaf = '<Node><NodeName>Leaf</NodeName></Node>';
    for (const properties of [format, typed('com.example/1.0/Thing'), typed('')]) {
      refused([addOf('./Inbox', treeOf(named, properties)), aclOf('./Anywhere/New')], /5\.4/);
    }
    // A folder is no object: what is in it is.
    const folder = addOf('./Inbox', treeOf(named, format, leaf));
    refused([folder, aclOf('./Anywhere/Leaf')], /5\.4/);
    passes(folder, aclOf('./Anywhere/New'));
    // What is inside an object goes along with it.
    const object = addOf('./Inbox', treeOf(named, typed('com.example/1.0/Thing'), leaf));
    refused([object, aclOf('./Anywhere/New/Leaf')], /5\.4/);
    passes(object, aclOf('./Anywhere/Leaf'));
  });

  test('a name of the Target is that of the object right below, not of one in a folder', () => {
    const nameless = treeOf('<NodeName/>', typed('com.example/1.0/Thing'));
    refused([addOf('./Inbox/Chosen', nameless), aclOf('./Anywhere/Chosen')], /5\.4/);
    passes(addOf('./Inbox', nameless), aclOf('./Anywhere/Inbox'));
    const inner = `<Node><NodeName/><RTProperties>${typed('com.example/1.0/Thing')}</RTProperties></Node>`;
    passes(addOf('./Inbox/Chosen', treeOf(named, format, inner)), aclOf('./Anywhere/Chosen'));
  });

  test('an object without any name, of a kind that has none, is nowhere to be found', () => {
    for (const kind of ['com.example/1.0/Thing', 'urn:oma:mo:oma-dm-devinfo:1.0']) {
      passes(addOf('./Inbox', treeOf('', typed(kind))), aclOf('./Anywhere/Thing'), aclOf('.'));
    }
  });

  test('passes elsewhere where no tree comes: the device refuses what it cannot read', () => {
    for (const data of ['no tree', '<MgmtTree/>', Uint8Array.of(3, 0), undefined]) {
      const bad = addOf('./Inbox', data);
      passes(bad, aclOf('./DMAcc/New'));
      refused([bad, aclOf('./Inbox/New')], /5\.4/);
    }
  });
});
