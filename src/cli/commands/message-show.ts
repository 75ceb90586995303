// reveille message show: what a DM message says, and how it is protected. Nothing is verified.
import { createHash } from 'node:crypto';
import { Command } from 'commander';
import type { MessageForm } from '../../codec/syncml/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { bytesToHex, equalConstantTime, utf8ToBytes } from '../../core/index.ts';
import { printable } from '../../device/index.ts';
import {
  type EncryptedPart,
  encryptedParts,
  isRefused,
  readSigned,
  type SignatureAlgorithm,
  signatureKeyName,
} from '../../security/index.ts';
import { type Io, UsageError } from '../io.ts';
import { commandJson, commandLines, headerJson, headerLines } from '../message-lines.ts';
import { hasSignature, type MessageSource, messageOrReason, readMessageSource } from '../message-source.ts';
import { refusalAdvice } from '../refusal-advice.ts';

interface ShowOptions {
  readonly json?: boolean;
  readonly xml?: boolean;
}

/** The `message show` command. */
export function messageShowCommand(io: Io): Command {
  return new Command('show')
    .summary('explain a DM message, its signature and its encrypted parts')
    .description(
      'Prints what a DM message (WBXML or XML, as octets or in hex) says, how it is signed and encrypted, and what it ' +
        'would take to verify it. Nothing is verified, so anybody may have written it: see reveille message verify. ' +
        'reveille decode shows the octets.',
    )
    .argument('[FILE]', 'the message; "-" or nothing reads standard input')
    .option('--xml', 'print the message as XML, as its signature is over it')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
Examples:
  reveille message show message.wbxml
  reveille message show message.wbxml --xml > signed.xml && xmlsec1 --verify --pubkey-pem server.pub signed.xml`,
    )
    .action(async (file: string | undefined, options: ShowOptions) => show(io, file ?? '-', options));
}

async function show(io: Io, file: string, options: ShowOptions): Promise<void> {
  if (options.xml === true && options.json === true) {
    throw new UsageError('--xml and --json exclude each other');
  }
  const source = await readMessageSource(io, file);
  if (options.xml === true) io.stdout(`${writeXml(source.root)}\n`);
  else if (options.json === true) io.stdout(`${JSON.stringify(json(source))}\n`);
  else io.stdout(`${lines(source).join('\n')}\n`);
}

/** What is known of the signature without a key. */
type SignatureFacts =
  | {
      readonly state: 'readable';
      readonly algorithm: SignatureAlgorithm;
      readonly digestAlgorithm: string;
      readonly digest: string;
      /** Whether the message is still the text that was signed. Says nothing of who signed it. */
      readonly digestHolds: boolean;
      readonly keyName: string | null;
      /** What would verify it. */
      readonly verifyWith: string;
    }
  | { readonly state: 'refused'; readonly reason: string; readonly detail: string; readonly advice: string }
  | { readonly state: 'absent' };

function signatureFacts({ root, body, form }: MessageSource): SignatureFacts {
  if (!hasSignature(root)) return { state: 'absent' };
  const signed = readSigned(body, { form });
  if (isRefused(signed)) {
    const { reason, detail } = signed;
    return { state: 'refused', reason, detail, advice: refusalAdvice(reason) };
  }
  const { algorithm, digestAlgorithm, digest } = signed.signature;
  const actual = createHash(digestAlgorithm).update(utf8ToBytes(signed.content)).digest();
  return {
    state: 'readable',
    algorithm,
    digestAlgorithm,
    digest: bytesToHex(digest),
    digestHolds: equalConstantTime(new Uint8Array(actual), digest),
    keyName: signatureKeyName(root) ?? null,
    verifyWith: verifyWith(algorithm),
  };
}

function verifyWith(algorithm: SignatureAlgorithm): string {
  const old = algorithm.endsWith('-sha1') ? ` --algorithm ${algorithm}` : '';
  if (algorithm.startsWith('hmac')) {
    return `the key that both ends have: reveille message verify --hmac-key-file FILE${old}`;
  }
  const kind = algorithm.startsWith('rsa') ? 'RSA' : 'ECDSA';
  return `the server's ${kind} public key: reveille message verify --key FILE.pem${old}`;
}

/** How the octets are encoded. */
function encoding(form: MessageForm, version: string | undefined, length: number): string {
  return `${form === 'xml' ? 'XML' : `WBXML ${version ?? ''}`}, ${length} octets`;
}

function json(source: MessageSource): object {
  const message = messageOrReason(source);
  return {
    form: source.form,
    ...(source.wbxmlVersion !== undefined && { wbxmlVersion: source.wbxmlVersion }),
    octets: source.body.length,
    ...(typeof message === 'string' ? { problem: message } : headerJson(message)),
    signature: signatureFacts(source),
    encrypted: encryptedParts(source.root),
    ...(typeof message !== 'string' && { commands: message.commands.map(commandJson) }),
  };
}

function lines(source: MessageSource): readonly string[] {
  const message = messageOrReason(source);
  const parts = encryptedParts(source.root);
  return [
    `DM message (${encoding(source.form, source.wbxmlVersion, source.body.length)})`,
    ...(typeof message === 'string' ? [`problem    ${printable(message)}`] : headerLines(message)),
    ...signatureLines(signatureFacts(source)),
    ...(parts.length === 0 ? ['encrypted  nothing'] : parts.map(partLine)),
    ...(typeof message === 'string' ? [] : ['commands', ...commandLines(message.commands)]),
  ];
}

function signatureLines(facts: SignatureFacts): readonly string[] {
  if (facts.state === 'absent')
    return ['signature  none: devices refuse it; sign it with reveille message sign'];
  if (facts.state === 'refused') {
    return [
      `signature  refused by every device, ${facts.reason}: ${printable(facts.detail)}`,
      `           ${facts.advice}`,
    ];
  }
  const { algorithm, keyName, digestAlgorithm, digest, digestHolds, verifyWith: needed } = facts;
  return [
    `signature  ${algorithm}${keyName === null ? '' : `, KeyName ${printable(keyName)} (a hint)`}; not verified`,
    `digest     ${digestAlgorithm} ${digest}: ${digestHolds ? 'holds' : 'does not hold, the message was changed after it was signed'}`,
    `verify     needs ${needed}`,
  ];
}

function partLine({ cmdId, content, transport, keyName }: EncryptedPart): string {
  const hint = keyName === undefined ? '' : `, KeyName ${printable(keyName)} (a hint)`;
  return `encrypted  in command ${printable(cmdId)}: ${printable(content)}, key by ${printable(transport)}${hint}`;
}
