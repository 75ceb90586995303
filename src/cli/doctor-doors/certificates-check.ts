// Certificates and keys of the doors, and those that the configuration names.
import { readFileSync } from 'node:fs';
import { ConfigError } from '../../core/index.ts';
import { type Check, type Examined, type Finding, tellerOf } from '../doctor-base/finding.ts';
import { secretFileFinding } from '../doctor-base/secret-files.ts';
import type { Door } from '../doctor-base/set-up.ts';
import { reasonOf } from '../io/input.ts';
import {
  type Chain,
  chainFindings,
  datesAndAlgorithms,
  keyFindings,
  certificatesName as name,
  nameFindings,
  readChain,
} from './certificate-findings.ts';

const tell = tellerOf(name);

/** The check. */
export const certificatesCheck: Check = {
  name,
  run({ config, setUp, means }) {
    const now = means.clock.now();
    const doors = (setUp?.doors ?? []).flatMap((door) => doorFindings(door, now));
    return config === undefined ? doors : [...doors, ...configFindings(config, now)];
  },
};

function doorFindings({ certificate, key, clientCa, knownAs }: Door, now: number): readonly Finding[] {
  const found: Finding[] = [];
  const chain = certificate === undefined ? undefined : read(certificate, found, 'server');
  if (chain !== undefined) {
    found.push(...datesAndAlgorithms(chain, now), ...chainFindings(chain), ...nameFindings(chain, knownAs));
  }
  if (key !== undefined) found.push(...keyFile(key, chain));
  const authorities = clientCa === undefined ? undefined : read(clientCa, found, 'authorities');
  if (authorities !== undefined) found.push(...datesAndAlgorithms(authorities, now));
  return found;
}

function keyFile(file: string, chain: Chain | undefined): readonly Finding[] {
  try {
    const text = readFileSync(file, 'utf8');
    const wrong = keyFindings(chain, file, text);
    // A file that was named by mistake may have any mode.
    return wrong.length > 0 ? wrong : secretFileFinding(file);
  } catch (error) {
    const what = error instanceof ConfigError ? error.message : `it cannot be read: ${reasonOf(error)}`;
    return [tell.error(file, what, 'give the file of the key, with mode 0600')];
  }
}

function read(file: string, found: Finding[], use: Chain['use']): Chain | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    found.push(tell.error(file, `it cannot be read: ${reasonOf(error)}`, 'give the file of the certificate'));
    return undefined;
  }
  return chainOf(file, text, found, use);
}

function chainOf(where: string, text: string, found: Finding[], use: Chain['use']): Chain | undefined {
  const chain = readChain(where, text, use);
  if ('certificates' in chain) return chain;
  found.push(chain);
  return undefined;
}

/** Every `tls` of the configuration: certificate, key and authorities stand in it as texts. */
function configFindings(
  { file, sections }: NonNullable<Examined['config']>,
  now: number,
): readonly Finding[] {
  const found: Finding[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      const below = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      if (key === 'tls') found.push(...tlsFindings(`${file}: ${below}`, Object(each), now));
      else look(each, below);
    }
  };
  look(sections, '');
  return found;
}

function tlsFindings(where: string, tls: Readonly<Record<string, unknown>>, now: number): readonly Finding[] {
  const { ca, cert, key } = tls;
  const found: Finding[] = [];
  if (typeof ca === 'string') {
    const authorities = chainOf(`${where}.ca`, ca, found, 'authorities');
    if (authorities !== undefined) found.push(...datesAndAlgorithms(authorities, now));
  }
  if (typeof cert === 'string') {
    const chain = chainOf(`${where}.cert`, cert, found, 'client');
    if (chain !== undefined) {
      found.push(...datesAndAlgorithms(chain, now), ...chainFindings(chain));
      if (typeof key === 'string') found.push(...keyFindings(chain, `${where}.key`, key));
    }
  }
  return found;
}
