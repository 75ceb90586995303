// Every place where a server would listen, out of its doors and the sections of its configuration.
import type { ServeSections } from '../bindings/serve-shapes.ts';
import type { Examined } from '../doctor-base/finding.ts';
import type { Door } from '../doctor-base/set-up.ts';

/** One place. */
export interface Listener {
  /** What findings call it, such as `REST API (127.0.0.1:8081)`. */
  readonly where: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly tls: boolean;
  /** Absent for what a section of the configuration has. */
  readonly door?: Door;
  /** True where something in front of it speaks TLS. */
  readonly proxied: boolean;
}

/** All of them, in the order in which they are opened. */
export function listenersOf({ config, setUp }: Pick<Examined, 'config' | 'setUp'>): readonly Listener[] {
  const doors = (setUp?.doors ?? []).map((door): Listener => {
    const { name, listen, certificate, plain } = door;
    const where = `${name} (${listen.host}:${listen.port})`;
    return {
      ...listen,
      where,
      protocol: 'tcp',
      tls: certificate !== undefined,
      door,
      proxied: plain === 'proxy',
    };
  });
  return config === undefined ? doors : [...doors, ...sectionListeners(config.file, config.sections)];
}

interface Place {
  readonly address: string;
  readonly port: number;
  readonly tls?: object;
  readonly url?: string;
}

function sectionListeners(file: string, { sms, pap, papEndpoint, waps }: ServeSections): readonly Listener[] {
  const found: Listener[] = [];
  const add = (path: string, { address, port, tls, url }: Place): void => {
    const proxied = url?.startsWith('https:') === true && tls === undefined;
    found.push({
      where: `${file}: ${path}`,
      host: address,
      port,
      protocol: 'tcp',
      tls: tls !== undefined,
      proxied,
    });
  };
  if (sms !== undefined && 'roads' in sms && sms.listen !== undefined) add('sms.listen', sms.listen);
  if (pap?.listen !== undefined) add('pap.listen', pap.listen);
  if (papEndpoint !== undefined) add('papEndpoint', papEndpoint);
  const { localPort = 0 } = waps ?? {};
  if (localPort !== 0) {
    const where = `${file}: waps.localPort`;
    found.push({ where, host: '0.0.0.0', port: localPort, protocol: 'udp', tls: true, proxied: false });
  }
  return found;
}
