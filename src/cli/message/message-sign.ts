// reveille message sign: encrypts parts of a DM message where asked for, and signs it.
import { Command, Option } from 'commander';
import type { DmCommand } from '../../codec/syncml/index.ts';
import { messageIn } from '../../inspect/index.ts';
import {
  type ContentAlgorithm,
  type MessageEncryption,
  type SignatureAlgorithm,
  sealMessage,
} from '../../security/index.ts';
import { repeated } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import {
  algorithmChoices,
  type EncryptionKeyOptions,
  readEncryptionKey,
  readSigningKey,
  type SignatureKeyOptions,
  sharedKeyHelp,
} from './message-keys.ts';
import { addOutputOptions, type OutputOptions, requireOneOutput, writeMessageOut } from './message-output.ts';
import { hasSignature, readMessageSource, writtenVersion } from './message-source.ts';

interface SignOptions extends SignatureKeyOptions, EncryptionKeyOptions, OutputOptions {
  readonly keyName?: string;
  readonly encrypt?: readonly string[];
  readonly contentEncryption?: ContentAlgorithm;
  readonly recipientKeyName?: string;
  readonly spelling: 'plain' | 'compact' | 'opaque';
}

/** The `message sign` command. */
export function messageSignCommand(io: Io): Command {
  const command = new Command('sign')
    .summary('sign a DM message, and encrypt parts of it')
    .description(
      'Signs a DM message (XML or WBXML, as octets or in hex) with an XML-Signature over all of it, as devices take it ' +
        'without a session (docs/signed-messages.md), and prints it as WBXML in hex. What --encrypt names is encrypted ' +
        'first.',
    )
    .argument('[FILE]', 'the message; "-" or nothing reads standard input')
    .option(
      '--key <file>',
      "the server's private key, PEM: RSA of at least 2048 bits, or ECDSA on P-256, P-384, P-521",
    )
    .option('--hmac-key-file <file>', 'a shared key for HMAC-SHA256')
    .addOption(
      new Option('--algorithm <name>', 'default: that of the key, with SHA-256').choices(algorithmChoices),
    )
    .option('--key-name <text>', 'KeyName, a hint for devices with several keys')
    .option('--encrypt <what>', '"body", or the target URI of items; repeatable', repeated)
    .option('--recipient-key <file>', "the device's RSA public key or certificate, PEM: encrypt to it")
    .option('--wrap-key-file <file>', 'a shared AES key of 16, 24 or 32 octets: encrypt under it')
    .addOption(
      new Option('--content-encryption <name>', 'default: aes128-gcm').choices(['aes128-gcm', 'aes256-gcm']),
    )
    .addOption(
      new Option('--key-transport <name>', 'with --recipient-key; default: rsa-oaep-mgf1p').choices([
        'rsa-oaep-mgf1p',
        'rsa-oaep-sha256',
      ]),
    )
    .option('--recipient-key-name <text>', "KeyName of the device's key, a hint")
    .addOption(
      new Option('--spelling <name>', 'how short the WBXML is written; opaque only for devices that read it')
        .choices(['plain', 'compact', 'opaque'])
        .default('compact'),
    );
  return addOutputOptions(command, 'that of the message, else 1.2')
    .addHelpText(
      'after',
      `
${sharedKeyHelp}
The SHA-1 algorithms are for old devices only.

Examples:
  reveille message sign message.xml --key server.pem --out signed.wbxml
  reveille message sign message.wbxml --hmac-key-file secret.txt --encrypt ./Vendor/Secret --recipient-key device.pem
  reveille message sign message.wbxml --key server.pem | reveille send wap:192.0.2.7 --dm-message -
  reveille message sign message.wbxml --key server.pem --xml --out signed.xml
  xmlsec1 --verify --pubkey-pem server.pub signed.xml`,
    )
    .action(async (file: string | undefined, options: SignOptions) => sign(io, file ?? '-', options));
}

async function sign(io: Io, file: string, options: SignOptions): Promise<void> {
  requireOneOutput(options);
  const key = await readSigningKey(io, options);
  const encryptTo = await readEncryptionKey(io, options);
  const source = await readMessageSource(io, file);
  if (hasSignature(source.root)) {
    throw new UsageError(
      'the message is signed already',
      'Sign the message that it was made of; reveille message verify checks this one.',
    );
  }
  const message = messageIn(source);
  const encrypt = encryption(encryptTo, options, message.commands);
  const version = options.wbxml ?? writtenVersion(source.wbxmlVersion) ?? '1.2';
  const { octets } = sealMessage(message, key, {
    wbxml: { version },
    spelling: options.spelling,
    allowSha1: isSha1(options.algorithm),
    ...(options.keyName !== undefined && { keyName: options.keyName }),
    ...(encrypt !== undefined && { encrypt }),
  });
  await writeMessageOut(io, octets, options);
}

/** Naming a SHA-1 algorithm switches it on. */
function isSha1(algorithm: SignatureAlgorithm | undefined): boolean {
  return algorithm?.endsWith('-sha1') === true;
}

function encryption(
  key: MessageEncryption['key'] | undefined,
  options: SignOptions,
  commands: readonly DmCommand[],
): MessageEncryption | undefined {
  const { encrypt = [], contentEncryption: content, recipientKeyName: keyName } = options;
  if (key === undefined || encrypt.length === 0) {
    if (key !== undefined)
      throw new UsageError('nothing to encrypt', 'Say what: --encrypt body, or --encrypt URI.');
    if (encrypt.length > 0 || content !== undefined || keyName !== undefined) {
      throw new UsageError('no key to encrypt to', 'Give --recipient-key FILE.pem or --wrap-key-file FILE.');
    }
    return undefined;
  }
  const how = {
    key,
    ...(content !== undefined && { content }),
    ...(keyName !== undefined && { keyName }),
  };
  if (encrypt.includes('body')) {
    if (encrypt.length > 1) throw new UsageError('--encrypt body has everything in it already');
    return { ...how, parts: 'body' };
  }
  const present = targetsOf(commands);
  const missing = encrypt.find((uri) => !present.includes(uri));
  if (missing !== undefined) {
    const known = present.length === 0 ? 'no item has one' : `there are: ${present.join(', ')}`;
    throw new UsageError(`--encrypt ${missing}: no item has this target`, `In the message ${known}.`);
  }
  return { ...how, parts: ({ target }) => target !== undefined && encrypt.includes(target) };
}

/** Targets of all items, also inside groups. */
function targetsOf(commands: readonly DmCommand[]): readonly string[] {
  return commands.flatMap((command) => {
    if ('commands' in command) return targetsOf(command.commands);
    if (!('items' in command)) return [];
    return command.items.flatMap(({ target }) => (target === undefined ? [] : [target.uri]));
  });
}
