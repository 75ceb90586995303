// reveille device: a DM client that listens for notifications and opens the sessions that they ask for.
import { Command, Option } from 'commander';
import type { MessageForm } from '../../codec/syncml/index.ts';
import { systemClock, ValueError } from '../../core/index.ts';
import {
  type AcceptPolicy,
  bootstrapByPolicy,
  Device,
  EventSummary,
  openStateFile,
  type ProvisioningInput,
  parseProvisioning,
  provisionDevice,
} from '../../device/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { listenerSections } from '../bindings/listener-shapes.ts';
import { type ReceiverNews, startReceiver } from '../bindings/receivers.ts';
import { readBootstrapPolicy } from '../device/bootstrap-policy.ts';
import { followBearers, readBearers } from '../device/device-bearers.ts';
import { describeDeviceEvent, describeDeviceEvents } from '../device/device-lines.ts';
import { TerminalLines } from '../device/terminal-lines.ts';
import { terminalUser } from '../device/terminal-user.ts';
import { readInput, readInteger } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readJsonFile } from '../io/json-file.ts';
import { createLogger, logLevels } from '../io/logger.ts';
import { readTlsFiles } from '../io/tls-files.ts';

interface DeviceCommandOptions {
  readonly state: string;
  readonly provision?: string;
  readonly listen?: readonly string[];
  readonly listenerConfig?: string;
  readonly accept: AcceptPolicy;
  readonly questionTimeout: string;
  readonly bearers?: string;
  readonly bearersFile?: string;
  readonly bootstrap?: string;
  readonly form: MessageForm;
  readonly connect?: string;
  readonly clockSkew: string;
  readonly untrustedClock?: boolean;
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly json?: boolean;
  readonly logLevel: string;
}

/** The `device` command. */
export function deviceCommand(io: Io): Command {
  return new Command('device')
    .summary('run a DM client: receive notifications, open the sessions')
    .description(
      'Runs a device until it is stopped. Its whole state, secrets included, is one file. What happens is printed one ' +
        'line at a time; a notification that is not acted on is printed with the reason.',
    )
    .requiredOption('--state <file>', 'state file; created by --provision')
    .option(
      '--provision <file>',
      'JSON with the device and its DM accounts; used when the state file does not exist',
    )
    .option(
      '--listen <uri>',
      'where to receive pushes (repeatable): wap:, waps:, http:, https: or obex: with an IP address, sip:USER@DOMAIN, ' +
        'sms:NUMBER, modem:/dev/ttyUSB0 (also modem:tcp:HOST:PORT, modem:mm); default wap:[::]:2948',
      (uri: string, before: string[] | undefined) => [...(before ?? []), uri],
    )
    .option(
      '--listener-config <file>',
      'JSON with what --listen cannot say, such as the SIP registrar (docs/bindings.md)',
    )
    .addOption(
      new Option('--accept <policy>', 'answer to notifications that ask for user interaction')
        .choices(['always', 'never', 'ask'])
        .default('ask'),
    )
    .option(
      '--bootstrap <file>',
      'JSON with the policy under which bootstraps are taken (docs/bootstrap.md); default: none is',
    )
    .option('--question-timeout <seconds>', 'how long a question to the user is shown, 1–86400', '120')
    .option('--bearers <list>', 'bearers that the device has, for example wlan,ethernet; default: any')
    .option(
      '--bearers-file <file>',
      'the same in a file, with commas or line ends; SIGHUP has it read again, and sessions that wait for a bearer go on',
    )
    .addOption(
      new Option('--form <encoding>', 'encoding of DM messages').choices(['wbxml', 'xml']).default('wbxml'),
    )
    .option('--connect <serverId>', 'also open a session of its own at the start')
    .option('--clock-skew <seconds>', 'how far the clocks of server and device may lie apart', '300')
    .option('--untrusted-clock', 'do not judge the age of notifications by this clock')
    .option('--ca <file>', 'certificate authorities (PEM) for https servers, instead of the system’s')
    .option('--client-certificate <file>', 'client certificate (PEM) for https servers')
    .option('--client-key <file>', 'its private key (PEM)')
    .option('--json', 'one JSON object a line instead of text')
    .addOption(
      new Option('--log-level <level>', 'diagnostics on standard error').choices(logLevels).default('error'),
    )
    .addHelpText(
      'after',
      `
The JSON of --provision (a nonce may be left out):
  { "deviceId": "IMEI:493005100592800", "man": "Example", "mod": "E1", "accounts": [ {
      "serverId": "com.example.dm", "address": "http://127.0.0.1:8080/dm",
      "client": { "scheme": "md5", "name": "e1", "secret": "...", "nonceBase64": "..." },
      "server": { "scheme": "md5", "secret": "...", "nonceBase64": "..." } } ] }
With "firmwareUpdate": "Main" the servers can update its firmware through ./FwUpdate/Main. "firmwareServers":
["com.example.dm"] says which ones may, also of accounts that come later; default: those of "accounts".
An account with "trustTransport": true may leave "server" out: TLS then vouches for it, at an https address and with
--client-certificate.

Examples:
  reveille device --state e1.json --provision e1-accounts.json --listen wap:127.0.0.1:2948
  reveille device --state e1.json --accept always --bearers wlan --json`,
    )
    .action(async (options: DeviceCommandOptions) => runDevice(io, options));
}

