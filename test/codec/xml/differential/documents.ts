// Documents made up by a grammar, most of them right, and spoilt afterwards; and those of the vectors.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FastRandom } from './random.ts';

const root = resolve(import.meta.dirname, '../../../..');

/** The XML texts of the vectors, long ones cut off: what they are about stands at their beginning. */
export function vectorTexts(): readonly string[] {
  const texts = new Set<string>();
  const gather = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^\s*<[?!A-Za-z]/.test(value) && value.length < 20_000) texts.add(value);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(gather);
  };
  for (const file of globSync('{vectors,test/vectors}/*.json', { cwd: root }).sort()) {
    gather(JSON.parse(readFileSync(join(root, file), 'utf8')));
  }
  return [...texts];
}

const localNames = ['a', 'b', 'Item', 'Data', 'xml', 'xmlns', 'é', 'a·b', '𐐀', 'a-.1', '_', 'SyncML'];
const prefixes = ['p', 'q', 'r', 'xml', 'xmlns', 'é'];
const uris = ['urn:a', 'urn:b', ' urn:a ', 'SYNCML:SYNCML1.2', '', 'http://www.w3.org/XML/1998/namespace'];
const rareUris = ['http://www.w3.org/2000/xmlns/', '&#117;rn:a', 'urn:\n a', 'urn:&amp;'];
const texts = [
  'x',
  ' ',
  '\n',
  '\t',
  '\r\n',
  '\r',
  'é',
  '€',
  '😀',
  ']',
  ']]',
  '>',
  '"',
  "'",
  '\u0085',
  '\u2028',
  'value-1',
];
const references = [
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#65;',
  '&#x1F600;',
  '&#xD;',
  '&#10;',
  '&#9;',
  '&#x20;',
];
const badReferences = [
  '&',
  '&;',
  '&e;',
  '&a:b;',
  '&#;',
  '&#x;',
  '&#0;',
  '&#xFFFE;',
  '&#X41;',
  '&#xD800;',
  '&#x110000;',
  '& ;',
];
const pieces = [
  ...[
    '<',
    '>',
    '/',
    '/>',
    '</',
    '<!',
    '<!--',
    '-->',
    '--',
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '<?xml ',
    '<?XML?>',
    '=',
  ],
  ...[
    '"',
    "'",
    '&',
    ';',
    '#',
    ':',
    'a:',
    ':a',
    'xmlns:',
    'xmlns="urn:a"',
    ' ',
    '\n',
    '\r',
    '\t',
    '[',
    ']',
    '!',
    '-',
    '?',
  ],
  ...[
    '<!DOCTYPE',
    '<!DOCTYPE a>',
    '<!ENTITY e "e">',
    '<a>',
    '</a>',
    '<b/>',
    '1',
    '.',
    'é',
    '·',
    '\u0300',
    '\u037e',
    '\u2028',
  ],
  ...[
    '\u0000',
    '\u0001',
    '\u000b',
    '\u007f',
    '\u0085',
    '\ufeff',
    '\ufffe',
    '\uffff',
    '\ufffd',
    '\u00d7',
    '😀',
    '\u{f0000}',
  ],
  ...[
    ' b="1"',
    " c='2'",
    ' p:b="1"',
    ' xmlns:p="urn:a"',
    '%e;',
    'version="1.0"',
    ' encoding="UTF-8"',
    ' standalone="no"',
  ],
];

/** A document, with faults now and then. */
export function anyDocument(random: FastRandom): string {
  let text = random.once(30) ? '\ufeff' : '';
  if (random.once(40)) text += random.one([' ', '\n', '\ufeff', '\r\n']);
  if (random.once(3)) text += declaration(random);
  text += between(random);
  if (random.once(6)) text += doctype(random) + between(random);
  text += element(random, 0) + between(random);
  if (random.once(60)) text += random.one(['x', '<a/>', '\0', ' \0\n', '&amp;', '<![CDATA[]]>']);
  return text;
}

/** A text changed in a few places: pieces put in, taken out, doubled, cut off. */
export function spoilt(random: FastRandom, text: string): string {
  let changed = text;
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(changed.length + 1);
    const before = changed.slice(0, at);
    const behind = changed.slice(at);
    const length = 1 + random.below(random.once(4) ? 20 : 2);
    switch (random.below(6)) {
      case 0:
        changed = before + behind.slice(length);
        break;
      case 1:
        changed = before + behind.slice(0, length) + behind;
        break;
      case 2:
        changed = random.once(4) ? before : before + random.one(pieces);
        break;
      case 3:
        changed = before + random.one(pieces) + behind.slice(length);
        break;
      default:
        changed = before + random.one(pieces) + behind;
    }
  }
  return changed;
}

/** Octets with a few bits turned. */
export function flipped(random: FastRandom, octets: Uint8Array): Uint8Array {
  const changed = octets.slice();
  for (let times = 1 + random.below(3); times > 0 && changed.length > 0; times -= 1) {
    const at = random.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  }
  return changed;
}

