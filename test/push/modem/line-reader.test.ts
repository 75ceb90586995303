// Octets of a modem as lines: cut anywhere, echoed, too long, and any octets at all.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lineFault, utf8ToBytes } from '../../../src/core/index.ts';
import { LineReader } from '../../../src/push/modem/line/line-reader.ts';
import { errorIn } from '../../../src/push/modem/line/modem-error.ts';

function read(pieces: readonly Uint8Array[], prompt = false): readonly string[] {
  const seen: string[] = [];
  const reader = new LineReader({
    onLine: (line) => seen.push(line),
    onPrompt: () => seen.push('PROMPT'),
    onTooLong: (octets) => seen.push(`TOO LONG ${octets}`),
  });
  reader.promptAwaited = prompt;
  for (const piece of pieces) reader.feed(piece);
  return seen;
}

describe('lines of a modem', () => {
  const text = 'AT+CMGS=5\r\r\n+CREG: 1\r\n\r\n> 0102\u001a\r\n\r\n+CMGS: 7\r\n\r\nOK\r\n\n> \r\n';
  const lines = ['AT+CMGS=5', '+CREG: 1', 'PROMPT', '0102', '+CMGS: 7', 'OK', '>'];

  it('are the same wherever they are cut', () => {
    const octets = utf8ToBytes(text);
    assert.deepEqual(read([octets], true), lines);
    fc.assert(
      fc.property(fc.array(fc.nat(octets.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), octets.length];
        const pieces = places.slice(1).map((end, index) => octets.subarray(places[index], end));
        assert.deepEqual(read(pieces, true), lines);
      }),
    );
  });

  it('that are too long are left out, and the next is read', () => {
    assert.deepEqual(read([new Uint8Array(5000).fill(0x41), utf8ToBytes('\r\nOK\r\n')]), [
      'TOO LONG 5000',
      'OK',
    ]);
  });

  it('any octets give lines without ends and no error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), (octets, prompt) => {
        for (const line of read([octets], prompt)) assert.doesNotMatch(line, /[\r\n]/);
      }),
    );
  });
});

describe('3GPP TS 27.005 §3.2.5, 3GPP TS 27.007 §9.2: errors', () => {
  it('are told from other lines, with number, meaning and what follows', () => {
    for (const [line, code, retryable] of [
      ['ERROR', 'ERROR', true],
      ['+CMS ERROR: 500', 'CMS_500', true],
      ['+CMS ERROR:310', 'CMS_310', true],
      ['+cme error: 10', 'CME_10', true],
      ['+CME ERROR: SIM not inserted', 'CME', true],
      ['+CMS ERROR: 30', 'CMS_30', false],
      ['+CMS ERROR: 99999', 'CMS_99999', true],
    ] as const) {
      const error = errorIn(line, 'AT+X');
      assert.deepEqual([error?.code, error?.retryable], [code, retryable], line);
      assert.match(error?.message ?? '', /^AT\+X: /);
    }
    for (const line of ['OK', '+CMTI: "SM",1', '+CMS ERRORS', '', 'ERRORS']) {
      assert.equal(errorIn(line, 'AT'), undefined);
    }
  });

  it('end a push for good only where they are about its message or number', () => {
    const forGood = Array.from({ length: 600 }, (_, number) => number).filter(
      (number) => errorIn(`+CMS ERROR: ${number}`, 'AT+CMGS', true)?.retryable === false,
    );
    assert.deepEqual(forGood, [1, 21, 30, 95, 96, 97, 99, 0x80, 0x81, 0x82, 0x8f, 0xc3, 0xc4, 321]);
    for (const number of [0xc5, 332]) {
      assert.equal(errorIn(`+CMS ERROR: ${number}`, 'AT+CMGS', true)?.notTaken, false);
      assert.equal(errorIn(`+CMS ERROR: ${number}`, 'AT+CMGS')?.notTaken, true);
    }
    for (const number of [5, 10, 11, 12, 16, 17, 18, 30, 31, 32]) {
      const { retryable, notTaken } = errorIn(`+CME ERROR: ${number}`, 'AT+CMGS') ?? {};
      assert.deepEqual([retryable, notTaken], [true, true], String(number));
    }
  });

  it('any line gives an error of one line, or none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (said) => {
        const error = errorIn(`+CMS ERROR: ${said}`, 'AT');
        if (error !== undefined) assert.equal(lineFault(error.message), undefined);
      }),
    );
  });
});
