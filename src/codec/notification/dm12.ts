// Package #0 of DM 1.2 (DM-NOTI-1.2 §6).
import { bitTable, fixed, oneOf, uint } from '../../core/index.ts';
import type { BodyPart } from './description.ts';
import { sessionWords } from './header-rows.ts';
import { headerField, octetStringField } from './json-field.ts';
import { md5FormCodec } from './md5-form.ts';
import { initiators, uiModes } from './names.ts';

const doc = 'DM-NOTI-1.2';

/** trigger-hdr up to the session identifier (§6.1). */
export const dm12Header = bitTable(doc, {
  version: fixed(10, '6.2.6', 11, { meaning: 'version 1.1' }),
  uiMode: oneOf(2, '6.2.7', uiModes, 'not-specified'),
  initiator: oneOf(1, '6.2.8', initiators, 'server'),
  futureUse: fixed(27, '6.2.9', 0, { forgiving: true, meaning: 'reserved' }),
  sessionId: uint(16, '6.2.10', 1, { words: sessionWords }),
});

const serverId: BodyPart = {
  name: 'serverId',
  doc,
  section: '6.2.12',
  value: 'text',
  minimum: 1,
  maximum: 255,
  required: true,
  lengthField: { name: 'length-identifier', section: '6.2.11', octets: 1 },
};

const vendorData: BodyPart = {
  name: 'vendorData',
  doc,
  section: '6.2.13',
  value: 'hex',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  required: false,
};

export const dm12 = md5FormCodec({
  format: 'dm1.2',
  header: dm12Header,
  parts: [serverId, vendorData],
  fields: [
    octetStringField(serverId),
    headerField(dm12Header, 'sessionId'),
    headerField(dm12Header, 'uiMode'),
    headerField(dm12Header, 'initiator'),
    octetStringField(vendorData, true),
  ],
});
