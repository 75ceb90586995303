// reveille modem: a modem on the desk, by hand: what it says of itself, a message sent, messages as they come.
import { Command, Option } from 'commander';
import { decodeNotification } from '../../codec/notification/index.ts';
import { DecodeError, PushError } from '../../core/index.ts';
import { contentTypes, type DeliveryReport, type PushContentType } from '../../push/index.ts';
import {
  AtModem,
  createModemSender,
  ModemError,
  managedModemInfo,
  parseModemPlace,
  systemBusAddress,
} from '../../push/modem/index.ts';
import { readInteger } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { readOctetsOrHex } from '../io/read-octets.ts';
import { readSecretFile } from '../io/secret-file.ts';
import { listenAtModem } from './listen.ts';

interface PortOptions {
  readonly port: string;
  readonly baudRate: string;
  readonly pinFile?: string;
  readonly pinWithoutCount?: boolean;
  readonly json?: boolean;
}

interface SendOptions extends PortOptions {
  readonly type?: keyof typeof contentTypes;
  readonly serviceCentre?: string;
  readonly wait?: string;
}

/** The `modem` command. */
export function modemCommand(io: Io): Command {
  const command = new Command('modem')
    .summary('try a modem on the desk: send, listen, info')
    .description(
      'Speaks AT commands in PDU mode over a serial port or TCP. Pushes of a server go through a modem as a road of the ' +
        'section "sms" (docs/bindings.md), and a device listens on one with --listen modem:PORT.',
    );
  withPort(command.command('info'))
    .summary('maker, model, network, signal, service centre, memory')
    .description('Shows what the modem says of itself; with --port mm, what ModemManager says of it.')
    .action((options: PortOptions) => info(io, options));
  withPort(command.command('send'))
    .summary('send a Package #0, or another push, to a number')
    .description(
      'Sends the octets of FILE (or standard input), as they are or in hex, as one push in as many short messages as it takes. ' +
        'A Package #0 is known by itself; anything else needs --type.',
    )
    .argument('<NUMBER>', 'telephone number such as +491701234567')
    .argument('[FILE]', 'file with the octets; "-" or nothing reads standard input')
    .addOption(new Option('--type <type>', 'what the octets are').choices(Object.keys(contentTypes)))
    .option('--service-centre <number>', 'service centre; default: the one that is set in the modem')
    .option('--wait <seconds>', 'ask for status reports, and wait for them so long')
    .addHelpText(
      'after',
      `
Exit status: 0 sent (with --wait: delivered); 1 not; 2 usage.

Example:
  reveille encode push.json --secret s | reveille modem send +491701234567 --port /dev/ttyUSB0 --wait 60`,
    )
    .action((number: string, file: string | undefined, options: SendOptions) =>
      send(io, number, file ?? '-', options),
    );
  withPort(command.command('listen'))
    .summary('print what comes, decoded; nothing is deleted')
    .description(
      'Prints messages and status reports as they come, those that lie in the memory first, until it is stopped.',
    )
    .action(async (options: PortOptions) =>
      withModem(io, options, (modem) => listenAtModem(io, modem, options.json === true)),
    );
  return command;
}

function withPort(command: Command): Command {
  return command
    .requiredOption('--port <port>', 'serial port such as /dev/ttyUSB0, or tcp:HOST:PORT; info takes mm too')
    .option('--baud-rate <number>', 'speed of a serial port', '115200')
    .option(
      '--pin-file <file>',
      'file with the PIN of the SIM; the environment variable REVEILLE_PIN works too',
    )
    .option('--pin-without-count', 'try the PIN although the modem does not tell how many tries are left')
    .option('--json', 'JSON instead of text');
}

async function info(io: Io, options: PortOptions): Promise<void> {
  const place = parseModemPlace(options.port, '--port');
  const show = (facts: Readonly<Record<string, unknown>>): void => {
    if (options.json === true) io.stdout(`${JSON.stringify(facts)}\n`);
    else
      for (const [name, value] of Object.entries(facts)) {
        const { label = name, unit = '' } = shown[name] ?? {};
        io.stdout(`${label.padEnd(14)} ${String(value)}${unit}\n`);
      }
  };
  if (place.kind === 'manager') {
    const busAddress = io.env.DBUS_SYSTEM_BUS_ADDRESS ?? systemBusAddress;
    show({ ...(await managedModemInfo({ object: place.object, busAddress })) });
    return;
  }
  await withModem(io, options, async (modem) => {
    const facts = await modem.info();
    const { registration, signalDbm, memory, pin } = modem.status();
    show({
      ...facts,
      ...(registration === undefined ? {} : { registration }),
      ...(signalDbm === undefined ? {} : { signalDbm }),
      ...(memory === undefined ? {} : { memory: `${memory.name}, ${memory.used} of ${memory.total}` }),
      ...(pin === undefined ? {} : { pin }),
    });
    if (pin === 'will not be given') io.stderr(`reveille: ${uncounted}\n`);
  });
}

/** Facts that are called otherwise where people read them. */
const shown: Readonly<Record<string, { readonly label: string; readonly unit?: string }>> = {
  serviceCentre: { label: 'service centre' },
  signalDbm: { label: 'signal', unit: ' dBm' },
};

