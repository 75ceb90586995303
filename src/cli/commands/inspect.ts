// reveille inspect: captures and octets in any form, every layer and field explained.
import { Command, Option } from 'commander';
import type { VerifyKey } from '../../codec/notification/index.ts';
import { joinBytes, ReveilleError } from '../../core/index.ts';
import { type FamilyName, families, familyNames } from '../../families/index.ts';
import {
  areSegments,
  CaptureReader,
  type CaptureSecrets,
  compareFindings,
  explainedError,
  findingsOf,
  type InputForm,
  type InspectOptions,
  inputForms,
  inspectCaptured,
  isMessage,
  type LayerName,
  layerNames,
  readPasted,
  takeApart,
} from '../../inspect/index.ts';
import { styleFor } from '../decode/table.ts';
import { type CaptureSecretOptions, readCaptureSecrets } from '../inspect/capture-secrets.ts';
import { explainCapture } from '../inspect/explain-capture.ts';
import { openInput } from '../inspect/inspect-input.ts';
import {
  InspectOutput,
  type InspectView,
  isChosen,
  readNames,
  type Shown,
} from '../inspect/inspect-output.ts';
import { renderDifferences } from '../inspect/inspect-text.ts';
import { readInteger, readNonce, repeated } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { readSecret } from '../io/secret-file.ts';
import { readContentType } from './decode.ts';

interface Options extends CaptureSecretOptions {
  readonly as: LayerName;
  readonly input?: InputForm;
  readonly contentType?: string;
  readonly secretFile?: string;
  readonly askSecret?: boolean;
  readonly nonce?: string;
  readonly only?: readonly string[];
  readonly frame?: string;
  readonly full?: boolean;
  readonly family?: FamilyName;
  readonly compare?: string;
  readonly json?: boolean;
}

interface HowToRead {
  readonly how: InspectOptions;
  readonly secrets: CaptureSecrets;
}

/** The `inspect` command. */
export function inspectCommand(io: Io): Command {
  return new Command('inspect')
    .summary('explain captures and octets, every layer and field')
    .description(
      'Reads a capture (pcap or pcapng: Ethernet, Linux cooked, loopback, raw IP; fragments and streams are put together) and ' +
        'says of each message what it is; or octets in any form that `reveille decode` reads, as a tree of layers and fields.',
    )
    .argument('[FILE]', 'a capture, or octets in any form; "-" or nothing reads standard input', '-')
    .addOption(
      new Option('--as <layer>', 'outermost layer of octets that are no capture')
        .choices([...layerNames])
        .default('auto'),
    )
    .addOption(
      new Option('--input <form>', 'form of octets that are no capture; found out when left out').choices([
        ...inputForms,
      ]),
    )
    .option('--content-type <type>', 'content type of a bare body: a number such as 0x58, or a MIME type')
    .option(
      '--secret-file <file>',
      "check digests with the server's secret, from a file; the environment variable REVEILLE_SECRET works too",
    )
    .option('--ask-secret', 'ask for the secret on the terminal')
    .option(
      '--wtls-secret-file <file>',
      'read WTLS in a capture with this secret: JSON with identity and secret, or a list of such',
    )
    .option('--tls-keys <file>', 'read TLS in a capture with this key log (NSS format, as SSLKEYLOGFILE)')
    .option('--nonce <base64>', 'stored nonce of the MD5 digest; the default nonce is tried after it')
    .option('--only <what>', 'only messages of this format, protocol or layer; several times', repeated)
    .option('--frame <number>', 'only messages that this frame of the capture is part of, as a tree')
    .option('--full', 'of a capture too: the tree of each message')
    .addOption(
      new Option('--family <name>', 'what a client of this family would not take, and why').choices([
        ...familyNames,
      ]),
    )
    .option('--compare <file>', 'the message of this file beside that of FILE, field by field')
    .option('--json', 'one JSON object a line for each message')
    .addHelpText(
      'after',
      `
Exit status: 0 all read, and digests hold where a secret was given; 1 otherwise, or where compared messages differ; 2 usage.

Examples:
  reveille inspect capture.pcapng
  reveille inspect capture.pcapng --frame 17 --ask-secret
  reveille inspect capture.pcap --json --only package0 | jq .message.serverId
  tcpdump -w - udp port 2948 | reveille inspect
  reveille inspect push.hex --compare other.hex`,
    )
    .action(async (file: string, options: Options) => inspect(io, file, options));
}

async function inspect(io: Io, file: string, options: Options): Promise<void> {
  const frame = options.frame === undefined ? undefined : readInteger(options.frame, '--frame', 1, 4e9);
  const family = options.family === undefined ? undefined : families[options.family];
  const view: InspectView = {
    json: options.json === true,
    only: readNames(options.only ?? []),
    ...(frame === undefined ? {} : { frame }),
    full: options.full === true,
    ...(family === undefined ? {} : { family }),
    style: styleFor(io.colour),
  };
  const how = await readOptions(io, options);
  const secrets = await readCaptureSecrets(io, options);
  if (options.compare !== undefined) {
    await compare(io, [file, options.compare], options, { how, secrets }, view);
    return;
  }
  const output = new InspectOutput(view, io);
  const input = await openInput(io, file);
  const read =
    input.kind === 'capture' ? await explainCapture(input.chunks, { output, view, how, secrets }) : undefined;
  const damage = read?.error;
  if (input.kind === 'pasted') {
    if (frame !== undefined) throw new UsageError(`--frame is for captures, and ${file} is none`);
    for (const shown of pastedMessages(input.octets, options, how)) await output.pasted(shown);
  }
  if (damage !== undefined) {
    output.fail();
    if (view.json) await output.line(JSON.stringify({ error: explainedError(damage) }));
  }
  await output.end();
  if (damage !== undefined) io.stderr(`reveille: the capture is read up to here: ${damage.message}\n`);
  if (frame !== undefined && read !== undefined && frame > read.frames) {
    io.stderr(`reveille: there is no frame ${frame}: the capture has ${read.frames}\n`);
    throw new AlreadyReported();
  }
  if (frame !== undefined && output.count === 0) {
    const chosen = view.only.length === 0 ? '' : ' that --only chooses';
    io.stderr(`reveille: frame ${frame} is part of no message${chosen}\n`);
  }
  if (output.failed) throw new AlreadyReported();
}