function declaration(random: FastRandom): string {
  const version = random.one(['1.0', '1.0', '1.0', '1.1', '1.2', '2.0', '1.', '1.0 ']);
  const quote = random.one(['"', "'"]);
  const space = (): string => random.one(['', '', '', ' ', '\n', '\r\n']);
  const part = (name: string, value: string): string =>
    `${random.one([' ', ' ', ' ', '\t ', '\r', ''])}${name}${space()}=${space()}${quote}${value}${quote}`;
  let text = `<?xml${random.once(30) ? '' : part('version', version)}`;
  if (random.once(2))
    text += part('encoding', random.one(['UTF-8', 'utf-8', 'US-ASCII', '-8', 'ISO-8859-1']));
  if (random.once(4)) text += part('standalone', random.one(['yes', 'no', 'Yes']));
  if (random.once(30)) text += part('encoding', 'UTF-8');
  return `${text}${space()}${random.once(30) ? '?' : ''}?>`;
}

function between(random: FastRandom): string {
  let text = '';
  while (random.once(3)) text += random.one([' ', '\n', '\r\n', '<!-- c -->', '<!---->', comment(random)]);
  return text;
}

function comment(random: FastRandom): string {
  return `<!--${random.one(['', 'a-b', '<a>&e;', ']]>', '\r\n', '--', 'a-', '-', '?>'])}-->`;
}

function doctype(random: FastRandom): string {
  const identifier = random.one([
    ...[
      '',
      '',
      ' PUBLIC "-//X//EN" "x.dtd"',
      " SYSTEM 'a>b[c\"]'",
      ' SYSTEM "é"',
      ' PUBLIC',
      " SYSTEM 'open",
      '\r\nSYSTEM ""',
    ],
  ]);
  const subset = random.one([
    ...[
      '',
      '',
      '',
      ' []',
      '[<?a?>]',
      '[ <?a b?>\r\n<?c "?> ] ',
      '[<!ENTITY e "x>">]',
      '[<!-- ]> --><?a?>]',
      '[<!-- -- -->]',
    ],
    ...["[<!ELEMENT a ANY>']>']", '[%e;]', '[<?a [b]?>]', '[', '[<?a ]>', '[<!ENTITY % e SYSTEM "x">]'],
  ]);
  return `<!DOCTYPE${random.one([' ', ' ', ' ', '\n', ''])}${random.one(['a', 'SyncML', ''])}${identifier}${subset}>`;
}

function name(random: FastRandom): string {
  if (random.once(40)) return random.one(['1a', ':a', 'a:', 'a:b:c', 'p:1', '-', '.a', '·', 'a×', '']);
  return random.once(5) ? `${random.one(prefixes)}:${random.one(localNames)}` : random.one(localNames);
}

function element(random: FastRandom, depth: number): string {
  const own = name(random);
  let text = `<${own}`;
  if (depth === 0 && !random.once(4)) text += ' xmlns:p="urn:a" xmlns:q="urn:b" xmlns:é="urn:a"';
  while (random.once(3)) text += attribute(random);
  text += random.one(['', '', '', ' ', '\n', '\r\n']);
  if (random.once(5)) return `${text}${random.once(40) ? '/ ' : '/'}>`;
  text += '>';
  while (text.length < 2000 && !random.once(depth < 2 ? 4 : 2)) text += content(random, depth);
  const end = random.once(60) ? name(random) : own;
  return `${text}</${end}${random.one(['', '', '', '', ' ', '\n', '\r\n'])}>`;
}

function content(random: FastRandom, depth: number): string {
  switch (random.below(9)) {
    case 0:
      return random.once(3) ? random.one(badReferences) : random.one(references);
    case 1:
      return `<![CDATA[${random.one(['', ']', ']]', '<a>', '&amp;', '\r\n', '&', 'é', '[CDATA[', ' '])}]]>`;
    case 2:
      return random.once(4) ? comment(random) : random.one(references);
    case 3:
      return random.once(20)
        ? random.one(['<?a b?>', '<?xml version="1.0"?>', '<?a:b?>', '<??>', ']]>'])
        : ' ';
    case 4:
    case 5:
      return depth < 8 ? element(random, depth + 1) : '';
    default:
      return random.one(texts);
  }
}

function attribute(random: FastRandom): string {
  const isDeclaration = random.once(3);
  const declared = random.once(2) ? 'xmlns' : `xmlns:${random.one(prefixes)}`;
  const uri = random.once(20) ? random.one(rareUris) : random.one(uris);
  let value = isDeclaration ? uri : '';
  if (!isDeclaration) {
    while (random.once(2)) value += random.one(random.once(3) ? references : texts);
    if (random.once(40)) value += random.one(['<', ...badReferences]);
  }
  const quote = random.one(['"', '"', "'"]);
  const space = (): string => (random.once(8) ? random.one([' ', '\n', '\r']) : '');
  const shown = value.replaceAll(quote, quote === '"' ? '&quot;' : '&apos;');
  const before = random.once(60) ? '' : random.one([' ', ' ', '\n', '\t', '\r\n']);
  return `${before}${isDeclaration ? declared : name(random)}${space()}=${space()}${quote}${shown}${quote}`;
}
