// A network for the time of a run: a loopback and nothing else, so that fixed ports of peers are free and nobody else's
// traffic is in the way.
import { spawnSync } from 'node:child_process';

/** What begins a command in such a network: the command and its arguments follow. */
const within = 'ip link set lo up && exec "$@"';

/** Arguments that put before a command give it a network of its own; or why the system grants none. */
export function ownNetwork(): readonly [command: string, ...string[]] | { readonly missing: string } {
  const asRoot = process.getuid?.() === 0;
  const prefix = [
    'unshare',
    ...(asRoot ? [] : ['--map-root-user']),
    '--net',
    'sh',
    '-c',
    within,
    'sh',
  ] as const;
  const [command, ...args] = prefix;
  const { status, error, stderr } = spawnSync(command, [...args, 'true'], { encoding: 'utf8' });
  if (status === 0) return [command, ...args];
  return {
    missing: `no network of its own (${error?.message ?? stderr.trim()}): needs unshare, ip, and root or user namespaces`,
  };
}
