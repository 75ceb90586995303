// reveille decode: octets in any form that people paste; an annotated table, or one JSON object a line.
import { Command, Option } from 'commander';
import type { VerifyKey } from '../../codec/notification/index.ts';
import { contentTypeNames } from '../../codec/wsp/index.ts';
import { ReveilleError, ValueError } from '../../core/index.ts';
import {
  areSegments,
  type Findings,
  findingsOf,
  type InputForm,
  inputForms,
  isMessage,
  type LayerName,
  layerNames,
  type TakeApartOptions,
  takeApart,
} from '../../inspect/index.ts';
import { messagesOf } from '../decode/decode-input.ts';
import { renderJson } from '../decode/decoded-json.ts';
import { renderFindings } from '../decode/decoded-text.ts';
import type { Protection } from '../decode/protection.ts';
import { styleFor } from '../decode/table.ts';
import { readNonce } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { readSecret, type SecretOptions } from '../io/secret-file.ts';

interface DecodeOptions extends SecretOptions {
  readonly nonce?: string;
  readonly as: LayerName;
  readonly input?: InputForm;
  readonly contentType?: string;
  readonly json?: boolean;
}

/** The `decode` command. */
export function decodeCommand(io: Io): Command {
  return new Command('decode')
    .summary('explain Package #0, pushes, short messages, DM messages and what carries them')
    .description(
      'Takes octets apart and explains every field. Hex comes as arguments, or one message a line from FILE or standard ' +
        'input. Several arguments are one message, unless each is long enough to be a message by itself (24 octets). ' +
        'The segments of one SMS stand on one line, separated by spaces. Dumps (hexdump -C, xxd, od -t x1, Wireshark), ' +
        'lists and arrays (0x06, 0x05), strings (\\x06\\x05), Base64 and octets as they are are read too.',
    )
    .argument('[HEX_OR_FILE...]', 'octets in any form, or a file; "-" or nothing reads standard input')
    .addOption(
      new Option('--as <layer>', 'outermost layer of the octets').choices([...layerNames]).default('auto'),
    )
    .addOption(
      new Option('--input <form>', 'form that the octets are in; found out when left out').choices([
        ...inputForms,
      ]),
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
  xxd push.bin | reveille decode
  reveille decode --as tpdu 07919471227210f1440b919471214365f700f5...
  reveille encode push.json --secret s --as wsp | reveille decode --secret s`,
    )
    .action(async (given: string[], options: DecodeOptions) => decode(io, given, options));
}

async function decode(io: Io, given: readonly string[], options: DecodeOptions): Promise<void> {
  const takeApartOptions = await readOptions(io, options);
  const style = styleFor(io.colour);
  let failed = false;
  let count = 0;
  const rules = {
    isMessage: (parts: readonly Uint8Array[]) => isMessage(parts, takeApartOptions),
    areSegments: (parts: readonly Uint8Array[]) => areSegments(parts, options.as),
    oneEach: options.input === 'lines',
  };
  for await (const pasted of messagesOf(io, given, options.input, rules)) {
    const findings = findingsOf(pasted);
    let error = 'error' in pasted ? pasted.error : undefined;
    try {
      if ('parts' in pasted) takeApart(pasted.parts, takeApartOptions, findings);
      error ??= findings.refusal;
    } catch (cause) {
      if (!(cause instanceof ReveilleError)) throw cause;
      error = cause;
    }
    if (error !== undefined || digestFails(findings)) failed = true;
    const protection = await readProtection(findings);
    if (options.json === true) {
      io.stdout(`${renderJson(findings, error, protection)}\n`);
    } else {
      if (count > 0) io.stdout('\n');
      io.stdout(renderFindings(findings, error, style, protection));
    }
    count += 1;
  }
  if (count === 0 && options.json !== true) {
    throw new ValueError('BAD_FORMAT', 'the input is empty: hex or another form of octets was expected');
  }
  if (failed) throw new AlreadyReported();
}

async function readProtection({ payload }: Findings): Promise<Protection | undefined> {
  if (payload?.kind !== 'message') return undefined;
  return (await import('../decode/protection.ts')).protectionOf(payload);
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

/** A content type as it is given on the command line. @throws {UsageError} */
export function readContentType(text: string): { code?: number; mime?: string } {
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

function digestFails(findings: Findings): boolean {
  return findings.payload?.kind === 'notification' && findings.payload.nonce === null;
}
