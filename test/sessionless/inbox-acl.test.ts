// Rights on what goes to the Inbox stand in its tree, and nowhere else (DM-SESSIONLESS-1.3 §5.4).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { embeddedTree, type ManagementCommand, mediaTypes } from '../../src/codec/syncml/index.ts';
import { encodeWbxml } from '../../src/codec/wbxml/index.ts';
import { readXml } from '../../src/codec/xml/index.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import { key, who } from './compose-samples.ts';

describe('an ACL beside an object for the Inbox', () => {
  /** A tree of one object for the Inbox, in each form that Data may have. */
  const inboxTree = (object: string, target = './Inbox'): readonly ManagementCommand[] => {
    const text = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${object}</MgmtTree>`;
    const type = mediaTypes.tndsXml;
    return [
      {
        name: 'Add',
        cmdId: '1',
        items: [{ target: { uri: target }, meta: { format: 'xml', type }, data: text }],
      },
      {
        name: 'Add',
        cmdId: '1',
        meta: { format: 'xml', type: mediaTypes.tndsWbxml },
        items: [{ target: { uri: target }, data: encodeWbxml(readXml(text)) }],
      },
      {
        name: 'Atomic',
        cmdId: '1',
        commands: [
          {
            name: 'Add',
            cmdId: '2',
            items: [{ target: { uri: target }, meta: { format: 'xml', type }, data: embeddedTree(text) }],
          },
        ],
      },
    ];
  };
  const named = (name: string): string =>
    `<Node>${name}<RTProperties><Format><node/></Format><Type><DDFName>urn:oma:mo:oma-dm-dmacc:1.0</DDFName></Type>` +
    '</RTProperties><Node><NodeName>Name</NodeName><RTProperties><Format><chr/></Format></RTProperties>' +
    '<Value>x</Value></Node></Node>';
  const aclOf = (uri: string): ManagementCommand => ({
    name: 'Replace',
    cmdId: '1',
    items: [{ target: { uri: `${uri}?prop=ACL` }, data: 'Get=*' }],
  });
  const operator = named('<NodeName>Operator</NodeName>');
  const within = `<Node><NodeName>Set</NodeName>${operator}</Node>`;
  for (const [name, trees, uri] of [
    ['where our devices put it', inboxTree(operator), './DMAcc/Operator'],
    ['below that', inboxTree(operator), './DMAcc/Operator/Name'],
    ['where another device may put it', inboxTree(operator), './SyncML/DMAcc/Operator'],
    ['in the Inbox itself', inboxTree(operator), './Inbox/Operator'],
    ['of a URI without ./', inboxTree(operator, 'Inbox'), 'DMAcc/Operator'],
    ['named by the Target alone', inboxTree(named('<NodeName/>'), './Inbox/Operator'), './DMAcc/Operator'],
    ['in a folder of the tree', inboxTree(within), './DMAcc/Operator'],
    ['without any name', inboxTree(named('')), './DMAcc/Account'],
  ] as const) {
    test(`DM-SESSIONLESS-1.3 §5.4: an ACL of an object for the Inbox is refused outside of its tree: ${name}`, () => {
      for (const added of trees) {
        for (const commands of [
          [added, aclOf(uri)],
          [aclOf(uri), added],
        ]) {
          assert.throws(() => composeMessage({ ...who, commands }, { key }), /§5\.4/);
        }
      }
    });
  }

  test('DM-SESSIONLESS-1.3 §5.4: an ACL of what is on the device already goes beside a tree for the Inbox', () => {
    for (const added of inboxTree(operator)) {
      composeMessage({ ...who, commands: [added, aclOf('./DMAcc/Other')] }, { key });
    }
  });
});
