// The table of families, and that the document says the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { type Family, families, familyNames, familyOf } from '../../src/families/index.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/families.md'), 'utf8');
const cells = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
  .map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );

test('docs/families.md has each row of the table, with its source and how it was seen, and no other', () => {
  const inTable = familyNames.flatMap((name) =>
    Object.entries(families[name].rows).map(([row, { source, seen }]) =>
      [name, row, source, seen].join(' | '),
    ),
  );
  const inPage = cells
    .filter((row) => row.length === 5 && row[0] !== 'family')
    .map(([family, row, , source, seen]) => [family, row, source, seen].join(' | '));
  assert.deepEqual(inPage.toSorted(), inTable.toSorted());
  assert.equal(new Set(inPage).size, inPage.length);
});

test('each family is introduced in the document with the words of the table', () => {
  for (const name of familyNames) {
    const line = cells.find(([first]) => first === `\`${name}\``);
    assert.ok(line?.[1]?.startsWith(families[name].about), `${name}: ${line?.[1]}`);
    assert.equal(families[name].name, name);
  }
});

test('each kind of row has a line on what follows from it', () => {
  const kinds = new Set(familyNames.flatMap((name) => Object.keys(families[name].rows)));
  const explained = new Set(
    cells.filter((row) => row.length === 3 && row[0] !== 'row').flatMap(([first = '']) => first.split(', ')),
  );
  assert.deepEqual([...explained].toSorted(), [...kinds].toSorted());
});

test('generic adds nothing, and stands for a device without a family or of one that is not known here', () => {
  assert.deepEqual(families.generic.rows, {});
  const generic: Family = families.generic;
  assert.equal(familyOf({}), generic);
  assert.equal(familyOf({ family: 'of a later release' }), generic);
  assert.equal(familyOf({ family: 'constructor' }), generic);
  assert.equal(familyOf({ family: 'aosp' }), families.aosp);
});
