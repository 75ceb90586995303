// reveille decode: hex in; an annotated table, or one JSON object a line.
import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { VerifyKey } from '../../codec/notification/index.ts';
import { contentTypeNames } from '../../codec/wsp/index.ts';
import { hexToBytes, ReveilleError, ValueError } from '../../core/index.ts';
import { renderJson, renderJsonError } from '../decoded-json.ts';
import { renderFindings } from '../decoded-text.ts';
import { readInput, readLines, readNonce } from '../input.ts';
import { AlreadyReported, type Io, UsageError } from '../io.ts';
import { type Findings, type LayerName, noFindings, type TakeApartOptions, takeApart } from '../layers.ts';
import { readSecret, type SecretOptions } from '../secret-file.ts';
import { styleFor } from '../table.ts';

interface DecodeOptions extends SecretOptions {
  readonly nonce?: string;
  readonly as: LayerName;
  readonly contentType?: string;
  readonly json?: boolean;
}

/** The `decode` command. */
export function decodeCommand(io: Io): Command {
  return new Command('decode')
    .summary('explain Package #0, WSP, SMS user data or a DM message from hex')
    .description(
      'Takes hex apart and explains every field. Hex comes as arguments, or one message a line from FILE or standard ' +
        'input. Several arguments are one message, unless each is long enough to be a message by itself (24 octets). ' +
        'The segments of one SMS stand on one line, separated by spaces.',
    )
    .argument('[HEX_OR_FILE...]', 'hex digits, or a file; "-" or nothing reads standard input')
    .addOption(
      new Option('--as <layer>', 'outermost layer of the octets')
        .choices(['auto', 'package0', 'wsp', 'sms', 'message'])
        .default('auto'),
    )
    .option('--content-type <type>', 'content type of a bare body: a number such as 0x58, or a MIME type')
    .option('--secret <text>', "the server's secret: check the digest")
    .option(
      '--secret-file <file>',
      'read the secret from a file; the environment variable REVEILLE_SECRET works too',
    )
    .option('--nonce <base64>', 'stored nonce of the MD5 digest; the default nonce is tried after it')
    .option('--json', 'one JSON object a line instead of the table')
    .addHelpText(
      'after',
      `
Exit status: 0 all decoded, and their digests hold where a secret was given; 1 otherwise; 2 usage.

Examples:
  reveille decode 0605040b84c002010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765 --secret secret
  reveille decode capture.hex --json | jq .message.serverId
  reveille encode push.json --secret s --as wsp | reveille decode --secret s`,
    )
    .action(async (given: string[], options: DecodeOptions) => decode(io, given, options));
}

async function decode(io: Io, given: readonly string[], options: DecodeOptions): Promise<void> {
  const takeApartOptions = await readOptions(io, options);
  const style = styleFor(io.colour);
  let failed = false;
  let count = 0;
  for await (const line of messagesOf(io, given)) {
    const findings = noFindings();
    let error: ReveilleError | undefined;
    try {
      takeApart(typeof line === 'string' ? partsOf(line, options.as) : [line], takeApartOptions, findings);
    } catch (cause) {
      if (!(cause instanceof ReveilleError)) throw cause;
      error = cause;
    }
    if (error !== undefined || digestFails(findings)) failed = true;
    if (options.json === true) {
      io.stdout(`${error === undefined ? renderJson(findings) : renderJsonError(error)}\n`);
    } else {
      if (count > 0) io.stdout('\n');
      io.stdout(renderFindings(findings, error, style));
    }
    count += 1;
  }
  if (count === 0 && options.json !== true) {
    throw new ValueError('BAD_FORMAT', 'the input is empty: hex was expected');
  }
  if (failed) throw new AlreadyReported();
}

async function readOptions(io: Io, options: DecodeOptions): Promise<TakeApartOptions> {
  const secret = await readSecret(io, options);
  if (secret === undefined && options.nonce !== undefined) {
    throw new UsageError(
      '--nonce needs a secret',
      'Give --secret, --secret-file or REVEILLE_SECRET as well.',
    );
  }
  const nonce = options.nonce === undefined ? undefined : readNonce(options.nonce);
  const key: VerifyKey | undefined =
    secret === undefined ? undefined : { secret, ...(nonce === undefined ? {} : { nonce }) };
  return {
    as: options.as,
    ...(key === undefined ? {} : { key }),
    ...(options.contentType === undefined ? {} : { contentType: readContentType(options.contentType) }),
  };
}

function readContentType(text: string): { code?: number; mime?: string } {
  if (text.includes('/')) return { mime: text };
  const code = /^(0x[0-9a-fA-F]{1,4}|[0-9]{1,5})$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(code)) {
    throw new UsageError(
      `--content-type ${text}: neither a number nor a MIME type`,
      'For example 0x44, 0x58 or application/vnd.syncml.dm.notification.',
    );
  }
  const mime = contentTypeNames.get(code);
  return mime === undefined ? { code } : { code, mime };
}

/** Messages in order: lines of hex, or the octets of a binary file. */
async function* messagesOf(io: Io, given: readonly string[]): AsyncGenerator<string | Uint8Array> {
  const [first] = given;
  if (first === undefined || (first === '-' && given.length === 1)) {
    if (first === undefined && io.stdinIsTerminal) {
      throw new UsageError('no hex given and nothing on standard input', 'See: reveille decode --help');
    }
    yield* readLines(io);
    return;
  }
  if (given.length === 1 && (await isFile(first))) {
    const text = await readInput(io, first);
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    yield* lines.map((line) => line.replace(/\r$/, ''));
    return;
  }
  for (const text of given) {
    if (!/^(0[xX])?[0-9a-fA-F\s:-]*$/.test(text)) {
      throw new UsageError(`"${shorten(text)}" is neither hex nor a file`, 'See: reveille decode --help');
    }
  }
  // Segments of one SMS, as `encode --as sms` prints them: each starts with a header that has a concatenation element.
  if (given.length > 1 && given.every((text) => /^0[bc](00|08)0[34]/i.test(text))) {
    yield given.join(' ');
    return;
  }
  const wholeMessages = given.every((text) => text.length >= 48);
  yield* wholeMessages ? given : [given.join(' ')];
}

/** One line as its parts: SMS segments separated by spaces are several, spaces between octets mean nothing. */
function partsOf(line: string, as: LayerName): Uint8Array[] {
  if (line.trim() === '') throw new ValueError('BAD_FORMAT', 'empty line: hex was expected');
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^0x/i, ''));
  const looksSegmented =
    words.length > 1 && words.every((word) => word.length >= 14 && word.length % 2 === 0);
  if (looksSegmented && (as === 'sms' || as === 'auto')) {
    const parts = words.map((word) => hexToBytes(word));
    // Every segment starts with its own user data header: length, then a concatenation element somewhere in it.
    if (parts.every((part) => (part[0] ?? 0) >= 5 && (part[0] ?? 0) < part.length && (part[0] ?? 0) < 64))
      return parts;
  }
  return [hexToBytes(words.join(' '))];
}

function digestFails(findings: Findings): boolean {
  return findings.payload?.kind === 'notification' && findings.payload.nonce === null;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
