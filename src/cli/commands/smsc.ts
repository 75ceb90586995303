// reveille smsc: the simulated message centre, for trials by hand.
import { Command, Option } from 'commander';
import { ConfigError } from '../../core/index.ts';
import { type SmscAccount, type SmscEvent, type SmscFaults, SmscSimulator } from '../../testing/index.ts';
import { readInteger, readLines } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readListen } from '../io/listen-address.ts';
import { readSecretFile } from '../io/secret-file.ts';
import { readPem } from '../io/tls-files.ts';

interface SmscCommandOptions {
  readonly json?: boolean;
  readonly listen: string;
  readonly accountFile?: string;
  readonly throughput?: string;
  readonly firstMessage?: string;
  readonly messageIds: 'decimal' | 'hex';
  readonly receiptIds?: 'decimal' | 'hex';
  readonly fault: readonly string[];
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
}

/** The `smsc` command. */
export function smscCommand(io: Io): Command {
  return new Command('smsc')
    .summary('run a simulated message centre (SMPP 3.4)')
    .description(
      'Runs a message centre until it is stopped: it takes short messages, delivers them to handsets that bind to it ' +
        '(reveille device --listen sms:NUMBER), and sends receipts. Faults come from --fault, or one a line on standard ' +
        'input while it runs. It is a simulator: everything is in memory.',
    )
    .option('--listen <host:port>', 'where it listens; port 0 takes a free one', '127.0.0.1:2775')
    .option(
      '--account-file <file>',
      'who may bind: SYSTEM_ID PASSWORD [RECEIPTS_TO], one a line, the last being the account that gets the receipts; ' +
        'default: anybody, each its own receipts',
    )
    .option('--throughput <number>', 'messages a second on one session; more are throttled')
    .option(
      '--first-message <number>',
      'number of the first message, from which ids count up; default: by the time, so that no id comes twice after a restart',
    )
    .addOption(
      new Option('--message-ids <form>', 'ids in answers').choices(['decimal', 'hex']).default('decimal'),
    )
    .addOption(
      new Option('--receipt-ids <form>', 'ids in receipts; default: as in answers').choices([
        'decimal',
        'hex',
      ]),
    )
    .option(
      '--fault <what>',
      'something to do wrong (repeatable), see below',
      (fault: string, before: string[]) => [...before, fault],
      [] as string[],
    )
    .option('--tls-certificate <file>', 'certificate chain (PEM): SMPP over TLS')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--json', 'one JSON object for each event')
    .addHelpText(
      'after',
      `
Faults, for the next NUMBER messages:
${Object.entries(faults)
  .map(([name, { about }]) => `  ${`${name} NUMBER`.padEnd(28)}${about}`)
  .join('\n')}

Examples:
  reveille smsc --listen 127.0.0.1:2775
  reveille smsc --fault "throttle 5" --fault "answer-delay-ms 200"`,
    )
    .action(async (options: SmscCommandOptions) => runSmsc(io, options));
}

