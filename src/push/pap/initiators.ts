// Who may use a PAP endpoint, from where, for which addresses: the rules for each push initiator.

import { BlockList, isIP } from 'node:net';
import { type PapAddress, papAddressTypeOf, plainPapValue } from '../../codec/pap/index.ts';
import type { DmContentKind } from '../../codec/wsp/index.ts';
import { type AttemptGuardOptions, type Clock, ValueError } from '../../core/index.ts';
import { HttpAuthenticator, type HttpCredentials } from '../http/index.ts';
import { plainAddress } from '../index.ts';
import type { PapHttpRequest } from './http-form.ts';

/** A push initiator and what it may do. */
export interface PapInitiator {
  /** Names it to the host; its push-ids are its own. */
  readonly name: string;
  /** What it proves. Without them it is known by where it comes from. */
  readonly credentials?: HttpCredentials | undefined;
  /** IP addresses, and networks such as `10.0.0.0/8`, that it may come from. Default: any, when it has credentials. */
  readonly from?: readonly string[] | undefined;
  /**
   * Addresses that it may push to: `TYPE:value` with `*` for anything, such as `PLMN:+49*` or `IPv4:10.*`; the type in any
   * case. Default: all.
   */
  readonly addresses?: readonly string[] | undefined;
  /** What it may push. Default: all. */
  readonly kinds?: readonly DmContentKind[] | undefined;
  /** URLs that result notifications may go to, with all that begins with them. Default: none. */
  readonly notifyTo?: readonly string[] | undefined;
}

/** Who a request comes from. */
export type Identification =
  | { readonly kind: 'known'; readonly initiator: PapInitiator }
  /** Credentials are wanted: values for WWW-Authenticate. */
  | { readonly kind: 'challenge'; readonly challenges: readonly string[] }
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** Too many wrong passwords before: this one was not looked at. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

/** The initiators of an endpoint. */
export class Initiators {
  readonly #authenticator: HttpAuthenticator;
  readonly #byUser = new Map<string, PapInitiator>();
  readonly #byPlace: PapInitiator[] = [];
  readonly #places = new Map<PapInitiator, BlockList>();

  /** @throws {ValueError} for a rule that cannot be read, or that leaves the endpoint open to everyone */
  constructor(
    initiators: readonly PapInitiator[],
    options: {
      readonly realm: string;
      readonly allowPlainBasic: boolean;
      readonly clock: Clock;
      readonly random: (length: number) => Uint8Array;
      readonly attempts: AttemptGuardOptions | undefined;
    },
  ) {
    const names = new Set<string>();
    for (const initiator of initiators) {
      const { name, credentials, from } = initiator;
      if (name === '' || names.has(name)) {
        throw new ValueError(
          'BAD_FORMAT',
          `${JSON.stringify(name)} is empty or there twice`,
          'initiators.name',
        );
      }
      names.add(name);
      if (from !== undefined) this.#places.set(initiator, placesOf(from, `initiators.${name}.from`));
      for (const url of initiator.notifyTo ?? []) {
        if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
          throw new ValueError('BAD_FORMAT', 'is not an http: or https: URL', `initiators.${name}.notifyTo`);
        }
      }
      if (credentials === undefined) {
        if (from === undefined) {
          throw new ValueError('MISSING', 'needs credentials, or places to come from', `initiators.${name}`);
        }
        this.#byPlace.push(initiator);
      } else if (this.#byUser.has(credentials.username)) {
        throw new ValueError('BAD_FORMAT', 'has the user name of another one', `initiators.${name}`);
      } else {
        this.#byUser.set(credentials.username, initiator);
      }
    }
    const accounts = initiators.flatMap(({ credentials }) =>
      credentials === undefined ? [] : [credentials],
    );
    this.#authenticator = new HttpAuthenticator({ accounts, ...options });
  }

  /** Whose request it is. */
  identify({ method, target, authorization, tls, peer }: PapHttpRequest): Identification {
    const proof = this.#authenticator.check({ method, target, authorization, tls, peer });
    if (proof.kind === 'limited') return proof;
    if (proof.kind === 'refused') {
      return { kind: 'challenge', challenges: this.#authenticator.challenges(tls, proof.stale) };
    }
    if (proof.kind === 'proved') {
      const initiator = this.#byUser.get(proof.username);
      if (initiator !== undefined && this.#isAt(initiator, peer)) return { kind: 'known', initiator };
      return { kind: 'forbidden', detail: `${proof.username} may not come from ${peer}` };
    }
    const initiator = this.#byPlace.find((each) => this.#isAt(each, peer));
    if (initiator !== undefined) return { kind: 'known', initiator };
    return this.#byUser.size > 0
      ? { kind: 'challenge', challenges: this.#authenticator.challenges(tls) }
      : { kind: 'forbidden', detail: `nobody is known at ${peer}` };
  }

  #isAt(initiator: PapInitiator, peer: string): boolean {
    const places = this.#places.get(initiator);
    if (places === undefined) return true;
    const address = plainAddress(peer);
    const version = isIP(address);
    return version !== 0 && places.check(address, version === 6 ? 'ipv6' : 'ipv4');
  }
}

/** True when the initiator may push to the address. */
export function mayReach({ addresses }: PapInitiator, address: PapAddress): boolean {
  return addresses === undefined || addresses.some((pattern) => allows(pattern, address));
}

/** The type is compared in any case, the value as it was written and as it is pushed to. */
function allows(pattern: string, address: PapAddress): boolean {
  const [named = '', ...rest] = pattern.split(':');
  if (rest.length === 0 || named.includes('*')) return matches(pattern, `${address.type}:${address.value}`);
  if (papAddressTypeOf(named) !== address.type) return false;
  return [address.value, plainPapValue(address)].some((value) => matches(rest.join(':'), value));
}

/** True when the initiator may be told results under the URL. */
export function mayBeToldAt({ notifyTo = [] }: PapInitiator, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const wanted = new URL(url);
  if (wanted.username !== '' || wanted.password !== '') return false;
  return notifyTo.some((allowed) => {
    const { origin, pathname } = new URL(allowed);
    const below = pathname.endsWith('/') ? pathname : `${pathname}/`;
    return wanted.origin === origin && (wanted.pathname === pathname || wanted.pathname.startsWith(below));
  });
}

/** `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function placesOf(from: readonly string[], path: string): BlockList {
  const places = new BlockList();
  for (const place of from) {
    const [address = '', prefix] = place.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    if (version === 0 || !/^[0-9]{1,3}$/.test(prefix ?? '0') || bits > (version === 6 ? 128 : 32)) {
      throw new ValueError('BAD_FORMAT', `${JSON.stringify(place)} is not an address or a network`, path);
    }
    places.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }
  return places;
}
