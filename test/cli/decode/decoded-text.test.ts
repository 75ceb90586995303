// What a person reads of a message: why it is refused stands at the end, once, on one line.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderFindings } from '../../../src/cli/decode/decoded-text.ts';
import { styleFor } from '../../../src/cli/decode/table.ts';
import { DecodeError } from '../../../src/core/index.ts';
import { noFindings } from '../../../src/inspect/layers/findings.ts';

const at = { path: 'pduType', offset: 1, bit: 0 };
const spec = { doc: 'DM-NOTI-1.3', section: '7.1.1' };
const refusal = new DecodeError('UNSUPPORTED', 'not a push for DM:\n\u001b[31mGet', at, spec);
const deviation = { field: 'body', offset: 7, bit: 0, value: '', message: 'is\u2028odd', section: 'X §1' };

describe('text of findings', () => {
  it('tells a refusal last, and no text of a peer ends its line', () => {
    const text = renderFindings(
      { ...noFindings(), deviations: [deviation], refusal },
      undefined,
      styleFor(false),
    );
    const lines = text.trimEnd().split('\n');
    assert.equal(lines[0], 'deviation: body: is odd (byte 7; X §1)');
    assert.match(lines[1] ?? '', /^error: .*not a push for DM: \[31mGet/);
    assert.equal(lines.length, 2);
  });

  it('tells it once where it is the error too, and another error before it', () => {
    const findings = { ...noFindings(), refusal };
    assert.equal(renderFindings(findings, refusal, styleFor(false)).match(/^error: /gm)?.length, 1);
    const other = new DecodeError('TRUNCATED', 'cut', at, spec);
    assert.match(renderFindings(findings, other, styleFor(false)), /^error: .*cut.*\nerror: .*not a push/);
    assert.equal(renderFindings(noFindings(), undefined, styleFor(false)), '\n');
  });
});
