// What an earlier run of the mutants still says.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { earlierKills, writeVerdicts } from '../../scripts/mutation/earlier.ts';
import type { Mutant } from '../../scripts/mutation/mutants.ts';
import type { Verdict } from '../../scripts/mutation/try-mutant.ts';

const mutant = (id: string, line: number): Mutant => ({
  id,
  file: 'code.ts',
  line,
  column: 1,
  kind: 'ConditionalExpression',
  original: 'a',
  replacement: 'true',
});
const verdicts: readonly Verdict[] = [
  { mutant: mutant('1', 1), end: 'assertion', file: 'code.test.ts', test: 'sees it' },
  { mutant: mutant('2', 2), end: 'survived' },
  { mutant: mutant('3', 3), end: 'timeout', file: 'code.test.ts' },
  { mutant: mutant('4', 4), end: 'error', file: 'code.test.ts', test: 'sees it too' },
];

test('what a test killed counts while its code and the test stand; the rest is tried again', () => {
  const root = mkdtempSync(join(tmpdir(), 'reveille-mutants-'));
  try {
    writeFileSync(join(root, 'code.ts'), 'a\na\na\na\n');
    writeFileSync(join(root, 'code.test.ts'), "test('sees it'); test('sees it too');");
    const file = join(root, 'verdicts.json');
    writeVerdicts(file, root, verdicts);
    const kept = (): readonly string[] => {
      const earlier = earlierKills(file, root);
      // Another run gives other numbers.
      return [1, 2, 3, 4].flatMap((line) => (earlier(mutant('77', line)) === undefined ? [] : [`${line}`]));
    };
    assert.deepEqual(kept(), ['1', '4']);
    writeFileSync(join(root, 'code.test.ts'), "test('more'); test('sees it');");
    assert.deepEqual(kept(), ['1']);
    writeFileSync(join(root, 'code.ts'), 'a\na\na\nb\n');
    assert.deepEqual(kept(), []);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
