// reveille encode: JSON messages in, one line of hex out for each.
import { Command, Option } from 'commander';
import {
  contentTypeOf,
  type DigestKey,
  encodeNotification,
  parseNotification,
} from '../../codec/notification/index.ts';
import { segmentDatagram } from '../../codec/sms/index.ts';
import { encodePackage0Push } from '../../codec/wsp/index.ts';
import { bytesToHex, ReveilleError } from '../../core/index.ts';
import { readInteger, readNonce } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { readJsonMessages } from '../io/json-lines.ts';
import { readSecret, type SecretOptions } from '../io/secret-file.ts';

interface EncodeOptions extends SecretOptions {
  readonly nonce: string;
  readonly as: 'package0' | 'wsp' | 'sms';
  readonly transactionId: string;
  readonly sourcePort: string;
  readonly reference: string;
  readonly json?: boolean;
}

/** The `encode` command. */
export function encodeCommand(io: Io): Command {
  return new Command('encode')
    .summary('JSON to Package #0 in hex')
    .description(
      'Reads JSON (one message, or one a line) from FILE or standard input and prints one lower-case hex line for ' +
        'each message. The fields are those of docs/command-line.md.',
    )
    .argument('[FILE]', 'file with JSON; "-" or nothing reads standard input')
    .option('--secret <text>', "the server's secret for the digest (AAuthSecret)")
    .option(
      '--secret-file <file>',
      'read the secret from a file; the environment variable REVEILLE_SECRET works too',
    )
    .option('--nonce <base64>', 'nonce for the MD5 digest of dm1.2 and dm1.3-2010', 'AAAAAA==')
    .addOption(
      new Option('--as <layer>', 'how much to wrap around the message')
        .choices(['package0', 'wsp', 'sms'])
        .default('package0'),
    )
    .option('--transaction-id <number>', 'TID of the WSP PDU, 0-255', '1')
    .option('--source-port <port>', 'originating port in the SMS user data header', '49154')
    .option('--reference <number>', 'concatenation reference of SMS segments, 0-255', '1')
    .option('--json', 'one JSON object for each message: its octets in hex, or those of each segment')
    .addHelpText(
      'after',
      `
Examples:
  echo '{"format":"dm1.2","serverId":"com.example.dm","sessionId":4660}' | reveille encode --secret s3cret
  reveille encode messages.jsonl --secret-file secret.txt --as wsp
  reveille encode push.json --secret s3cret --as sms        (segments separated by spaces)`,
    )
    .action(async (file: string | undefined, options: EncodeOptions) => encode(io, file ?? '-', options));
}

async function encode(io: Io, file: string, options: EncodeOptions): Promise<void> {
  const secret = await readSecret(io, options);
  if (secret === undefined) {
    throw new UsageError(
      'a message needs a secret for its digest',
      'Give --secret, --secret-file or the environment variable REVEILLE_SECRET.',
    );
  }
  if (file === '-' && io.stdinIsTerminal) {
    throw new UsageError('no FILE given and nothing on standard input', 'See: reveille encode --help');
  }
  const key: DigestKey = { secret, nonce: readNonce(options.nonce) };
  const wrap = wrapper(options);
  let failed = false;
  for await (const { line, value } of readJsonMessages(io, file)) {
    try {
      if (value instanceof Error) throw value;
      const parts = wrap(value, key).map(bytesToHex);
      io.stdout(`${options.json === true ? jsonOf(options.as, parts) : parts.join(' ')}\n`);
    } catch (error) {
      if (!(error instanceof ReveilleError)) throw error;
      failed = true;
      // What is no JSON names its file and place itself.
      const where = line > 0 && error !== value ? `line ${line}: ` : '';
      io.stderr(`reveille: ${where}${error.message}\n`);
    }
  }
  if (failed) throw new AlreadyReported();
}

function jsonOf(as: EncodeOptions['as'], parts: readonly string[]): string {
  return JSON.stringify(as === 'sms' ? { as, segments: parts } : { as, hex: parts[0] });
}

/** Gives the octets: those of each segment of SMS, else one piece. */
function wrapper(options: EncodeOptions): (value: unknown, key: DigestKey) => readonly Uint8Array[] {
  const transactionId = readInteger(options.transactionId, '--transaction-id', 0, 255);
  const sourcePort = readInteger(options.sourcePort, '--source-port', 0, 65535);
  const reference = readInteger(options.reference, '--reference', 0, 255);
  return (value, key) => {
    const message = parseNotification(value);
    const package0 = encodeNotification(message, key);
    if (options.as === 'package0') return [package0];
    const push = encodePackage0Push({
      transactionId,
      contentType: contentTypeOf(message.format),
      body: package0,
    });
    if (options.as === 'wsp') return [push];
    return segmentDatagram(push, { destinationPort: 2948, sourcePort, reference, referenceBits: 8 });
  };
}
