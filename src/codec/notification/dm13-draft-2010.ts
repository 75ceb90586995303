// Package #0 of the 2010 candidate of DM 1.3 (DM-NOTI-1.3-2010 §6).
import { bitTable, fixed, flag, oneOf, uint } from '../../core/index.ts';
import type { BodyPart } from './description.ts';
import { sessionWords, timeoutWords } from './header-rows.ts';
import { headerField, octetStringField } from './json-field.ts';
import { md5FormCodec } from './md5-form.ts';
import { authTypes, initiators, transports2010, uiModes } from './names.ts';

const doc = 'DM-NOTI-1.3-2010';

/** trigger-header up to the session identifier (§6.1). */
export const dm13Draft2010Header = bitTable(doc, {
  version: fixed(10, '6.2.6', 12, { meaning: 'version 1.2' }),
  uiMode: oneOf(2, '6.2.7', uiModes, 'not-specified'),
  initiator: oneOf(1, '6.2.8', initiators, 'server'),
  transport: oneOf(2, '6.2.9', transports2010, 'not-specified'),
  authType: oneOf(2, '6.2.10', authTypes, 'not-specified'),
  sendDevDetail: flag('6.2.11', 'send DevDetail', 'do not send DevDetail', false),
  timeoutDays: uint(3, '6.2.12', 0, { fallback: 0, words: timeoutWords('day') }),
  vendorPresent: flag('6.2.13', 'vendor data follows', 'no vendor data'),
  moiPresent: flag('6.2.13', 'MO identifier follows', 'no MO identifier'),
  reasonPresent: flag('6.2.13', 'reason follows', 'no reason'),
  futureUse: fixed(16, '6.2.14', 0, { forgiving: true, meaning: 'reserved' }),
  sessionId: uint(16, '6.2.15', 1, { words: sessionWords }),
});

const serverId: BodyPart = {
  name: 'serverId',
  doc,
  section: '6.2.17',
  value: 'text',
  minimum: 1,
  maximum: 255,
  required: true,
  // 8 bits as in the grammar and the example, not the 16 of the prose: spec-notes ruling 3.
  lengthField: { name: 'length-identifier', section: '6.2.16', octets: 1 },
};

const vendorData: BodyPart = {
  name: 'vendorData',
  doc,
  section: '6.2.19',
  value: 'hex',
  minimum: 0,
  maximum: 65535,
  required: false,
  lengthField: { name: 'length-vendor', section: '6.2.18', octets: 2 },
  presentFlag: 'vendorPresent',
};

const moIdentifier: BodyPart = {
  name: 'moIdentifier',
  doc,
  section: '6.2.21',
  value: 'text',
  minimum: 0,
  maximum: 255,
  required: false,
  lengthField: { name: 'length-moi', section: '6.2.20', octets: 1 },
  presentFlag: 'moiPresent',
};

const reason: BodyPart = {
  name: 'reason',
  doc,
  section: '6.2.23',
  value: 'text',
  minimum: 0,
  maximum: 65535,
  required: false,
  lengthField: { name: 'length-reason', section: '6.2.22', octets: 2 },
  presentFlag: 'reasonPresent',
};

export const dm13Draft2010 = md5FormCodec({
  format: 'dm1.3-2010',
  header: dm13Draft2010Header,
  parts: [serverId, vendorData, moIdentifier, reason],
  fields: [
    octetStringField(serverId),
    headerField(dm13Draft2010Header, 'sessionId'),
    headerField(dm13Draft2010Header, 'uiMode'),
    headerField(dm13Draft2010Header, 'initiator'),
    headerField(dm13Draft2010Header, 'transport'),
    headerField(dm13Draft2010Header, 'authType'),
    headerField(dm13Draft2010Header, 'sendDevDetail'),
    headerField(dm13Draft2010Header, 'timeoutDays'),
    octetStringField(moIdentifier),
    octetStringField(reason),
    octetStringField(vendorData, true),
  ],
});
