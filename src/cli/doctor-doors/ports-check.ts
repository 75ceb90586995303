// Ports that a server would listen on: whether they can be had, and who could come in.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { codeOf } from '../../core/index.ts';
import { databaseName, holderOf } from '../../store/sqlite/index.ts';
import { type Check, type Finding, tellerOf } from '../doctor-base/finding.ts';
import { isLoopback, sharePort } from '../io/listen-address.ts';
import { type Listener, listenersOf } from './listeners.ts';
import { holderOfPort } from './port-holder.ts';

const name = 'ports';
const tell = tellerOf(name);

/** The check. */
export const portsCheck: Check = {
  name,
  async run(examined) {
    const listeners = listenersOf(examined);
    const { setUp } = examined;
    const server = setUp === undefined ? undefined : holderOf(join(resolve(setUp.data), databaseName));
    const found: Finding[] = [];
    for (const [index, listener] of listeners.entries()) {
      const rival = listeners.slice(0, index).find((other) => clash(other, listener));
      if (rival !== undefined) {
        const what = `${rival.where} has the same port: only one of them can listen`;
        found.push(tell.error(listener.where, what, 'give one of them another port'));
      } else found.push(...(await portFindings(listener, server)));
      found.push(...opennessFindings(listener));
    }
    return found;
  },
};

function clash(one: Listener, other: Listener): boolean {
  return one.protocol === other.protocol && sharePort(one, other);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Takes the port for a moment. `server` is the process that has the database open. */
async function portFindings(listener: Listener, server: number | undefined): Promise<readonly Finding[]> {
  const { where, host, port, protocol } = listener;
  const code = await (protocol === 'tcp' ? tryTcp(host, port) : tryUdp(host, port));
  switch (code) {
    case undefined:
      return [];
    case 'EADDRINUSE': {
      const holder = holderOfPort(port, protocol);
      // The server that runs on this folder has its own ports.
      if (server !== undefined && (server === 0 || holder === undefined || holder.pid === server)) return [];
      const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.program})`;
      return [tell.error(where, `${who} has the port ${port}`, 'end that process, or take another port')];
    }
    case 'EACCES': {
      const what = `this user may not listen on port ${port}: ports below 1024 are for the superuser`;
      const remedy =
        'take a higher port, or give the process CAP_NET_BIND_SERVICE (AmbientCapabilities= of systemd)';
      return [tell.error(where, what, remedy)];
    }
    case 'EADDRNOTAVAIL':
      return [tell.error(where, `this machine has no address ${host}`, 'name one that `ip address` shows')];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [tell.error(where, `the name ${host} cannot be looked up`, 'name an address')];
    default:
      return [tell.error(where, `port ${port} cannot be had (${code})`, 'take another address or port')];
  }
}

async function tryTcp(host: string, port: number): Promise<string | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    server.close();
  }
}

async function tryUdp(host: string, port: number): Promise<string | undefined> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, 'listening');
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    socket.close();
  }
}

/** Who can read on the way what comes in here. */
function opennessFindings({ where, host, tls, door, proxied }: Listener): readonly Finding[] {
  if (isLoopback(host) || tls || proxied) return [];
  const reached = isWildcard(host)
    ? 'it listens at all addresses of this machine'
    : 'other machines reach it';
  switch (door?.name) {
    case 'REST API': {
      const what = `${reached}, and speaks plain HTTP: whoever sees the traffic can use its tokens`;
      const remedy =
        'give it a certificate (--api-tls-certificate, --api-tls-key), or let it listen on 127.0.0.1';
      return [
        door.plain === 'on purpose' ? tell.warning(where, what, remedy) : tell.error(where, what, remedy),
      ];
    }
    case 'metrics':
      return [
        tell.warning(
          where,
          `${reached}, and are shown without a token`,
          'let them listen where only Prometheus reaches',
        ),
      ];
    case 'DM endpoint': {
      const what = `${reached}, and speaks plain HTTP: sessions of devices can be read and changed on the way`;
      const remedy =
        'give it a certificate (--tls-certificate, --tls-key), or put a proxy in front that does TLS, and say so with --trust-proxy';
      return [tell.warning(where, what, remedy)];
    }
    default: {
      const what = `${reached}, and speaks plain HTTP: credentials and reports can be read and changed on the way`;
      return [tell.warning(where, what, 'give it tls, or let a proxy in front do that')];
    }
  }
}
