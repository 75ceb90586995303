import { readFileSync } from 'node:fs';

interface Known {
  readonly source: string;
  readonly name: string;
  readonly secret: string;
}

/** test/vectors/credentials.json. */
export const vectors: {
  readonly basic: readonly (Known & { readonly data: string })[];
  readonly md5: readonly (Known & { readonly nonceHex: string; readonly data: string })[];
  readonly hmac: readonly (Known & {
    readonly nonceHex: string;
    readonly bodyHex: string;
    readonly mac: string;
  })[];
  readonly hmacHeaders: readonly {
    readonly source: string;
    readonly header: string;
    readonly username: string;
    readonly macHex: string;
  }[];
  readonly nextNonce: readonly { readonly source: string; readonly text: string; readonly octets: string }[];
} = JSON.parse(readFileSync(new URL('../vectors/credentials.json', import.meta.url), 'utf8'));
