// The keys of one handshake of WTLS, made of its two hellos and a secret (WTLS §11).
import {
  bulkCipherName,
  type CipherSuite,
  type ClientHello,
  desSuite,
  type KeyId,
  keyExchangeName,
  keyExchanges,
  macAlgorithmName,
  masterSecretOf,
  nullCompression,
  RecordProtection,
  type ServerHello,
  sequenceModes,
  tripleDesSuite,
  type WtlsRecord,
  type WtlsSecret,
  type WtlsSide,
} from '../../codec/wtls/index.ts';
import { bytesToDisplayText, bytesToHex, equalConstantTime } from '../../core/index.ts';
import { portableWtlsCrypto } from './wtls-crypto.ts';

/** Master secrets of sessions that could be read, by their ids in hex: what a resumed session stands on. */
export type WtlsMasterSecrets = Map<string, Uint8Array>;

/** Sessions that are remembered so. */
const maximumSessions = 1024;

/** What hides behind two hellos: keys to try, or why there are none. */
export type WtlsEpochs =
  | { readonly epochs: readonly WtlsEpoch[] }
  | {
      /** Why it cannot be read, and what would open it. */
      readonly why: string;
    };

/** The keys of both directions, good from change_cipher_spec on. */
export class WtlsEpoch {
  /** Identity of the secret, in words; the session that was resumed, where that is what the keys stand on. */
  readonly name: string;
  readonly #sides: Readonly<Record<WtlsSide, RecordProtection>>;
  readonly #masterSecret: Uint8Array;
  readonly #sessionId: Uint8Array;

  constructor(
    name: string,
    masterSecret: Uint8Array,
    suite: CipherSuite,
    client: ClientHello,
    server: ServerHello,
  ) {
    this.name = name;
    this.#masterSecret = masterSecret;
    this.#sessionId = server.sessionId;
    const secrets = { masterSecret, clientRandom: client.random, serverRandom: server.random, suite };
    const protection = (side: WtlsSide): RecordProtection =>
      new RecordProtection(portableWtlsCrypto, secrets, side, server.keyRefresh);
    this.#sides = { client: protection('client'), server: protection('server') };
  }

  /** The fragment of a record; `undefined` when its padding or MAC does not fit these keys. */
  open(record: WtlsRecord, from: WtlsSide): Uint8Array | undefined {
    return this.#sides[from].open(record);
  }

  /** A record opened, so the secret is true: a session may be resumed with it. The oldest beyond 1024 goes. */
  rememberIn(sessions: WtlsMasterSecrets): void {
    if (this.#sessionId.length === 0) return;
    const id = bytesToHex(this.#sessionId);
    sessions.delete(id);
    sessions.set(id, this.#masterSecret);
    const oldest = sessions.keys().next();
    if (sessions.size > maximumSessions && oldest.done !== true) sessions.delete(oldest.value);
  }
}

/** The keys that these hellos may have led to: one for each secret under the identity that the server took. */
export function epochsOf(
  client: ClientHello,
  server: ServerHello,
  secrets: readonly WtlsSecret[],
  sessions: WtlsMasterSecrets,
): WtlsEpochs {
  const { bulk, mac } = server.cipherSuite;
  const suite = [tripleDesSuite, desSuite].find(
    ({ numbers }) => numbers.bulk === bulk && numbers.mac === mac,
  );
  if (suite === undefined) {
    return {
      why: `its cipher is ${bulkCipherName(bulk)} with ${macAlgorithmName(mac)}, which is not read here`,
    };
  }
  if (server.compressionMethod !== nullCompression) return { why: 'it is compressed' };
  if (server.sequenceMode !== sequenceModes.explicit) {
    return { why: 'its records carry no sequence numbers, which keys and MACs need' };
  }
  if (server.sessionId.length > 0 && equalConstantTime(server.sessionId, client.sessionId)) {
    return resumed(client, server, suite, sessions);
  }
  const keyId = client.clientKeyIds.keyIds[server.clientKeyId - 1];
  if (keyId === undefined) return { why: 'its server took a key that the terminal did not offer' };
  const identity = identityOf(keyId);
  if (identity === undefined) return { why: whyNot(keyId) };
  const name = `"${bytesToDisplayText(identity)}"`;
  const known = secrets.filter((one) => equalConstantTime(one.identity, identity));
  if (known.length === 0) {
    return { why: `the secret under the identity ${name} would open it, and was not given` };
  }
  const epochs = known.map(({ secret }) => {
    const master = masterSecretOf(portableWtlsCrypto, secret, client.random, server.random);
    return new WtlsEpoch(`identity ${name}`, master, suite, client, server);
  });
  return { epochs };
}

function resumed(
  client: ClientHello,
  server: ServerHello,
  suite: CipherSuite,
  sessions: WtlsMasterSecrets,
): WtlsEpochs {
  const id = bytesToHex(server.sessionId);
  const master = sessions.get(id);
  if (master === undefined) {
    const why = 'the handshake that began it was not read here: the capture has to hold that too';
    return { why: `it resumes session ${id}; ${why}` };
  }
  return { epochs: [new WtlsEpoch(`resumed session ${id}`, master, suite, client, server)] };
}

function whyNot({ keyExchange }: KeyId): string {
  const name = keyExchangeName(keyExchange);
  if (keyExchange !== keyExchanges.rsaAnonymous) return `its key exchange is ${name}, which is not read here`;
  return `its key exchange is ${name}: only the server's private RSA key would open it`;
}

function identityOf({ keyExchange, identifier }: KeyId): Uint8Array | undefined {
  if (keyExchange !== keyExchanges.sharedSecret) return undefined;
  if (identifier.type === 'binary') return identifier.octets;
  return identifier.type === 'text' ? identifier.name : undefined;
}
