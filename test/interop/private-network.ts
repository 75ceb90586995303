// Runs a program of ours in a network of its own, with a loopback and nothing else: there every port is free and allowed,
// and what one test leaves behind does not disturb the next.
import { spawn, spawnSync } from 'node:child_process';

/**
 * Runs the TypeScript program `url` with `args` by this Node; gives what it printed as JSON. Where the system grants no
 * private network it runs in the common one, and needs its ports free and allowed.
 * @throws {Error} when it fails or prints no JSON
 */
export async function runInPrivateNetwork(url: URL, args: readonly string[]): Promise<unknown> {
  const node = [process.execPath, url.pathname, ...args];
  const [command = '', ...rest] = privateNetworkWorks() ? [...inPrivateNetwork, ...node] : node;
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
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
  ...['unshare', '--map-root-user', '--net', 'sh', '-c'],
  ...['ip link set lo up && exec "$@"', 'sh'],
];

function privateNetworkWorks(): boolean {
  const [command = '', ...rest] = [...inPrivateNetwork, 'true'];
  return spawnSync(command, rest, { stdio: 'ignore' }).status === 0;
}
