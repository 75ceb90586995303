// reveille token: tokens of the REST API made, listed, made anew and revoked.
import { Command } from 'commander';
import { printable } from '../../core/index.ts';
import { readInteger, repeated } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import type { JsonObject } from '../remote/api-client.ts';
import { type TargetOptions, withTokens } from '../remote/token-target.ts';

interface CommonOptions extends TargetOptions {
  readonly json?: boolean;
}

interface CreateOptions extends CommonOptions {
  readonly owner: string;
  readonly name: string;
  readonly scope: readonly string[];
  readonly account?: readonly string[];
  readonly expires?: string;
}

/** Seconds of ten years. */
const longestLife = 3650 * 86_400;

/** The `token` command. */
export function tokenCommand(io: Io): Command {
  const command = new Command('token')
    .summary('make, list, replace and revoke tokens of the REST API')
    .description(
      'Tokens let people and programs use the REST API: each has an owner, a name, scopes, and the accounts that it may see ' +
        '(docs/access.md). A token is shown once, when it is made; the server keeps its SHA-256. With --data the command works on ' +
        'the store of a server that is stopped: that is how an administrator gets in who has lost every token.',
    );
  common(command.command('create'))
    .summary('make a token')
    .description('Makes a token and prints it: this once, and never again.')
    .requiredOption('--owner <name>', 'whose it is: a person or a program')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scope <scope>', 'read, push, manage, secrets or admin (repeatable)', repeated)
    .option('--account <serverId>', 'an account that it may see (repeatable); by default all', repeated)
    .option('--expires <seconds>', 'after how many seconds it opens nothing; by default it does not expire')
    .action(async (options: CreateOptions) => {
      const { owner, name, scope, account, expires } = options;
      const lifeMs =
        expires === undefined ? undefined : readInteger(expires, '--expires', 1, longestLife) * 1000;
      const body = {
        owner,
        name,
        scopes: scope,
        ...(account !== undefined && { accounts: account }),
        ...(lifeMs !== undefined && { expiresAt: new Date(Date.now() + lifeMs).toISOString() }),
      };
      await withTokens(io, options, async (tokens) => tellIssued(io, options, await tokens.create(body)));
    });
  common(command.command('list'))
    .summary('list tokens, without what opens')
    .action(async (options: CommonOptions) => {
      await withTokens(io, options, async (tokens) => {
        const all = await tokens.list();
        for (const token of all) {
          io.stdout(options.json === true ? `${JSON.stringify(token)}\n` : `${lineOf(token)}\n`);
        }
      });
    });
  common(command.command('revoke'))
    .summary('end a token at once')
    .argument('<id>', 'id of the token, as `list` shows it')
    .action(async (id: string, options: CommonOptions) => {
      await withTokens(io, options, async (tokens) => {
        const token = await tokens.revoke(id);
        io.stdout(options.json === true ? `${JSON.stringify(token)}\n` : `${lineOf(token)}\n`);
      });
    });
  common(command.command('rotate'))
    .summary('make a token anew under its id')
    .description(
      'Prints the new token, this once. The one before opens for some time too, so that nothing stops meanwhile.',
    )
    .argument('<id>', 'id of the token, as `list` shows it')
    .option('--overlap <seconds>', 'for how long the one before opens too', '3600')
    .action(async (id: string, options: CommonOptions & { readonly overlap: string }) => {
      const overlap = readInteger(options.overlap, '--overlap', 0, 30 * 86_400);
      await withTokens(io, options, async (tokens) =>
        tellIssued(io, options, await tokens.rotate(id, overlap)),
      );
    });
  return command;
}

/** Options of all of them. */
function common(command: Command): Command {
  return command
    .option('--server <url>', 'REST API of a Reveille server, such as http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with a token that has the scope admin; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--data <folder>', 'folder of the database of a server that is stopped, in place of --server')
    .option('--json', 'the answer as JSON');
}

/** The token alone stands on standard output, so that it can go into a file. */
function tellIssued(io: Io, { json }: CommonOptions, issued: JsonObject): void {
  if (json === true) {
    io.stdout(`${JSON.stringify(issued)}\n`);
    return;
  }
  io.stdout(`${String(issued.token)}\n`);
  io.stderr(`reveille: ${lineOf(issued)}; it is not shown again\n`);
}

function lineOf(token: JsonObject): string {
  const { id, owner, name, scopes, accounts, expiresAt, previousUntil, lastUsedAt, revokedAt } = token;
  const words = [
    `${String(id)} ${String(owner)}/${String(name)}: ${list(scopes)}`,
    accounts === undefined ? 'all accounts' : `accounts ${list(accounts)}`,
    revokedAt === undefined ? '' : `revoked ${String(revokedAt)}`,
    expiresAt === undefined ? '' : `expires ${String(expiresAt)}`,
    previousUntil === undefined ? '' : `the one before until ${String(previousUntil)}`,
    lastUsedAt === undefined ? 'never used' : `last used ${String(lastUsedAt)}`,
  ];
  return printable(words.filter((word) => word !== '').join(', '));
}

function list(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : '';
}
