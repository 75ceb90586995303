// The bearers of `device`: a list on the command line, or a file that is read again while the device runs.
import { ValueError } from '../../core/index.ts';
import { type Bearer, type Device, parseBearers } from '../../device/index.ts';
import { readInput, reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';

/** Options that say which bearers there are. */
export interface BearerOptions {
  readonly bearers?: string;
  readonly bearersFile?: string;
}

/** What is available: a list, which may be empty, or `undefined` for a device that does not tell bearers apart. */
export type Available = readonly Bearer[] | undefined;

/**
 * The bearers at the start.
 * @throws {UsageError} for an unknown or repeated name, or both options
 * @throws {ConfigError} when the file cannot be read
 */
export async function readBearers(io: Io, { bearers, bearersFile }: BearerOptions): Promise<Available> {
  if (bearers !== undefined && bearersFile !== undefined) {
    throw new UsageError('--bearers and --bearers-file exclude each other');
  }
  if (bearersFile !== undefined) return readFile(io, bearersFile);
  return bearers === undefined ? undefined : parse(bearers.split(','), `--bearers ${bearers}`);
}

/**
 * Reads the file again at each SIGHUP and tells the device; what is wrong with it leaves everything as it was, with a word.
 * Gives what ends it.
 */
export function followBearers(io: Io, file: string, device: Pick<Device, 'setAvailableBearers'>): () => void {
  let last: Promise<void> = Promise.resolve();
  const read = async (): Promise<void> => {
    try {
      const available = await readFile(io, file);
      device.setAvailableBearers(available);
      io.stderr(`reveille: bearers are ${shown(available)} from now on\n`);
    } catch (error) {
      io.stderr(`reveille: bearers stay as they were: ${reasonOf(error)}\n`);
    }
  };
  return (
    io.onHangUp?.(() => {
      last = last.then(read);
    }) ?? (() => {})
  );
}

/** Names with commas or line ends between them, `#` before a remark; nothing else than `any`: not told apart. */
async function readFile(io: Io, file: string): Promise<Available> {
  if (file === '-') throw new UsageError('--bearers-file needs a file that can be read again');
  const text = (await readInput(io, file)).replace(/#.*$/gm, '');
  if (text.trim() === 'any') return undefined;
  const names = text.split(/[,\r\n]/).filter((name) => name.trim() !== '');
  return parse(names, file);
}

function parse(names: readonly string[], where: string): readonly Bearer[] {
  try {
    return parseBearers(names.map((name) => name.trim()));
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`${where}: ${error.detail}`);
    throw error;
  }
}

function shown(available: Available): string {
  if (available === undefined) return 'not told apart';
  return available.length === 0 ? 'none' : available.map(({ name }) => name).join(', ');
}