function* pastedMessages(octets: Uint8Array, options: Options, how: InspectOptions): Generator<Shown> {
  const whole = { ...how, as: options.as };
  const rules = {
    isMessage: (parts: readonly Uint8Array[]) => isMessage(parts, whole),
    areSegments: (parts: readonly Uint8Array[]) => areSegments(parts, options.as),
    oneEach: options.input === 'lines',
  };
  const messages = readPasted(octets, options.input, rules);
  if (messages.length === 0) throw new UsageError('the input is empty: a capture or octets were expected');
  for (const pasted of messages) {
    const findings = findingsOf(pasted);
    const parts = 'parts' in pasted ? pasted.parts : [];
    let error = 'error' in pasted ? pasted.error : undefined;
    try {
      if (parts.length > 0) takeApart(parts, whole, findings);
      error ??= findings.refusal;
    } catch (cause) {
      if (!(cause instanceof ReveilleError)) throw cause;
      error = cause;
    }
    yield { findings, error, parts };
  }
}

async function compare(
  io: Io,
  files: readonly [string, string],
  options: Options,
  how: HowToRead,
  view: InspectView,
): Promise<void> {
  const [first, second] = [
    await theMessage(io, files[0], options, how, view),
    await theMessage(io, files[1], options, how, view),
  ];
  for (const [index, { error, findings }] of [first, second].entries()) {
    if (error !== undefined && error !== findings.refusal)
      io.stderr(`reveille: ${files[index]} is compared as far as it is read: ${error.message}\n`);
  }
  const differences = compareFindings(first.findings, second.findings, [
    joinBytes(first.parts),
    joinBytes(second.parts),
  ]);
  io.stdout(view.json ? `${JSON.stringify({ differences })}\n` : renderDifferences(differences, view.style));
  if (differences.length > 0) throw new AlreadyReported();
}

/** The first message of a file that is chosen. */
async function theMessage(
  io: Io,
  file: string,
  options: Options,
  { how, secrets }: HowToRead,
  { frame, only }: InspectView,
): Promise<Shown> {
  const input = await openInput(io, file);
  if (input.kind === 'pasted') {
    const all = [...pastedMessages(input.octets, options, how)];
    // What could not be read as octets is no message that is like another one.
    const unread = all.find(({ parts }) => parts.length === 0)?.error;
    if (unread !== undefined) throw new UsageError(`${file} holds no message to compare: ${unread.message}`);
    const [shown, other] = all.filter(({ findings }) => isChosen(only, findings, ''));
    if (other !== undefined) io.stderr(`reveille: ${file} holds several messages: the first is compared\n`);
    if (shown !== undefined) return shown;
  } else {
    const reader = new CaptureReader(secrets);
    const chosen = (message: Parameters<typeof inspectCaptured>[0]): Shown | undefined => {
      if (frame === undefined ? message.form.kind === 'note' : !message.frames.includes(frame))
        return undefined;
      const { findings, error } = inspectCaptured(message, how);
      const named = isChosen(only, findings, message.protocol);
      return named ? { findings, error, parts: [message.octets] } : undefined;
    };
    for await (const chunk of input.chunks) {
      for (const message of reader.feed(chunk)) {
        const found = chosen(message);
        if (found !== undefined) return found;
      }
    }
    const { messages, summary } = reader.end();
    for (const message of messages) {
      const found = chosen(message);
      if (found !== undefined) return found;
    }
    if (summary.error !== undefined) throw summary.error;
  }
  throw new UsageError(`${file} holds no message to compare`);
}

async function readOptions(io: Io, options: Options): Promise<InspectOptions> {
  const secret = await givenSecret(io, options);
  if (secret === undefined && options.nonce !== undefined) {
    throw new UsageError(
      '--nonce needs a secret',
      'Give --secret-file, --ask-secret or REVEILLE_SECRET as well.',
    );
  }
  const nonce = options.nonce === undefined ? undefined : readNonce(options.nonce);
  const key: VerifyKey | undefined =
    secret === undefined ? undefined : { secret, ...(nonce === undefined ? {} : { nonce }) };
  return {
    ...(key === undefined ? {} : { key }),
    ...(options.contentType === undefined ? {} : { contentType: readContentType(options.contentType) }),
  };
}

async function givenSecret(io: Io, { askSecret, secretFile }: Options): Promise<string | undefined> {
  if (askSecret !== true) return await readSecret(io, secretFile === undefined ? {} : { secretFile });
  if (secretFile !== undefined) throw new UsageError('--ask-secret and --secret-file exclude each other');
  if (io.askHidden === undefined) {
    throw new UsageError('--ask-secret needs a terminal', 'Give --secret-file or REVEILLE_SECRET.');
  }
  return await io.askHidden('secret: ');
}