const uncounted =
  'the modem does not tell how many tries of the PIN are left (+CPINR): when the SIM wants it again, it is not given without ' +
  '--pin-without-count (pinWithoutCount of a road). Simpler: switch the PIN of that SIM off';

async function send(io: Io, number: string, file: string, options: SendOptions): Promise<void> {
  const body = await readOctetsOrHex(io, file);
  const contentType = options.type === undefined ? typeOf(body) : contentTypes[options.type];
  const waitSeconds = options.wait === undefined ? 0 : readInteger(options.wait, '--wait', 1, 86_400);
  const work = async (modem: AtModem): Promise<void> => {
    let report: (report: DeliveryReport) => void = () => {};
    const reported = new Promise<DeliveryReport>((resolve) => {
      report = resolve;
    });
    const sender = createModemSender({
      modem,
      serviceCentre: options.serviceCentre,
      ...(waitSeconds > 0 ? { onReceipt: (each: DeliveryReport) => report(each) } : {}),
    });
    try {
      const result = await sender.send({ id: 'modem', contentType, body }, { number }, io.stop);
      const { text, complete } = referencesOf('reference' in result ? result.reference : undefined);
      io.stdout(`${result.outcome} ${body.length} octets to ${number}${text}: ${contentType.mime}\n`);
      if (waitSeconds === 0) return;
      if (!complete) {
        io.stdout('no report can be told to be about it\n');
        throw new AlreadyReported();
      }
      const timeout = AbortSignal.any([io.stop, AbortSignal.timeout(waitSeconds * 1000)]);
      const late = new Promise<undefined>((resolve) => {
        if (timeout.aborted) resolve(undefined);
        timeout.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      const end = await Promise.race([reported, late]);
      const none = io.stop.aborted ? 'stopped before a report came' : `no report within ${waitSeconds} s`;
      io.stdout(end === undefined ? `${none}\n` : `${end.outcome}: ${end.detail}\n`);
      if (end?.outcome !== 'delivered') throw new AlreadyReported();
    } finally {
      await sender.close();
    }
  };
  await withModem(io, options, work, 'nothing was sent');
}

/** How the references of a push are shown; `complete` where the modem gave one for each message. */
function referencesOf(reference = ''): { readonly text: string; readonly complete: boolean } {
  const all = reference.split(' ');
  const given = all.filter((each) => /:.+$/.test(each));
  const shown = given.length === 0 ? '' : ` as ${given.join(' ')}`;
  if (given.length === all.length) return { text: shown, complete: true };
  const which = given.length === 0 ? '' : ` for ${all.length - given.length} of ${all.length} messages`;
  return { text: `${shown}, the modem gave no reference${which}`, complete: false };
}

function typeOf(body: Uint8Array): PushContentType {
  if (body.length === 0)
    throw new UsageError('there are no octets to send', 'Give them in FILE or on standard input.');
  try {
    return contentTypes[decodeNotification(body).format];
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UsageError('the octets are no Package #0', 'Say what they are with --type.');
  }
}

/** Opens the modem, waits until it is ready, and closes it after the work. `nothing`: what is known where that is stopped before. */
async function withModem(
  io: Io,
  options: PortOptions,
  work: (modem: AtModem) => Promise<void>,
  nothing = 'the modem has not answered yet',
): Promise<void> {
  const baudRate = readInteger(options.baudRate, '--baud-rate', 300, 4_000_000);
  const { pinFile, pinWithoutCount } = options;
  const given = pinFile === undefined ? io.env.REVEILLE_PIN : await readSecretFile(io, pinFile);
  const pin = given?.trim();
  if (parseModemPlace(options.port, '--port').kind === 'manager') {
    throw new UsageError(
      '--port mm: only info takes it, for ModemManager takes no user data header and tells none',
      'Name the serial port; a device listens through ModemManager with reveille device --listen modem:mm.',
    );
  }
  const modem = new AtModem({ port: options.port, baudRate, pin, pinWithoutCount });
  // A port that is not there now is not there in a moment; a modem that says nothing may be waking.
  const absent = new AbortController();
  let cause: PushError | undefined;
  const unlisten = modem.listen({
    onDown: (error) => {
      if (error.code !== 'PORT') return;
      cause = error;
      absent.abort();
    },
  });
  modem.listen({ onWarning: (detail) => io.stderr(`reveille: ${detail}\n`) });
  // After everybody else has heard of the stop: who waits for a prompt leaves it first.
  const stop = (): void => void Promise.resolve().then(() => modem.close());
  io.stop.addEventListener('abort', stop, { once: true });
  modem.start();
  try {
    await modem.whenReady(30_000, AbortSignal.any([io.stop, absent.signal]));
    unlisten();
    await work(modem);
  } catch (error) {
    if (io.stop.aborted && error instanceof PushError) {
      const known = error instanceof ModemError && error.inDoubt ? error.message : nothing;
      throw new PushError('STOPPED', `stopped: ${known}`, true, { cause: error });
    }
    if (cause === undefined) throw error;
    throw new PushError('PORT', `the modem cannot be opened: ${cause.message}`, true, { cause: error });
  } finally {
    io.stop.removeEventListener('abort', stop);
    await modem.close();
  }
}
