// A configuration file's text, YAML 1.2 or JSON, as a value that knows where each of its parts stands.
import { type ErrorCode, parseDocument } from 'yaml';
import { jsonFault, lineAndColumn } from '../../core/index.ts';
import { nameOf } from '../io/json-file.ts';
import { type ConfigFault, ConfigFaults } from './fault.ts';
import { type Offsets, SourceFault, SourceValues } from './source-values.ts';

/** Largest text that is read, in characters. */
export const longestSource = 1024 * 1024;

/** Where a part stands: its name, or what stands behind that. */
export type PartOf = 'name' | 'value';

/** A text that was read. */
export interface SourceText {
  readonly value: unknown;
  /** `FILE:LINE:COLUMN: PATH`, for a path such as `sms.smscs[0].port`; where that is not there, of the nearest part around it. */
  place(path: string, part?: PartOf): string;
  /** Orders paths as they stand in the text. */
  offset(path: string): number;
}

/**
 * Reads it. A text that begins with a brace or bracket is JSON, unless its name ends as YAML's does.
 * @throws {ConfigFaults} with line and column of what is wrong first; nothing of the text is quoted, for it may hold secrets
 */
export function readSourceText(text: string, file: string): SourceText {
  const name = nameOf(file);
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const at = (index: number, what: string, remedy?: string): ConfigFaults => {
    const { line, column } = lineAndColumn(plain, index);
    const where = `${name}:${line}:${column}`;
    return new ConfigFaults([{ where, what, ...(remedy !== undefined && { remedy }) } as ConfigFault]);
  };
  if (plain.length > longestSource) {
    throw new ConfigFaults([{ where: name, what: `it is longer than ${longestSource} characters` }]);
  }
  const broken = plain.indexOf('\ufffd');
  if (broken >= 0) throw at(broken, 'not UTF-8', 'write the file anew in UTF-8');
  if (isJson(plain, file)) {
    const fault = jsonFault(plain);
    if (fault !== undefined) throw at(fault.index, `not JSON: ${fault.detail}`);
  }
  const document = parseDocument(plain, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    uniqueKeys: false,
  });
  const [error] = [...document.errors, ...document.warnings].sort((one, other) => one.pos[0] - other.pos[0]);
  if (error !== undefined) throw at(error.pos[0], ...wordsOf(error.code));
  try {
    const values = new SourceValues();
    const value = values.read(document.contents);
    if (value === null)
      throw new SourceFault(0, 'it is empty', 'leave the file out where nothing is to be set');
    return {
      value,
      place: (path, part = 'value') => {
        const { line, column } = lineAndColumn(plain, offsetOf(values.offsets, path, part));
        return `${name}:${line}:${column}${path === '' ? '' : `: ${path}`}`;
      },
      offset: (path) => offsetOf(values.offsets, path, 'name'),
    };
  } catch (fault) {
    if (!(fault instanceof SourceFault)) throw fault;
    throw at(fault.index, fault.message, fault.remedy);
  }
}

function isJson(text: string, file: string): boolean {
  if (/\.ya?ml$/i.test(file)) return false;
  return /\.json$/i.test(file) || /^\s*[{[]/.test(text);
}

/** Of the part itself, or of the nearest around it. */
function offsetOf(offsets: ReadonlyMap<string, Offsets>, path: string, part: PartOf): number {
  for (let at = path; at !== ''; at = at.replace(/(?:\[[0-9]+\]|\.?[^.[]*)$/, '')) {
    const found = offsets.get(at);
    if (found !== undefined) return at === path ? found[part] : found.name;
  }
  return 0;
}

/** What the parser says quotes the text; this does not. */
const words: Partial<Record<ErrorCode, readonly [what: string, remedy?: string]>> = {
  BAD_ALIAS: ['an alias that is none', 'quote texts that begin with *'],
  BAD_DQ_ESCAPE: [
    'a backslash with something behind it that YAML does not know',
    "use single quotes: 'C:\\data'",
  ],
  BAD_INDENT: ['a line that is not indented as its neighbours, or a bracket that is not closed before it'],
  BAD_SCALAR_START: ['a text may not begin with this character', 'put it in quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a name within a value on the same line',
    'begin a new line, indented, or put a text that holds ": " in quotes',
  ],
  DUPLICATE_KEY: ['the same name a second time'],
  MISSING_CHAR: ['a closing quote, bracket, comma or colon is missing'],
  MULTILINE_IMPLICIT_KEY: ['a name that goes over several lines', 'is a colon missing?'],
  MULTIPLE_DOCS: ['a second document begins', 'leave one, and no line of --- between settings'],
  TAB_AS_INDENT: ['a tab as indentation', 'YAML is indented by spaces'],
  TAG_RESOLVE_FAILED: [
    'a tag (!…) that is not known here',
    'leave it out, or put a text that begins with ! in quotes',
  ],
  UNEXPECTED_TOKEN: ['this cannot stand here', 'look at the indentation, and put texts with signs in quotes'],
  RESOURCE_EXHAUSTION: ['it is nested too deeply'],
};

function wordsOf(code: ErrorCode): readonly [what: string, remedy?: string] {
  return words[code] ?? ['not YAML'];
}
