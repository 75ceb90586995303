// Runs tshark (Debian package of that name) on the loopback interface while a test sends, and gives what it dissected.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Fields of one packet by their Wireshark names; a field that occurs repeatedly is a list. */
export type PacketFields = Readonly<Record<string, readonly string[]>>;

/** A running capture. */
export interface Capture {
  /** The next packet that was dissected. */
  next(): Promise<PacketFields>;
  /** Ends tshark and waits for it. */
  stop(): Promise<void>;
}

const separator = '\u001f';
const aggregator = '\u001e';

/**
 * Starts tshark and resolves once it captures. `filter` is a capture filter such as `udp port 2948`; `fields` are what
 * `next` gives. tshark ends by itself after `limitSeconds` (default 60), and what is waited for then fails. `options` are
 * further ones of tshark's, such as `-d` and what to dissect a port as.
 * @throws {Error} when tshark is missing or may not capture
 */
export async function capture(
  filter: string,
  fields: readonly string[],
  limitSeconds = 60,
  options: readonly string[] = [],
): Promise<Capture> {
  const fieldOptions = fields.flatMap((field) => ['-e', field]);
  const child = spawn(
    'tshark',
    [
      ...['-i', 'lo', '-f', filter, '-n', '-l', '-a', `duration:${limitSeconds}`, ...options],
      ...['-T', 'fields', '-E', `separator=${separator}`, '-E', `aggregator=${aggregator}`, ...fieldOptions],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  await capturing(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await lines.next();
      if (done === true) throw new Error('tshark ended before it saw the packet');
      const values = value.split(separator);
      return Object.fromEntries(
        fields.map((field, index) => [
          field,
          (values[index] ?? '').split(aggregator).filter((text) => text !== ''),
        ]),
      );
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** tshark says "Capturing on" before it is ready, and "Capture started" when it is. */
function capturing(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', (error) =>
      reject(new Error('tshark cannot be run: is it installed?', { cause: error })),
    );
    child.once('exit', (code) => reject(new Error(`tshark ended with ${code}: ${said}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Capture started')) resolve();
    });
  });
}
