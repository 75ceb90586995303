// What whoever runs the server should know of its doors.
import type { Logger } from '../../core/index.ts';
import { isLoopback } from '../io/listen-address.ts';
import type { ApiDoor } from './doors.ts';
import type { SetUp } from './set-up.ts';

/** One such thing. */
export interface DoorWarning {
  /** What it is about, for the log. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The door stands open to whoever sees the traffic. */
export function plainApiWarning({ host, port, tls }: ApiDoor): DoorWarning | undefined {
  if (tls !== undefined || isLoopback(host)) return undefined;
  const text = 'the REST API listens without TLS: whoever sees the traffic can use its tokens';
  return { about: { host, port }, text };
}

/** The tokens of a file may do everything, for as long as it is given. */
export function tokenFileWarning({
  read: {
    values: { tokenFile },
  },
  api: { tokens },
}: Pick<SetUp, 'read' | 'api'>): DoorWarning | undefined {
  if (tokenFile === undefined || tokens.length === 0) return undefined;
  const text =
    'every token of --token-file may do everything: make tokens with scopes (reveille token create), then leave the file out';
  return { about: { file: tokenFile }, text };
}

/** Tokens that a server has made are given as if they might do everything. */
export function madeTokensWarning({ madeTokens = 0 }: ApiDoor): DoorWarning | undefined {
  if (madeTokens === 0) return undefined;
  const text =
    'what was given as a token that may do everything is one that a server has made: the store says what it may do, and whether it ' +
    'opens at all; leave it out, or give one of reveille secret';
  return { about: { tokens: madeTokens }, text };
}

/** Tells the log what there is. */
export function tellWarnings(logger: Logger, ...warnings: readonly (DoorWarning | undefined)[]): void {
  for (const warning of warnings) if (warning !== undefined) logger.warn(warning.about, warning.text);
}
