// Array methods call what they are handed with the index and the array as well, and TypeScript has nothing against it: a
// function whose second parameter is optional takes the index for it. So what is handed over by name takes one parameter.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const handed =
  /\.(?:map|flatMap|filter|forEach|some|every|find|findIndex|findLast)\(\s*(?:this\.)?#?([A-Za-z_]\w*),?\s*\)/g;
const handedToFrom = /Array\.from\((?:\{[^}]*\}|[^(),]*),\s*(?:this\.)?#?([A-Za-z_]\w*),?\s*\)/g;
/** Of the language: what they do with an index is known, and is nothing. */
const known = new Set(['String', 'Number', 'Boolean']);

interface Source {
  readonly file: string;
  readonly text: string;
}

const sources: readonly Source[] = ['src', 'scripts', 'bench', 'bin'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name) && !name.split(sep).includes('node_modules'))
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
);

/** Parameters of the functions of that name: the lists in parentheses, wherever one is made. */
function parameterLists(name: string, texts: readonly string[]): readonly string[] {
  const made = new RegExp(
    `(?:function\\*? ${name}(?:<[^(]*>)?|(?:const|let) ${name}(?:: [^=]+)? = (?:async )?)\\(`,
    'g',
  );
  return texts.flatMap((text) =>
    [...text.matchAll(made)].map((match) => listFrom(text, match.index + match[0].length)),
  );
}

/** The text from after an opening parenthesis to the one that closes it. */
function listFrom(text: string, start: number): string {
  let depth = 1;
  let end = start;
  for (; depth > 0 && end < text.length; end += 1) {
    if (text[end] === '(') depth += 1;
    if (text[end] === ')') depth -= 1;
  }
  return text.slice(start, end - 1);
}

/** How many parameters a list has: commas that stand in no bracket, a trailing one aside. */
function countOf(list: string): number {
  const flat = list.replace(/=>/g, '');
  let depth = 0;
  let commas = 0;
  for (const character of flat.trim().replace(/,$/, '')) {
    if ('([{<'.includes(character)) depth += 1;
    if (')]}>'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) commas += 1;
  }
  return list.trim() === '' ? 0 : commas + 1;
}

test('a function that is handed to an array method by its name takes one parameter', () => {
  const texts = sources.map(({ text }) => text);
  const faults: string[] = [];
  for (const { file, text } of sources) {
    for (const [call, name = ''] of [...text.matchAll(handed), ...text.matchAll(handedToFrom)]) {
      if (known.has(name)) continue;
      // One of the same file is meant before those of others.
      const own = parameterLists(name, [text]);
      const lists = own.length > 0 ? own : parameterLists(name, texts);
      if (lists.length === 0) faults.push(`${file}: ${call} hands over what it was handed itself`);
      if (lists.some((list) => countOf(list) > 1))
        faults.push(`${file}: ${call} takes more than the element`);
    }
  }
  assert.deepEqual(faults, []);
});

test('what the check counts', () => {
  const text = 'function view(a: A, b?: B) {}\nconst each = (one: Map<string, number>): void => {};';
  assert.deepEqual(
    parameterLists('view', [text]).map((list) => countOf(list)),
    [2],
  );
  assert.deepEqual(
    parameterLists('each', [text]).map((list) => countOf(list)),
    [1],
  );
  assert.equal(countOf('{ command, sends }: JobCommandRecord,'), 1);
  assert.equal(countOf('call: (a: number, b: number) => void'), 1);
});
