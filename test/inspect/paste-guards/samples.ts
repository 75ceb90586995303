// A push of WSP, the header of user data before it, and how a paste of them is held against what is expected.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { explainOctets } from '../../../src/inspect/explain/explain-octets.ts';
import { PasteError } from '../../../src/inspect/paste-forms/paste-error.ts';
import type { PastedMessage } from '../../../src/inspect/pasted/hex-lines.ts';
import { readPasted } from '../../../src/inspect/pasted/read-pasted.ts';

/** A push: its octets, in hex. */
export const B = '010603c4af870a75ea9c35da2799065ac1bb0011838c02c800000012340e636f6d2e6578616d706c652e646d';
export const octets = [...hexToBytes(B)];
/** As strings spell it, and in pairs. */
export const X = B.replace(/../g, '\\x$&');
export const S = B.replace(/..(?=.)/g, '$& ');
/** A header of user data, for port 34240. */
export const W = '0605040b85c002';

/** What is pasted; and the octets, or what the refusal says, or both the octets and what is said beside them. */
export type Row = readonly [text: string, expected: string | RegExp, said?: RegExp];

const rules = { isMessage: () => false, areSegments: () => false, oneEach: false };

export function read(text: string): readonly PastedMessage[] {
  return readPasted(utf8ToBytes(text), undefined, rules);
}

/** One test for each row; `Error` is never but a `PasteError`. */
export function holds(rows: readonly Row[]): void {
  for (const [text, expected, said] of rows) {
    const name = text.replaceAll(X, '\\x…').replaceAll(S, '01 …').replaceAll(B, '01…').slice(0, 120);
    it(`${typeof expected === 'string' ? 'read' : 'refused'}: ${JSON.stringify(name)}`, () => {
      const found = read(text);
      const shown = found.map((each) =>
        'error' in each ? each.error.message : each.parts.map(bytesToHex).join(' '),
      );
      if (typeof expected === 'string') {
        assert.deepEqual(shown, expected.split('|'));
        const [first] = found;
        assert.ok(first !== undefined && 'parts' in first);
        const notes = [...(first.notes ?? []), ...(first.cut === undefined ? [] : [first.cut])];
        if (said === undefined) assert.deepEqual(notes, []);
        else {
          assert.match(notes.map(({ line, column, message }) => `${line}:${column} ${message}`).join(), said);
          const { deviations } = explainOctets(utf8ToBytes(text))[0]?.explanation ?? {};
          assert.ok(
            deviations?.some(({ message }) =>
              said.test(message.replace(/^line (\d+), column (\d+):/, '$1:$2')),
            ),
          );
        }
        return;
      }
      const [first] = found;
      assert.ok(first !== undefined && 'error' in first, shown.join(' | '));
      assert.ok(first.error instanceof PasteError, String(first.error));
      assert.match(first.error.message, expected);
    });
  }
}
