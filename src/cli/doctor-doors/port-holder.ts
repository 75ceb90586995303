// Which process has a port, where the system tells (Linux: /proc).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A process. */
export interface PortHolder {
  readonly pid: number;
  /** Name of its program. */
  readonly program: string;
}

/** Who has a port, at any address; `undefined` where nobody tells, as of processes of other users. */
export function holderOfPort(port: number, protocol: 'tcp' | 'udp'): PortHolder | undefined {
  try {
    const sockets = new Set([`${protocol}`, `${protocol}6`].flatMap((table) => socketsAt(table, port)));
    if (sockets.size === 0) return undefined;
    for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
      if (!hasSocket(pid, sockets)) continue;
      return { pid: Number(pid), program: programOf(pid) };
    }
  } catch {
    // Another system, or one that hides it.
  }
  return undefined;
}

/** Inodes of sockets that listen at the port, or, without connections, are bound to it. */
function socketsAt(table: string, port: number): readonly string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readTable(table).flatMap((line) => {
    // sl local_address rem_address st … inode
    const parts = line.trim().split(/\s+/);
    const [, local = '', , state] = parts;
    const bound = table.startsWith('tcp') ? state === '0A' : true;
    const inode = parts[9];
    return bound && local.endsWith(end) && inode !== undefined ? [inode] : [];
  });
}

function readTable(table: string): readonly string[] {
  try {
    return readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

function hasSocket(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((handle) => {
      const inode = /^socket:\[([0-9]+)\]$/.exec(linkOf(`/proc/${pid}/fd/${handle}`))?.[1];
      return inode !== undefined && sockets.has(inode);
    });
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return false;
  }
}

/** The file that it runs; threads may have given the process another name. */
function programOf(pid: string): string {
  return basename(linkOf(`/proc/${pid}/exe`)) || readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
