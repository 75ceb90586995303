// What a family decides where the specifications leave a choice. Whoever composes asks here; what the caller named goes first.
import type { WbxmlVersion } from '../codec/wbxml/index.ts';
import { bytesToBase64, utf8ToBytes } from '../core/index.ts';
import type { BootstrapProfile, Family } from './family.ts';

/** Schemes of routes over IP whose pushes have no WSP headers. */
const ipSchemes: ReadonlySet<string> = new Set(['http', 'https', 'sip', 'sips']);

/** What stands for the server identifier in the MD5 digest; `undefined`: the one in the message (spec-notes ruling 1). */
export function digestIdentifierFor(
  { rows }: Family,
  device: {
    readonly digestIdentifier?: string | undefined;
    readonly serverCredentials: { readonly name: string };
  },
): string | undefined {
  const { digestIdentifier, serverCredentials } = device;
  return digestIdentifier ?? (rows.digestName === undefined ? undefined : serverCredentials.name);
}

/** The WBXML version to write; `undefined`: the composer's own default. */
export function wbxmlVersionFor({ rows }: Family): WbxmlVersion | undefined {
  return rows.wbxmlVersions?.value[0];
}

/** The bootstrap to make: `dm`, unless only the other one is known to be taken. */
export function bootstrapProfileFor({ rows }: Family): BootstrapProfile {
  const { dm, cp } = rows.bootstraps?.value ?? {};
  return cp === 'taken' && dm !== 'taken' ? 'cp' : 'dm';
}

/** False where a push under the default nonce would not be read, so that trying it is of no use (spec-notes ruling 12). */
export function resynchronises({ rows }: Family): boolean {
  return rows.defaultNonce === undefined;
}

/** Package #0 as it has to be written over addresses of that scheme (spec-notes ruling 8). */
export function notificationBodyFor({ rows }: Family, scheme: string, body: Uint8Array): Uint8Array {
  return rows.ipBody?.value === 'base64' && ipSchemes.has(scheme) ? utf8ToBytes(bytesToBase64(body)) : body;
}

/**
 * The Session-IDs that a client may have meant, the likeliest first, from those that its text can mean to anybody (hex,
 * then decimal; spec-notes rulings 10 and 23). A family orders them and adds what it alone spells; it takes none away.
 */
export function sessionIdReadings(
  { rows }: Family,
  text: string,
  readings: readonly number[],
): readonly number[] {
  const spelling = rows.sessionIdSpelling?.value;
  if (spelling === 'decimal') {
    const decimal = /^[0-9]+$/.test(text.trim()) ? Number.parseInt(text, 10) : undefined;
    return decimal === undefined || !readings.includes(decimal)
      ? readings
      : [...new Set([decimal, ...readings])];
  }
  const [first] = readings;
  if (spelling === 'swapped' && first !== undefined) {
    const swapped = ((first & 0xff) << 8) | (first >> 8);
    return swapped === 0 ? readings : [...new Set([swapped, ...readings])];
  }
  return readings;
}
