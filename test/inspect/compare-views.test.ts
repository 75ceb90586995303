// What the page says of two messages side by side, above the rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { readPasted } from '../../src/inspect/index.ts';
import { compareViews, summaryOf } from '../../web/inspector/state/compare.ts';
import type { MessageView } from '../../web/inspector/worker/protocol.ts';
import { take, takeApartOptions, viewOf } from '../../web/inspector/worker/view-of.ts';

const settings = { as: 'auto' } as const;
const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };
const hex =
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';

function viewed(text: string): MessageView {
  const [message = { parts: [] }] = readPasted(utf8ToBytes(text), undefined, rules);
  const parts = 'parts' in message ? message.parts : [];
  return viewOf(1, take(message, takeApartOptions(settings)), parts, settings);
}

test('fields and octets that differ are counted, and what could not be read is like nothing', () => {
  const said = (left: string, right: string): string => {
    const views = [viewed(left), viewed(right)] as const;
    return summaryOf(...views, compareViews(...views));
  };
  assert.equal(hexToBytes(hex).length, 48);
  assert.equal(said(hex, hex), 'no field differs');
  assert.match(said(hex, hex.replace('1234', '1235')), /^1 of \d+ fields differ$/);
  const unread = 'nothing is compared: one of them could not be read as octets';
  assert.equal(said('06 05 zz', '07 0g'), unread);
  assert.equal(said(hex, '07 0g'), unread);
});
