// The carriers of `demo --all-bindings`: a message centre, a SIP registrar and a push gateway, all simulated on loopback,
// and the way of each binding from the server to a device.
import { randomBytes } from 'node:crypto';
import { SimulatedPushGateway, SimulatedRegistrar, SmscSimulator } from '../../testing/index.ts';
import type { ListenerSections } from '../bindings/listener-shapes.ts';
import type { SenderSections } from '../bindings/sender-shapes.ts';

/** How one binding reaches a device. */
export interface DemoRoute {
  readonly binding: string;
  /**
   * What goes over it: a notification, or a signed DM message where the documents have no notification (spec-notes
   * ruling 26).
   */
  readonly carries: 'notification' | 'message';
  /** What the device listens on. */
  readonly listen: string;
  readonly listener: ListenerSections;
  /** The device's address for the server; `at` is where it really listens. */
  readonly address: (at: string) => string;
  /** Resolves when pushes can come. */
  readonly ready: () => Promise<void>;
}

/** The carriers, running. */
export interface DemoCarriers {
  readonly sections: SenderSections;
  readonly routes: readonly DemoRoute[];
  /** What runs, for people. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

const smsNumber = '+491701234567';
const papNumber = '+491707654321';
const gatewayName = 'ppg.example';

/** Starts them. All secrets are new in each run. */
export async function startCarriers(): Promise<DemoCarriers> {
  const password = (): string => randomBytes(4).toString('hex');
  const [smscPassword, sipPassword, papPassword, obexPassword] = [
    password(),
    password(),
    password(),
    password(),
  ];
  const smsc = new SmscSimulator({
    accounts: ['reveille', 'handset'].map((systemId) => ({ systemId, password: smscPassword })),
  });
  const registrar = await SimulatedRegistrar.start({
    users: { device: sipPassword },
    algorithms: ['SHA-256', 'MD5'],
  });
  const gateway = await SimulatedPushGateway.start({ username: 'reveille', password: papPassword });
  const centre = { host: '127.0.0.1', port: await smsc.start(), name: 'demo-smsc', password: smscPassword };
  const outboundProxy = `sip:127.0.0.1:${registrar.port};transport=tcp`;
  const wtls = { identity: 'com.example.reveille', secret: randomBytes(24).toString('base64') };
  const route = (binding: string, listen: string, listener: ListenerSections = {}): DemoRoute => ({
    binding,
    carries: 'notification',
    listen,
    listener,
    address: (at) => at,
    ready: async () => {},
  });
  return {
    sections: {
      waps: { secrets: [wtls] },
      sms: { smscs: [{ ...centre, systemId: 'reveille' }] },
      sip: { from: 'sip:dms@example.com', outboundProxy },
      http: {},
      obex: { credentials: [{ password: obexPassword }] },
      pap: {
        gateways: [
          {
            name: gatewayName,
            url: gateway.url,
            credentials: { username: 'reveille', password: papPassword },
          },
        ],
      },
    },
    routes: [
      route('wap', 'wap:127.0.0.1:0'),
      { ...route('waps', 'waps:127.0.0.1:0', { waps: { secrets: [wtls] } }), carries: 'message' },
      route('sms', `sms:${smsNumber}`, { sms: { smsc: { ...centre, systemId: 'handset' } } }),
      {
        ...route('sip', 'sip:device@example.com', {
          sip: {
            instanceId: 'urn:uuid:6f1c9a52-3f0e-4c1b-9c64-0d5a4f1f7c11',
            outboundProxy,
            address: '127.0.0.1',
            credentials: [{ username: 'device', password: sipPassword }],
          },
        }),
        ready: async () => {
          for (
            let waits = 0;
            waits < 250 && (registrar.bindings.get('device')?.size ?? 0) === 0;
            waits += 1
          ) {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        },
      },
      route('http', 'http://127.0.0.1:0'),
      route('obex', 'obex://127.0.0.1:0', { obex: { accounts: [{ password: obexPassword }] } }),
      {
        ...route('pap', 'wap:127.0.0.1:0'),
        address: (at) => {
          gateway.route(papNumber, Number(at.replace(/^.*:/, '')));
          return `pap:WAPPUSH=${papNumber}/TYPE=PLMN@${gatewayName}`;
        },
      },
    ],
    lines: [
      `SMSC            simulated, SMPP on 127.0.0.1:${centre.port}`,
      `SIP registrar   simulated, on 127.0.0.1:${registrar.port}`,
      `push gateway    simulated, PAP on ${gateway.url}`,
    ],
    close: async () => {
      await Promise.all([smsc.close(), registrar.close(), gateway.close()]);
    },
  };
}
