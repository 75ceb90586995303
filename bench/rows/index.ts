// All rows, in the order of the table.
import type { Row } from '../lib/row.ts';
import { batches } from './batches.ts';
import { campaignRate, campaignStart } from './begin.ts';
import { campaign, million } from './campaign.ts';
import { carriers } from './carriers.ts';
import { get } from './get.ts';
import { history } from './history.ts';
import { http } from './http.ts';
import { importRow } from './import.ts';
import { inspect } from './inspect.ts';
import { nonce } from './nonce.ts';
import { package0 } from './package0.ts';
import { preview } from './preview.ts';
import { ready } from './ready.ts';
import { pap, rest } from './rest.ts';
import { sendsms } from './sendsms.ts';
import { session } from './session.ts';
import { sessionMemory } from './session-memory.ts';
import { sign } from './sign.ts';
import { sip } from './sip.ts';
import { smpp } from './smpp.ts';
import { decodeStart, versionStart } from './start.ts';
import { wbxml } from './wbxml.ts';
import { wtlsHandshake, wtlsPush } from './wtls.ts';

export const rows: readonly Row[] = [
  campaign,
  million,
  campaignRate,
  campaignStart,
  rest,
  pap,
  batches,
  nonce,
  history,
  carriers,
  get,
  sendsms,
  sip,
  http,
  smpp,
  wtlsHandshake,
  wtlsPush,
  importRow,
  preview,
  inspect,
  decodeStart,
  versionStart,
  ready,
  session,
  sessionMemory,
  ...package0,
  ...wbxml,
  ...sign,
];
