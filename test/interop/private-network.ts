// Runs a program of ours in a network of its own, with a loopback and nothing else: there every port is free and allowed,
// and what one test leaves behind does not disturb the next.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs the TypeScript program `url` with `args` by this Node; gives what it printed as JSON.
 * @throws {Error} when the system grants no private network, or the program fails or prints no JSON
 */
export async function runInPrivateNetwork(url: URL, args: readonly string[]): Promise<unknown> {
  requirePrivateNetwork();
  const [command, ...rest] = inPrivateNetwork;
  const child = spawn(command, [...rest, process.execPath, fileURLToPath(url), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${errors}${output}`);
  return JSON.parse(output);
}

const inPrivateNetwork = [
  'unshare',
  ...['--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
] as const;

function requirePrivateNetwork(): void {
  const [command, ...rest] = inPrivateNetwork;
  const { status, stderr, error } = spawnSync(command, [...rest, 'true'], { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(
    `no private network: ${error?.message ?? stderr.trim()}; needs unshare (util-linux), ip (iproute2), and root or ` +
      'leave to make user namespaces',
  );
}
