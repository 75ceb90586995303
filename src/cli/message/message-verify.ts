// reveille message verify: who signed a DM message, and what it asks for.
import { Command, Option } from 'commander';
import type { DmMessage } from '../../codec/syncml/index.ts';
import { parseMessage } from '../../codec/syncml/index.ts';
import type { XmlElement } from '../../codec/xml/index.ts';
import { bytesToHex, DecodeError, printable } from '../../core/index.ts';
import {
  type DecryptionKey,
  decryptDocument,
  type EncryptedPart,
  encryptedParts,
  isRefused,
  type Refused,
  readSigned,
  refusalOfVersion,
  refused,
  type VerificationKey,
  type VerifiedMessage,
  verifySigned,
} from '../../security/index.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { readDmMessage } from './dm-message.ts';
import {
  algorithmChoices,
  readDecryptionKeys,
  readVerificationKey,
  type SignatureKeyOptions,
  sharedKeyHelp,
} from './message-keys.ts';
import { commandJson, commandLines, headerJson, headerLines } from './message-lines.ts';
import { refusalAdvice } from './refusal-advice.ts';

interface VerifyCommandOptions extends SignatureKeyOptions {
  readonly decryptKey?: string;
  readonly wrapKeyFile?: string;
  readonly serverId?: string;
  readonly deviceId?: string;
  readonly json?: boolean;
}

/** The `message verify` command. */
export function messageVerifyCommand(io: Io): Command {
  return new Command('verify')
    .summary('check the signature of a DM message')
    .description(
      'Checks a signed DM message (WBXML or XML, as octets or in hex) as a device does, and prints sender, target, ' +
        'algorithm, digest and commands. Devices take WBXML only. Whether a device processed the message before, only the ' +
        'device knows.',
    )
    .argument('[FILE]', 'the message; "-" or nothing reads standard input')
    .option('--key <file>', "the server's public key or certificate, PEM")
    .option('--hmac-key-file <file>', 'the shared key of HMAC-SHA256')
    .addOption(
      new Option('--algorithm <name>', 'what the key is for; default: with SHA-256').choices(
        algorithmChoices,
      ),
    )
    .option('--decrypt-key <file>', "the device's RSA private key, PEM: open encrypted parts")
    .option('--wrap-key-file <file>', 'the shared AES key: open encrypted parts')
    .option('--server-id <id>', 'refuse a message of another server')
    .option('--device-id <id>', 'refuse a message for another device')
    .option('--json', 'print one line of JSON, also for a refusal')
    .addHelpText(
      'after',
      `
${sharedKeyHelp}

Exit status: 0 the signature holds; 1 refused, with the reason (docs/signed-messages.md) and what to do; 2 usage.

Examples:
  reveille message verify message.wbxml --key server.pub
  reveille message verify message.wbxml --hmac-key-file secret.txt --decrypt-key device.pem --json`,
    )
    .action(async (file: string | undefined, options: VerifyCommandOptions) =>
      verify(io, file ?? '-', options),
    );
}

async function verify(io: Io, file: string, options: VerifyCommandOptions): Promise<void> {
  const key = await readVerificationKey(io, options);
  const decryptionKeys = await readDecryptionKeys(io, options);
  const { body, form } = await readDmMessage(io, file);
  const signed = readSigned(body, { form });
  const result = isRefused(signed) ? signed : checked(signed, key, decryptionKeys, options);
  if (!isRefused(result)) {
    io.stdout(options.json === true ? `${JSON.stringify(json(result))}\n` : `${lines(result).join('\n')}\n`);
    return;
  }
  const { reason, detail, serverId } = result;
  const advice = refusalAdvice(reason);
  if (options.json === true) {
    io.stdout(
      `${JSON.stringify({ verdict: 'refused', reason, detail, advice, claimedServerId: serverId ?? null })}\n`,
    );
  } else {
    const sender = serverId === undefined ? '' : ` (it claims to be from ${printable(serverId)})`;
    io.stderr(`reveille: refused, ${reason}: ${printable(detail)}${sender}. ${advice}\n`);
  }
  throw new AlreadyReported();
}

interface Checked {
  readonly verified: VerifiedMessage;
  readonly message: DmMessage;
  /** Encrypted parts that stay closed, because no key was given. */
  readonly closed: readonly EncryptedPart[];
  readonly opened: number;
}

/** In the order of `openMessage`; encrypted parts stay closed when there is no key for them. */
function checked(
  signed: Exclude<ReturnType<typeof readSigned>, Refused>,
  key: VerificationKey,
  decryptionKeys: readonly DecryptionKey[],
  { serverId, deviceId, algorithm }: VerifyCommandOptions,
): Checked | Refused {
  const from = { serverId: signed.serverId };
  if (serverId !== undefined && serverId !== signed.serverId) {
    return { ...refused('unknown-server', 'the message is from another server'), ...from };
  }
  const verified = verifySigned(signed, [key], { allowSha1: algorithm?.endsWith('-sha1') === true });
  if (isRefused(verified)) return verified;
  const outer = parsed(verified.root, signed.serverId);
  if (isRefused(outer)) return outer;
  if (deviceId !== undefined && outer.header.target.uri !== deviceId) {
    return { ...refused('other-device'), ...from };
  }
  const parts = encryptedParts(verified.root);
  if (decryptionKeys.length === 0) return { verified, message: outer, closed: parts, opened: 0 };
  const root = decryptDocument(verified.root, decryptionKeys);
  if (isRefused(root)) return { ...root, ...from };
  const message = parsed(root, signed.serverId);
  return isRefused(message) ? message : { verified, message, closed: [], opened: parts.length };
}

function parsed(root: XmlElement, serverId: string): DmMessage | Refused {
  try {
    // The signed text is XML: in it, octets are Base64.
    const message = parseMessage(root, { form: 'xml', strictCommands: true });
    const refusal = refusalOfVersion(message);
    return refusal === undefined ? message : { ...refusal, serverId };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { ...refused('malformed-message', error.message), serverId };
  }
}

function json({ verified, message, closed, opened }: Checked): object {
  return {
    verdict: 'verified',
    ...headerJson(message),
    algorithm: verified.algorithm,
    contentDigest: bytesToHex(verified.contentDigest),
    encrypted: { opened, closed },
    commands: message.commands.map(commandJson),
  };
}

function lines({ verified, message, closed, opened }: Checked): readonly string[] {
  const encrypted =
    closed.length > 0
      ? [`encrypted  ${closed.length} not opened; give --decrypt-key or --wrap-key-file`]
      : opened > 0
        ? [`encrypted  ${opened} opened`]
        : [];
  return [
    'The signature holds.',
    ...headerLines(message),
    `algorithm  ${verified.algorithm}`,
    `digest     ${bytesToHex(verified.contentDigest)} (SHA-256 of what was signed)`,
    ...encrypted,
    'commands',
    ...commandLines(message.commands),
  ];
}
