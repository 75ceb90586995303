// Secrets that the recorded command is given: in files that its arguments name, in its environment, in arguments. They are
// masked as such wherever they pass, besides what is found by the words around it.
import { lstat, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigFaults } from '../config/fault.ts';
import { readSourceText } from '../config/source-text.ts';
import type { KnownSecrets } from '../masks/mask-message.ts';

/** Members of a configuration whose texts nobody else may know. */
const secretMember = /(?:passw|secret|token|pin$|key$)/i;
/** Options whose value is a secret, and those whose file holds nothing else. */
const [secretOption, secretFile] = [
  /^--(?:secret|pin)$/,
  /^--[\w-]*(?:secret|token|password|account)[\w-]*-file$/,
];

/** Octets of a file at most. */
const mostOctets = 1_048_576;
/** Characters that a secret has at least: shorter ones would cover what is none. */
const shortest = 4;
/** Levels of a configuration, and secrets in all, at most. */
const [deepest, mostSecrets] = [32, 10_000];

type Environment = Readonly<Record<string, string | undefined>>;

/** What the arguments and the environment tell, in each of the spellings that messages have for it. */
export async function knownSecrets(args: readonly string[], env: Environment): Promise<KnownSecrets> {
  const found = new Set<string>();
  const add = (text: string | undefined): void => {
    if (text !== undefined && text.length >= shortest && found.size < mostSecrets) found.add(text);
  };
  add(env.REVEILLE_SECRET);
  add(env.REVEILLE_API_TOKEN);
  add(env.REVEILLE_SEAL_KEY);
  const words = args.flatMap((each) => (/^--[\w-]+=/.test(each) ? each.split(/=(.*)/s, 2) : [each]));
  for (const [index, word] of words.entries()) {
    const option = words[index - 1] ?? '';
    if (secretOption.test(option)) add(word);
    const text = await textOf(word);
    if (text === undefined) continue;
    if (secretFile.test(option)) {
      for (const line of text.split(/\s+/)) add(line);
      add(text.replace(/\r?\n$/, ''));
    } else await fromConfiguration(text, dirname(word), env, add);
  }
  const { REVEILLE_CONFIG: config = '', REVEILLE_TOKEN_FILE: tokens = '' } = env;
  await fromConfiguration((await textOf(config)) ?? '', dirname(config), env, add);
  for (const line of (await textOf(tokens))?.split(/\s+/) ?? []) add(line);
  return [...new Set([...found].flatMap(spellings))].toSorted((a, b) => b.length - a.length);
}

/** The file, `undefined` where a word names none that is worth a look. */
async function textOf(word: string): Promise<string | undefined> {
  if (word === '' || word.startsWith('-') || word.includes('\0')) return undefined;
  try {
    const found = await lstat(word);
    return found.isFile() && found.size <= mostOctets ? await readFile(word, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Of a configuration, JSON or YAML; `undefined` for what is none. */
function readValue(text: string): unknown {
  try {
    return readSourceText(text, 'configuration').value;
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    return undefined;
  }
}

async function fromConfiguration(
  text: string,
  folder: string,
  env: Environment,
  add: (text: string | undefined) => void,
): Promise<void> {
  await fromValue(readValue(text), '', 0);

  async function fromValue(member: unknown, name: string, depth: number): Promise<void> {
    if (depth > deepest) return;
    if (typeof member === 'string') {
      if (name === 'tokenFile') {
        for (const line of (await textOf(resolve(folder, member)))?.split(/\s+/) ?? []) add(line);
        return;
      }
      // A key of PEM never passes; in rules for reports, `token` is the place of one.
      const isPointer = name === 'token' && member.startsWith('/');
      if (secretMember.test(name) && !isPointer && !member.startsWith('-----BEGIN')) add(member);
      return;
    }
    if (typeof member !== 'object' || member === null) return;
    const entries = Object.entries(member);
    for (const [key, each] of entries) {
      const single = entries.length === 1 && typeof each === 'string';
      if (single && key === 'env') add(env[each]);
      else if (single && key === 'file' && secretMember.test(name)) {
        add((await textOf(resolve(folder, each)))?.replace(/\r?\n$/, ''));
      } else {
        const inherited =
          Array.isArray(member) || /^\d+$/.test(key) || name === 'account' ? `${name}.${key}` : key;
        await fromValue(each, name === 'account' ? 'account secret' : inherited, depth + 1);
      }
    }
  }
}

/** As it is, in Base64, in an address, in JSON. */
function spellings(secret: string): readonly string[] {
  const octets = Buffer.from(secret, 'utf8');
  return [
    octets.toString('latin1'),
    octets.toString('base64'),
    octets.toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ];
}
