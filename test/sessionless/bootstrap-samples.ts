// Accounts and access points that the tests of bootstrap messages share.
import { type BootstrapContent, composeBootstrap } from '../../src/sessionless/index.ts';
import type { NewDmAccount } from '../../src/tree/index.ts';

/** Account and access point with only what they must have, and with everything that both profiles can say. */
export const least: NewDmAccount = { serverId: 'com.example.new', addresses: [], credentials: [] };
export const full: NewDmAccount = {
  serverId: 'com.example.new',
  node: 'Operator',
  name: 'New operator',
  addresses: [
    { addr: 'https://dm.example.com/dm', portNumbers: [443, 8443] },
    { addr: '192.0.2.1', addrType: 'IPv4' },
  ],
  prefConRef: './NAP/Other',
  toConRefs: ['./NAP/A', './NAP/B'],
  authPreference: 'DIGEST',
  credentials: [
    { level: 'CLCRED', type: 'DIGEST', name: 'd1', secret: 'client', data: Uint8Array.of(1, 2, 3) },
    { level: 'SRVCRED', type: 'HMAC' },
    { level: 'OBEX', type: 'BASIC' },
    { level: 'HTTP', type: 'HTTP-BASIC' },
  ],
};
export const leastPoint = { id: 'NET', address: 'internet.example' };
export const fullPoint = {
  id: 'NET.1_a-b',
  name: 'Internet',
  address: '+491701234567',
  addressType: 'E164',
  bearer: 'GSM-CSD',
  auth: [{ type: 'PAP', name: 'n', secret: 's' }, { type: 'CHAP' }],
};
export const noticred = { level: 'NOTICRED', type: 'HMAC', secret: 'n' } as const;

/** The body of a bootstrap message: what is left out is the least that there is. */
export function bootstrap(content: Partial<BootstrapContent>): Uint8Array {
  return composeBootstrap({ profile: 'dm', account: least, protection: { sec: 'none' }, ...content }).body;
}
