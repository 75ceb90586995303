// What a server would be started with: its folder, its doors, and what proves who comes in.
import type { ListenAddress } from '../io/listen-address.ts';

/** A place where a server listens, with what it is reached by. */
export interface Door {
  /** Such as `REST API`. */
  readonly name: string;
  readonly listen: ListenAddress;
  /** File of its certificate chain (PEM); absent: it speaks plain HTTP. */
  readonly certificate?: string | undefined;
  /** File of the private key (PEM). */
  readonly key?: string | undefined;
  /** File of the authorities of client certificates (PEM). */
  readonly clientCa?: string | undefined;
  /** Host names and addresses that others know it by, each with where that is said. */
  readonly knownAs: readonly { readonly host: string; readonly where: string }[];
  /** Why it may listen for other machines without TLS: a proxy, or somebody said so. */
  readonly plain?: 'proxy' | 'on purpose' | undefined;
}

/** What a server would be started with. */
export interface SetUp {
  /** Folder of the database. */
  readonly data: string;
  readonly doors: readonly Door[];
  /** Ids of the keys that its secrets are sealed under, and where they stand; absent: they cannot be read. */
  readonly sealKeys?: { readonly where: string; readonly ids: readonly string[] } | undefined;
  /** Tokens that may do everything, and where they stand. */
  readonly tokens?:
    | { readonly where: string; readonly file?: string | undefined; readonly list: readonly string[] }
    | undefined;
  /** An identity provider: where it is named, and a URL that it is asked at. */
  readonly oidc?: { readonly where: string; readonly url: string } | undefined;
}
