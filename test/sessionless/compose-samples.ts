// What sessionless messages are composed of and with in these tests, and what came of it.
import assert from 'node:assert/strict';
import { embeddedTree, type Item, type ManagementCommand, mediaTypes } from '../../src/codec/syncml/index.ts';
import { parseTnds, type TndsDocument } from '../../src/codec/tnds/index.ts';
import { base64ToBytes, utf8ToBytes, ValueError } from '../../src/core/index.ts';
import { SharedKey } from '../../src/security/index.ts';
import { type ComposeMessageOptions, composeMessage } from '../../src/sessionless/index.ts';
import { signers } from '../security/message-keys.ts';

const [signer] = signers;
if (signer === undefined) throw new Error('no signer');
export const { sign: key, verify } = signer;
/** The key of an HMAC: the same message has the same octets. */
export const shared = new SharedKey(utf8ToBytes('a secret of 24 octets...'));

export const who = { serverId: 'com.example.dm', deviceId: 'IMEI:490154203237518', sessionId: '1A' };
export const replace: ManagementCommand = {
  name: 'Replace',
  cmdId: '9',
  noResp: true,
  items: [{ target: { uri: './Vendor/Secret' }, data: 'hush' }],
};
export const tree: ManagementCommand = {
  name: 'Add',
  cmdId: '9',
  items: [
    {
      target: { uri: './Vendor/New' },
      meta: { format: 'xml', type: 'application/vnd.syncml.dmtnds+xml' },
      data:
        '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>New</NodeName>' +
        '<RTProperties><ACL>Get=com.example.dm</ACL><Format><node/></Format></RTProperties></Node></MgmtTree>',
    },
  ],
};

/** The tree in an item of an opened message: in the signed text, WBXML is Base64. */
export function arrivedTree(item: Item | undefined): TndsDocument {
  const data = item?.data ?? '';
  const base64 = typeof data === 'string' && item?.meta?.type === mediaTypes.tndsWbxml;
  return parseTnds(embeddedTree(base64 ? base64ToBytes(data) : data));
}

/** What a call gives, or by what its reader knows the refusal. */
export function said<Result>(
  call: () => Result,
): Result | { code: string; path: string | undefined; detail: string } {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof ValueError)) return assert.fail(String(error));
    return { code: error.code, path: error.path, detail: error.detail };
  }
}

/** The octets of a message; that there are none is a failure with a name. */
export function octetsOf(options: Partial<ComposeMessageOptions>, commands = [replace]): Uint8Array {
  try {
    return composeMessage({ ...who, commands }, { key: shared, ...options }).octets;
  } catch (error) {
    return assert.fail(String(error));
  }
}
