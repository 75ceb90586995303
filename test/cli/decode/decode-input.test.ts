// Messages as arguments and on standard input: every form is read in both, and errors have the line.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../../../src/cli/decode/decode-input.ts';
import { UsageError } from '../../../src/cli/io/io.ts';
import { bytesToHex } from '../../../src/core/index.ts';
import type { InputForm } from '../../../src/inspect/pasted/input-forms.ts';
import { testIo } from '../run-cli.ts';

const rules = { isMessage: () => true, areSegments: () => false, oneEach: false };

async function read(given: readonly string[], stdin?: string, form?: InputForm): Promise<readonly string[]> {
  const { io } = testIo(stdin === undefined ? {} : { stdin });
  const found: string[] = [];
  for await (const each of messagesOf(io, given, form, rules)) {
    found.push('error' in each ? each.error.message : each.parts.map(bytesToHex).join(' '));
  }
  return found;
}

describe('messages as arguments', () => {
  it('takes the ruler above a dump, on standard input, for no message', async () => {
    const ruler = '           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F';
    const rows =
      '00000000   01 06 03 C4 AF 87 0A 75 EA 9C 35 DA 27 99 06 5A  .......u..5....Z\n00000010   06 05  ..\n';
    assert.deepEqual(await read([], `${ruler}\n\n${rows}`), ['010603c4af870a75ea9c35da2799065a0605']);
  });

  for (const argument of [
    String.raw`\x06\x05\x04`,
    '0x06, 0x05, 0x04',
    '%06%05%04',
    '<Buffer 06 05 04>',
    '00000000: 0605 04  ...',
    '060504',
    '06 05 04',
  ]) {
    it(`are read in any form: ${argument}`, async () => assert.deepEqual(await read([argument]), ['060504']));
  }

  it('are what a modem said', async () => {
    assert.deepEqual(await read(['+CMT: ,3\n060504']), ['060504']);
  });

  it('are refused when they are no form and no file', async () => {
    for (const argument of ['push.bin', '06050z']) {
      await assert.rejects(
        read([argument]),
        (error) => error instanceof UsageError && error.message.includes(argument),
      );
    }
    await assert.rejects(read([]), UsageError, 'nothing on standard input');
  });
});

describe('messages on standard input', () => {
  it('have the number of their line, at the end without a line end too', async () => {
    for (const end of ['', '\n', '\r\n']) {
      const [first, second = '', third = '', ...more] = await read([], `0605\n06z5\n0605z4${end}`);
      assert.deepEqual([first, more.length], ['0605', 0]);
      assert.match(second, /line 2, column 3: "z" is not a hex digit/);
      assert.match(third, /line 3, column 5: "z" is not a hex digit/);
    }
  });

  it('are read in the form that is found, and under the name -', async () => {
    assert.deepEqual(await read(['-'], '00000000  06 05 04\n00000003\n'), ['060504']);
    assert.deepEqual(await read([], '0605\n04\n'), ['0605', '04']);
    assert.deepEqual(await read([], '0605\n04\n', 'hex'), ['060504']);
  });
});
