// How hard secrets are to guess that prove who somebody is: tokens, and passwords of accounts.
import { requireToken } from '../../api/index.ts';
import { ConfigError, secretStrength, strongSecretBits } from '../../core/index.ts';
import { type Check, type Examined, type Finding, tellerOf } from '../doctor-base/finding.ts';
import { secretFileFinding } from '../doctor-base/secret-files.ts';
import type { SetUp } from '../doctor-base/set-up.ts';

const name = 'secrets';
const tell = tellerOf(name);

/** Bits below which a password is among the first that anybody tries; eight characters of SMPP can have more. */
const leastPasswordBits = 24;

/** Bits below which a secret can be found by trying it at a port: whoever has it makes receipts of his own. */
const leastProofBits = 40;

/** The check. Nothing of a secret is shown. */
export const secretsCheck: Check = {
  name,
  run({ config, setUp }) {
    const found = setUp === undefined ? [] : tokenFindings(setUp);
    return config === undefined ? found : [...found, ...configFindings(config)];
  },
};

function tokenFindings({ tokens }: SetUp): readonly Finding[] {
  if (tokens === undefined) return [];
  const { where, list, file } = tokens;
  const found = file === undefined ? [] : [...modeFindings(file)];
  if (list.length === 0) {
    found.push(tell.error(where, 'it holds no token', 'make one: reveille secret'));
  }
  for (const [index, token] of list.entries()) {
    const line = list.length === 1 ? where : `${where}, token ${index + 1}`;
    try {
      requireToken(token);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      found.push(tell.error(line, error.message.split('; make one')[0] ?? '', 'make one: reveille secret'));
      continue;
    }
    const { bits, strong } = secretStrength(token);
    if (strong) continue;
    const what = `it can be guessed: about ${bits} bits, ${strongSecretBits} are needed`;
    found.push(tell.warning(line, what, 'make one: reveille secret'));
  }
  return found;
}

function modeFindings(file: string): readonly Finding[] {
  try {
    return secretFileFinding(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [tell.error(file, error.message)];
  }
}

/** Passwords beside the names that they are for, and secrets that prove receipts, wherever they stand. */
function configFindings({ file, sections }: NonNullable<Examined['config']>): readonly Finding[] {
  const found: Finding[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { password, secret, username, userId, systemId } = Object(value);
    const user = username ?? userId ?? systemId;
    if (typeof password === 'string') {
      found.push(...passwordFindings(`${file}: ${path}.password`, password, user));
    }
    if (typeof secret === 'string' && /\.proof\.[a-z]+$/.test(path)) {
      found.push(...proofFindings(`${file}: ${path}.secret`, secret));
    }
    for (const [key, each] of Object.entries(value)) {
      look(each, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
    }
  };
  look(sections, '');
  return found;
}

function passwordFindings(where: string, password: string, user: unknown): readonly Finding[] {
  const remedy = 'have the other side set a random one (reveille secret; SMPP takes eight characters)';
  if (password === user) return [tell.warning(where, 'the password is the name of the account', remedy)];
  const { bits } = secretStrength(password);
  if (bits >= leastPasswordBits) return [];
  return [
    tell.warning(where, `the password is among the first that anybody tries: about ${bits} bits`, remedy),
  ];
}

function proofFindings(where: string, secret: string): readonly Finding[] {
  const { bits } = secretStrength(secret);
  // One that is short is refused by the road itself.
  if (secret.length < 16 || bits >= leastProofBits) return [];
  const what = `it can be guessed, and receipts can be forged with it: about ${bits} bits`;
  return [tell.warning(where, what, 'make one: reveille secret, and give it to the company')];
}