async function runSmsc(io: Io, options: SmscCommandOptions): Promise<void> {
  const { host, port } = readListen(options.listen, '--listen', 2775);
  const tls = await readTls(io, options);
  const accounts = await readAccounts(io, options.accountFile);
  const simulator = new SmscSimulator({
    host,
    port,
    messageIds: options.messageIds,
    firstMessage:
      options.firstMessage === undefined
        ? firstMessageAt(new Date())
        : readInteger(options.firstMessage, '--first-message', 1, Number.MAX_SAFE_INTEGER),
    ...(options.receiptIds === undefined ? {} : { receiptIds: options.receiptIds }),
    ...(options.throughput === undefined
      ? {}
      : { throughput: readInteger(options.throughput, '--throughput', 1, 1_000_000) }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(tls === undefined ? {} : { tls }),
    onEvent: (event) => {
      const at = new Date();
      const line =
        options.json === true
          ? JSON.stringify({ at: at.toISOString(), ...event })
          : describeSmscEvent(event, at);
      io.stdout(`${line}\n`);
    },
  });
  for (const fault of options.fault) applyFault(simulator.faults, fault);
  const bound = await simulator.start();
  try {
    io.stderr(`reveille: simulated message centre on ${host}:${bound}; stop with Ctrl-C\n`);
    void takeFaults(io, simulator.faults);
    if (!io.stop.aborted) {
      await new Promise((resolve) => io.stop.addEventListener('abort', resolve, { once: true }));
    }
  } finally {
    await simulator.close();
  }
}

/** Messages for which there are numbers in each second: more than this centre takes. */
const numbersInSecond = 100_000;

/**
 * Number of the first message of a centre that starts at this moment: after all those of one that started before, as long as
 * the clock is not set back. So a client's wait for the receipt of an old message is never met by a new one.
 */
export function firstMessageAt(now: Date): number {
  return Math.floor(now.getTime() / 1000) * numbersInSecond + 1;
}

/** Faults from standard input, as long as it lasts. Never rejects. */
async function takeFaults(io: Io, target: SmscFaults): Promise<void> {
  try {
    for await (const line of readLines(io)) {
      if (line.trim() === '') continue;
      try {
        applyFault(target, line);
        io.stderr(`reveille: ${line.trim()}\n`);
      } catch (error) {
        io.stderr(`reveille: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  } catch {
    // Without standard input there are no further faults.
  }
}

interface FaultCommand {
  readonly about: string;
  readonly apply: (target: SmscFaults, count: number) => void;
}

const faults: Readonly<Record<string, FaultCommand>> = {
  throttle: { about: 'refuse with ESME_RTHROTTLED', apply: (target, count) => target.throttle(count) },
  'drop-answers': {
    about: 'take messages without an answer',
    apply: (target, count) => target.dropAnswers(count),
  },
  'drop-submits': { about: 'lose messages, no answer', apply: (target, count) => target.dropSubmits(count) },
  disconnect: {
    about: 'break the connection instead of answering',
    apply: (target, count) => target.disconnectOnSubmit(count),
  },
  duplicate: { about: 'deliver twice', apply: (target, count) => target.duplicateDeliveries(count) },
  'drop-deliveries': {
    about: 'lose on the way to the handset',
    apply: (target, count) => target.dropDeliveries(count),
  },
  fail: {
    about: 'give up with a receipt UNDELIVERABLE',
    apply: (target, count) => target.failDeliveries(count),
  },
  reorder: {
    about: 'deliver so many in reverse order',
    apply: (target, count) => target.reorderDeliveries(count),
  },
  'answer-delay-ms': {
    about: 'wait before each answer',
    apply: (target, count) => {
      target.answerDelayMs = count;
    },
  },
  'delivery-delay-ms': {
    about: 'wait before each delivery',
    apply: (target, count) => {
      target.deliveryDelayMs = count;
    },
  },
};

/** `NAME NUMBER`. @throws {UsageError} */
function applyFault(target: SmscFaults, text: string): void {
  const [name = '', number = '1', ...rest] = text.trim().split(/\s+/);
  const fault = Object.hasOwn(faults, name) ? faults[name] : undefined;
  if (fault === undefined || rest.length > 0) {
    throw new UsageError(`fault ${text.trim()}: not one of ${Object.keys(faults).join(', ')} with a number`);
  }
  fault.apply(target, readInteger(number, `fault ${name}`, 0, 1_000_000));
}

async function readAccounts(io: Io, file: string | undefined): Promise<readonly SmscAccount[] | undefined> {
  if (file === undefined) return undefined;
  const lines = (await readSecretFile(io, file)).split(/\r?\n/).filter((line) => line.trim() !== '');
  const accounts = lines.map((line, index) => {
    const [systemId = '', password = '', receiptsTo, ...rest] = line.trim().split(/\s+/);
    if (rest.length > 0) {
      throw new ConfigError(`${file}: line ${index + 1}: expected SYSTEM_ID PASSWORD [RECEIPTS_TO]`);
    }
    return { systemId, password, ...(receiptsTo !== undefined && { receiptsTo }) };
  });
  const known = new Set(accounts.map(({ systemId }) => systemId));
  const lost = accounts.find(({ receiptsTo }) => receiptsTo !== undefined && !known.has(receiptsTo));
  if (lost !== undefined) {
    // What stands there may be a part of a password.
    throw new ConfigError(`${file}: the receipts of ${lost.systemId} go to an account that has no line here`);
  }
  return accounts;
}

async function readTls(
  io: Io,
  options: SmscCommandOptions,
): Promise<{ readonly cert: string; readonly key: string } | undefined> {
  const { tlsCertificate, tlsKey } = options;
  if (tlsCertificate === undefined && tlsKey === undefined) return undefined;
  if (tlsCertificate === undefined || tlsKey === undefined) {
    throw new UsageError('--tls-certificate and --tls-key belong together');
  }
  return {
    cert: await readPem(io, tlsCertificate, 'CERTIFICATE'),
    key: await readPem(io, tlsKey, 'PRIVATE KEY'),
  };
}

function describeSmscEvent(event: SmscEvent, at: Date): string {
  const { type, ...about } = event;
  const words = Object.entries(about)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `${at.toISOString()} ${type} ${words.join(', ')}`;
}
