// Who proves what in a server's session: the client to the server, and the server to the client.
import { defaultNonce, randomNonce } from '../../security/index.ts';
import { Prover } from '../proof/prover.ts';
import { Verifier } from '../proof/verifier.ts';
import { defaultMaxChallenges, type ServerSessionOptions } from './server-options.ts';

/** What judges the client. */
export function clientVerifier(options: ServerSessionOptions): Verifier {
  return new Verifier({
    peer: 'client',
    credentials: options.client,
    schemes: options.clientSchemes,
    challengeNonces: options.challengeNonces,
    transportTrusted: options.transportTrusted ?? false,
    acceptDefaultNonce: options.acceptDefaultNonce ?? false,
    acceptNonceText: options.acceptNonceText ?? false,
    alwaysRenew: false,
    maxChallenges: options.maxChallenges ?? defaultMaxChallenges,
    randomNonce: options.randomNonce ?? randomNonce,
  });
}

/** What proves the server, under the default nonce or its own. */
export function serverProver(options: ServerSessionOptions, atDefault: boolean): Prover {
  const { server, serverSchemes, maxChallenges = defaultMaxChallenges } = options;
  return new Prover({
    whose: 'server',
    credentials: server,
    schemes: serverSchemes,
    nonce: atDefault ? defaultNonce() : server?.nonce,
    maxChallenges,
  });
}
