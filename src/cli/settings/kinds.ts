// Kinds of settings: what each takes in the configuration file, and how its text is read in options and variables.
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type TSchema, Type } from 'typebox';
import { ValueError } from '../../core/index.ts';
import { AllowedNetworks } from '../../server/index.ts';
import { type ListenAddress, parseListen } from '../io/listen-address.ts';

/** What a setting may be. */
export interface Kind<Value> {
  /** What its option is followed by, such as `<file>`; empty for a switch. */
  readonly placeholder: string;
  /** True where the option may be given several times; a variable has commas then. */
  readonly repeats?: boolean;
  /** Names that it is one of. */
  readonly choices?: readonly string[];
  /** In the configuration file. */
  readonly shape: TSchema;
  /** Of an option or a variable. @throws {ValueError} */
  readonly ofText: (text: string) => Value;
  /** Of a value in the file that fits `shape`; paths are relative to `folder`. @throws {ValueError} */
  readonly ofFile: (value: unknown, folder: string) => Value;
}

const someText = { minLength: 1 };

/** Any text but an empty one. */
export function text(placeholder: string): Kind<string> {
  return { placeholder, shape: Type.String(someText), ofText: notEmpty, ofFile: String };
}

/** A text that `check` gives back. `check` throws a `ValueError` for any other; what it says quotes nothing. */
export function checkedText(placeholder: string, check: (given: string) => string): Kind<string> {
  const ofText = (given: string): string => check(notEmpty(given));
  return { ...text(placeholder), ofText, ofFile: (value) => ofText(String(value)) };
}

/** A file or folder. */
export function path(placeholder: string): Kind<string> {
  return {
    placeholder,
    shape: Type.String(someText),
    ofText: notEmpty,
    ofFile: (value, folder) => (folder === '.' ? String(value) : resolve(folder, String(value))),
  };
}

/** One of these names. */
export function choice<const Name extends string>(placeholder: string, names: readonly Name[]): Kind<Name> {
  const ofText = (given: string): Name => {
    const found = names.find((name) => name === given);
    if (found === undefined) throw new ValueError('BAD_FORMAT', `must be one of ${names.join(', ')}`);
    return found;
  };
  return {
    placeholder,
    choices: names,
    shape: Type.Enum([...names]),
    ofText,
    ofFile: (value) => ofText(String(value)),
  };
}

/** A whole number. */
export function integer(placeholder: string, minimum: number, maximum: number): Kind<number> {
  return {
    placeholder,
    shape: Type.Integer({ minimum, maximum }),
    ofText: (given) => {
      const value = /^[0-9]+$/.test(given) ? Number(given) : Number.NaN;
      if (value >= minimum && value <= maximum) return value;
      throw new ValueError('OUT_OF_RANGE', `must be a whole number from ${minimum} to ${maximum}`);
    },
    ofFile: Number,
  };
}

/** Yes or no: an option alone, `true` or `false` in a variable. */
export function yes(): Kind<boolean> {
  return {
    placeholder: '',
    shape: Type.Boolean(),
    ofText: (given) => {
      if (given === 'true' || given === 'false') return given === 'true';
      throw new ValueError('BAD_FORMAT', 'must be true or false');
    },
    ofFile: (value) => value === true,
  };
}

/** HOST:PORT, or HOST with the port that it has otherwise. `ownHost`: a port alone is one of the loopback. */
export function address(defaultPort: number, ownHost = false): Kind<ListenAddress> {
  const ofText = (given: string): ListenAddress =>
    parseListen(ownHost && /^[0-9]+$/.test(given) ? `127.0.0.1:${given}` : given, defaultPort);
  return {
    placeholder: '<host:port>',
    shape: Type.String(someText),
    ofText,
    ofFile: (value) => unquoted('must be HOST, HOST:PORT or [IPV6]:PORT', () => ofText(String(value))),
  };
}

/** What is wrong in the file is told without what stands there. */
function unquoted<Result>(detail: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(error.code, detail);
    throw error;
  }
}

/** Several texts: an option for each, commas in a variable, a list in the file. */
export function texts(placeholder: string): Kind<readonly string[]> {
  return {
    placeholder,
    repeats: true,
    shape: Type.Array(Type.String(someText)),
    ofText: parts,
    ofFile: (value) => value as readonly string[],
  };
}

/** Networks in CIDR notation, and single addresses. */
export function networks(placeholder: string): Kind<readonly string[]> {
  const check = (entries: readonly string[]): readonly string[] => {
    for (const entry of entries) {
      try {
        new AllowedNetworks([entry]);
      } catch {
        throw new ValueError('BAD_FORMAT', `${entry} is not an address or network such as 10.0.0.0/8`);
      }
    }
    return entries;
  };
  const list = texts(placeholder);
  return {
    ...list,
    ofText: (given) => check(list.ofText(given)),
    ofFile: (value, folder) => check(list.ofFile(value, folder)),
  };
}

/** Addresses and networks of proxies, with commas between them; a list in the file. */
export function proxies(placeholder: string): Kind<string> {
  const check = (entries: readonly string[]): string => {
    for (const entry of entries) {
      if (isProxy(entry)) continue;
      throw new ValueError('BAD_FORMAT', `${entry} is not an address or network such as 10.0.0.0/8`);
    }
    return entries.join(',');
  };
  return {
    placeholder,
    shape: Type.Array(Type.String(someText), { minItems: 1 }),
    ofText: (given) => check(given.split(',').map((part) => part.trim())),
    ofFile: (value) =>
      unquoted('each must be an address or network such as 10.0.0.0/8', () =>
        check(value as readonly string[]),
      ),
  };
}

function isProxy(entry: string): boolean {
  const [host = '', bits, ...more] = entry.split('/');
  const family = isIP(host);
  const longest = family === 4 ? 32 : 128;
  const fits = bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= longest);
  return (
    (family > 0 && fits && more.length === 0) || ['loopback', 'linklocal', 'uniquelocal'].includes(entry)
  );
}

function notEmpty(given: string): string {
  if (given === '') throw new ValueError('BAD_FORMAT', 'must not be empty');
  return given;
}

function parts(given: string): readonly string[] {
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