async function runDevice(io: Io, options: DeviceCommandOptions): Promise<void> {
  const bearers = await readBearers(io, options);
  const clockSkewMs = readInteger(options.clockSkew, '--clock-skew', 0, 10 * 365 * 86_400) * 1000;
  const confirmTimeoutMs = readInteger(options.questionTimeout, '--question-timeout', 1, 86_400) * 1000;
  const tls = await readTlsFiles(io, options);
  const provisioning = await readProvisioning(io, options.provision);
  const sections =
    options.listenerConfig === undefined
      ? {}
      : await readConfigFile(io, options.listenerConfig, listenerSections);
  const lines = new TerminalLines(io);
  const policy =
    options.bootstrap === undefined ? undefined : await readBootstrapPolicy(io, options.bootstrap, lines);
  const storage = openStateFile(options.state, { onRemark: (text) => io.stderr(`reveille: ${text}\n`) });
  if (storage.load() === undefined) {
    if (provisioning === undefined) {
      await storage.close();
      throw new UsageError(`${options.state} does not exist`, 'Give --provision FILE to create the device.');
    }
    await provisionDevice(storage, provisioning);
  } else if (options.provision !== undefined) {
    io.stderr(
      `reveille: ${options.state} holds a device already; --provision ${options.provision} is not used\n`,
    );
  }
  const logger = createLogger(io, options.logLevel);
  const events = eventLines(io, options.json === true);
  const device = new Device({
    storage,
    accept: options.accept,
    form: options.form,
    clockSkewMs,
    confirmTimeoutMs,
    trustworthyClock: options.untrustedClock !== true,
    user: terminalUser(io, lines),
    logger,
    secureNotifications: sections.waps?.notifications === true,
    ...(bearers === undefined ? {} : { bearers }),
    ...(policy === undefined ? {} : { bootstrap: bootstrapByPolicy(policy) }),
    ...(tls === undefined ? {} : { http: { tls } }),
    onEvent: (event) => events.note(event),
  });
  const { bearersFile } = options;
  const unfollow = bearersFile === undefined ? undefined : followBearers(io, bearersFile, device);
  try {
    await device.start();
    const listen = options.listen ?? ['wap:[::]:2948'];
    await startAll(listen, io.stop, async (uri, stop) => {
      const tell: ReceiverNews = (detail, level) => {
        logger[level === 'mended' ? 'info' : level]({ listen: uri }, detail);
        // Whoever read of the error at the default log level reads this, too.
        if (level === 'mended') io.stderr(`reveille: ${detail}\n`);
      };
      const { receiver, at } = await startReceiver(uri, device, sections, tell, stop);
      device.addReceiver(receiver);
      io.stderr(`reveille: ${device.deviceId} listens on ${at}; stop with Ctrl-C\n`);
    });
    if (options.connect !== undefined && !io.stop.aborted) {
      const outcome = await device.connect(options.connect);
      if (outcome.outcome === 'ignored')
        throw new UsageError(`--connect ${options.connect}: ${outcome.detail}`);
    }
    await new Promise<void>((resolve) => {
      if (io.stop.aborted) resolve();
      else io.stop.addEventListener('abort', () => resolve(), { once: true });
    });
    io.stderr('reveille: stopping\n');
  } finally {
    unfollow?.();
    // First the device: a question that is open then is withdrawn, and nobody has answered it.
    try {
      await device.stop();
    } finally {
      events.flush();
      lines.close();
    }
  }
}

/**
 * Starts all at once, so that one that waits for its carrier holds up no other. The first that fails stops those that still
 * wait, and is thrown when all are settled; what fails because of `stop` is not.
 */
async function startAll(
  uris: readonly string[],
  stop: AbortSignal,
  start: (uri: string, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const either = AbortSignal.any([stop, failing.signal]);
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    uris.map((uri) =>
      start(uri, either).catch((error: unknown) => {
        if (!either.aborted) failure = { error };
        failing.abort();
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
}

/** What happens, one line at a time on standard output; a flood of strangers' pushes is summed up. */
function eventLines(io: Io, json: boolean): EventSummary {
  return new EventSummary({
    clock: systemClock({ unref: true }),
    fewPushes: 64,
    write: (event) => {
      const time = new Date();
      io.stdout(
        `${json ? jsonLine({ time: time.toISOString(), ...event }) : describeDeviceEvent(event, time)}\n`,
      );
    },
    writeSum: (latest, count, withinMs) => {
      const time = new Date();
      const line = json
        ? jsonLine({ time: time.toISOString(), ...latest, count, withinMs })
        : describeDeviceEvents(latest, count, withinMs, time);
      io.stdout(`${line}\n`);
    },
  });
}

async function readProvisioning(io: Io, file: string | undefined): Promise<ProvisioningInput | undefined> {
  if (file === undefined) return undefined;
  const text = await readInput(io, file);
  const value = readJsonFile(text, file);
  try {
    return parseProvisioning(value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, `${file}: ${error.message}`, '', undefined, { cause: error });
  }
}

/** JSON on one line that steers no terminal: controls that JSON leaves as they are become escapes too. */
function jsonLine(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
