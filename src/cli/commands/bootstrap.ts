// reveille bootstrap: a message that gives a device a new DM account.
import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import type { WbxmlVersion } from '../../codec/wbxml/index.ts';
import { encodePush } from '../../codec/wsp/index.ts';
import { bytesToHex, ValueError } from '../../core/index.ts';
import { newAccount, parseAccount } from '../../device/index.ts';
import { contentTypes, contentTypeText, type Push, parseAddress } from '../../push/index.ts';
import { imsiOctets } from '../../security/index.ts';
import {
  type BootstrapAccessPoint,
  type BootstrapProtection,
  composeBootstrap,
} from '../../sessionless/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { senderSections } from '../bindings/sender-shapes.ts';
import { sendOnce } from '../bindings/senders.ts';
import { readInput } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readJsonFile } from '../io/json-file.ts';
import { readSecretFile } from '../io/secret-file.ts';

interface BootstrapOptions {
  readonly profile: 'dm' | 'cp';
  readonly sec: BootstrapProtection['sec'];
  readonly pinFile?: string;
  readonly imsi?: string;
  readonly deviceId?: string;
  readonly apn?: string;
  readonly wbxml?: WbxmlVersion;
  readonly as: 'body' | 'wsp';
  readonly to?: string;
  readonly bindingConfig?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** The `bootstrap` command. */
export function bootstrapCommand(io: Io): Command {
  return new Command('bootstrap')
    .summary('make or send a message that gives a device a new DM account')
    .description(
      'FILE is one account as in the JSON of `reveille device --provision` (serverId, address, client, server, name). The ' +
        'message is printed in hex, and its content type on standard error; with --to it is sent. A device takes it only ' +
        'under its own policy (reveille device --bootstrap, docs/bootstrap.md). The MAC shows where the message comes ' +
        'from; it hides nothing: who reads the bearer reads the secrets.',
    )
    .argument('<FILE>', 'JSON of the account; "-" reads standard input')
    .addOption(
      new Option('--profile <name>', 'a DM message for the Inbox, or Client Provisioning')
        .choices(['dm', 'cp'])
        .default('dm'),
    )
    .addOption(
      new Option('--sec <name>', 'what protects it')
        .choices(['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC', 'none'])
        .default('USERPIN'),
    )
    .option('--pin-file <file>', 'file with the PIN; the environment variable REVEILLE_PIN works too')
    .option('--imsi <digits>', 'the IMSI, for NETWPIN and USERNETWPIN')
    .option('--device-id <id>', 'DevId of the device, which no other one then takes it for (profile dm)')
    .option('--apn <ID=ADDRESS>', 'also bring this access point, and prefer it')
    .addOption(new Option('--wbxml <version>', 'WBXML version').choices(['1.1', '1.2', '1.3']))
    .addOption(
      new Option('--as <form>', 'print the body, or the whole WSP push')
        .choices(['body', 'wsp'])
        .default('body'),
    )
    .option('--to <address>', 'send it there: wap:, waps:, sms:, sip:, http:, https:, obex: or pap:')
    .option('--binding-config <file>', 'as for reveille send')
    .option('--force', 'as for reveille send')
    .option('--json', 'one JSON object: the octets in hex with their content type, or what became of them')
    .addHelpText(
      'after',
      `
Examples:
  reveille bootstrap account.json --sec USERPIN --pin-file pin.txt --to wap:192.0.2.7
  reveille bootstrap account.json --profile cp --sec NETWPIN --imsi 262011234567890 --as wsp`,
    )
    .action(async (file: string, options: BootstrapOptions) => bootstrap(io, file, options));
}

async function bootstrap(io: Io, file: string, options: BootstrapOptions): Promise<void> {
  const account = await readAccount(io, file);
  const { profile, deviceId, wbxml } = options;
  if (deviceId !== undefined && profile === 'cp') {
    throw new UsageError('--device-id is for --profile dm: Client Provisioning names no device');
  }
  const accessPoint = accessPointOf(options.apn);
  const message = composeBootstrap({
    profile,
    account,
    protection: await protectionOf(io, options),
    ...(deviceId !== undefined && { deviceId }),
    ...(accessPoint !== undefined && { accessPoint }),
    ...(wbxml !== undefined && { wbxmlVersion: wbxml }),
  });
  const { parameters, body, pinForUser } = message;
  const contentType = {
    ...contentTypes[message.kind],
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
  // The PIN was given; only what the message adds to it is new.
  if (pinForUser !== undefined && options.sec === 'USERPINMAC') {
    io.stderr(`reveille: tell the user ${pinForUser}\n`);
  }
  if (options.to === undefined) {
    if (options.json !== true) io.stderr(`reveille: ${contentTypeText(contentType)}\n`);
    const applicationId = profile === 'cp' ? { applicationId: null } : {};
    const octets =
      options.as === 'wsp' ? encodePush({ transactionId: 1, contentType, body, ...applicationId }) : body;
    const hex = bytesToHex(octets);
    const shown = { as: options.as, contentType: contentTypeText(contentType), hex };
    io.stdout(`${options.json === true ? JSON.stringify(shown) : hex}\n`);
    return;
  }
  const push: Push = { id: randomUUID(), contentType, body };
  const sections =
    options.bindingConfig === undefined
      ? {}
      : await readConfigFile(io, options.bindingConfig, senderSections);
  const to = parseAddress(options.to);
  const receipt = await sendOnce(push, to, sections, {
    signal: io.stop,
    onWarning: (detail) => io.stderr(`reveille: ${detail}\n`),
    force: options.force,
    file: options.bindingConfig,
  });
  if (options.json === true) {
    const about = { octets: body.length, to: to.uri, contentType: contentType.mime };
    io.stdout(`${JSON.stringify({ ...receipt, ...about })}\n`);
    return;
  }
  io.stdout(`${receipt.outcome} ${body.length} octets to ${to.uri}: bootstrap of ${account.serverId}\n`);
}

async function readAccount(io: Io, file: string): Promise<ReturnType<typeof newAccount>> {
  const text = await readInput(io, file);
  const value = readJsonFile(text, file);
  try {
    return newAccount(parseAccount(value, 'account'));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, `${file}: ${error.message}`, '', undefined, { cause: error });
  }
}

async function protectionOf(io: Io, { sec, imsi, pinFile }: BootstrapOptions): Promise<BootstrapProtection> {
  if (sec === 'none') return { sec };
  const network = (): Uint8Array => {
    if (imsi === undefined) throw new UsageError(`--sec ${sec} needs --imsi`);
    return imsiOctets(imsi);
  };
  if (sec === 'NETWPIN') return { sec, network: network() };
  const pin = pinFile === undefined ? io.env.REVEILLE_PIN : (await readSecretFile(io, pinFile)).trim();
  if (pin === undefined || pin === '') {
    throw new UsageError(
      `--sec ${sec} needs a PIN`,
      'Give --pin-file or the environment variable REVEILLE_PIN.',
    );
  }
  return sec === 'USERNETWPIN' ? { sec, network: network(), pin } : { sec, pin };
}

function accessPointOf(text: string | undefined): BootstrapAccessPoint | undefined {
  if (text === undefined) return undefined;
  const [id, address, ...more] = text.split('=');
  if (id === undefined || id === '' || address === undefined || address === '' || more.length > 0) {
    throw new UsageError(`--apn ${text}: must be ID=ADDRESS, such as Internet=internet.example`);
  }
  return { id, address };
}
