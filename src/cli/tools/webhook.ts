// reveille webhook: who is told of events over HTTP, made, shown, changed, tested, told again.
import { Command } from 'commander';
import { printable } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';

interface WebhookOptions extends ApiOptions {
  readonly json?: boolean;
}

interface Fields extends WebhookOptions {
  readonly url?: string;
  readonly kind?: readonly string[];
  readonly device?: readonly string[];
  readonly name?: string;
}

/** The `webhook` command. */
export function webhookCommand(io: Io): Command {
  const create = fields(ofServer(new Command('create')))
    .summary('have events told over HTTP; prints the secret that signs them, this once')
    .action(async (options: Fields) => {
      const body = fieldsOf(options) as never;
      tellIssued(io, options, await (await openApi(io, options)).post('/v1/webhooks', { body }));
    });
  const list = ofServer(new Command('list'))
    .summary('list all webhooks, one a line')
    .action(async (options: WebhookOptions) => {
      const api = await openApi(io, options);
      for await (const webhook of api.items('/v1/webhooks', {})) tell(io, options, webhook);
    });
  const show = named('show', 'show how one webhook stands').action(
    async (id: string, options: WebhookOptions) =>
      tell(io, options, await (await openApi(io, options)).get('/v1/webhooks/{id}', of(id))),
  );
  const update = fields(named('update', 'change a webhook: what is given takes the place of what was'))
    .option('--suspend [reason]', 'send nothing any more')
    .option('--resume', 'go on where it was')
    .action(
      async (id: string, options: Fields & { readonly suspend?: string | true; readonly resume?: true }) => {
        const { suspend, resume } = options;
        const body = {
          ...fieldsOf(options),
          ...(resume === true && { state: 'active' }),
          ...(suspend !== undefined && { state: 'suspended' }),
          ...(typeof suspend === 'string' && { reason: suspend }),
        } as never;
        tell(io, options, await (await openApi(io, options)).patch('/v1/webhooks/{id}', { ...of(id), body }));
      },
    );
  const remove = named('delete', 'end a webhook, with all that waits for it').action(
    async (id: string, options: WebhookOptions) => {
      await (await openApi(io, options)).delete('/v1/webhooks/{id}', of(id));
      io.stdout(options.json === true ? `${JSON.stringify({ deleted: id })}\n` : `deleted ${id}\n`);
    },
  );
  const rotate = named('rotate', 'make the secret anew; prints it, this once')
    .option('--overlap <seconds>', 'for how long the one before signs too', '86400')
    .action(async (id: string, options: WebhookOptions & { readonly overlap: string }) => {
      const body = { overlapSeconds: readInteger(options.overlap, '--overlap', 0, 604_800) };
      const api = await openApi(io, options);
      tellIssued(io, options, await api.post('/v1/webhooks/{id}/rotate-secret', { ...of(id), body }));
    });
  const test = named('test', 'send a test event now, and say what came of it').action(
    async (id: string, options: WebhookOptions) => {
      const { event, delivered, status, error, ms } = await (await openApi(io, options)).post(
        '/v1/webhooks/{id}/test',
        of(id),
      );
      const text = delivered ? `delivered (${status}) in ${ms} ms` : `not delivered: ${error}`;
      if (options.json === true) io.stdout(`${JSON.stringify({ event, delivered, status, error, ms })}\n`);
      else io.stdout(`${printable(text)}\n`);
      if (!delivered) throw new AlreadyReported();
    },
  );
  const dead = named('dead', 'list deliveries that are not tried any more; try them again, or let them go')
    .option('--retry', 'try all of them again')
    .option('--drop', 'let all of them go')
    .action(async (id: string, options: WebhookOptions & { readonly retry?: true; readonly drop?: true }) => {
      const api = await openApi(io, options);
      const all = { ...of(id), body: { all: true } } as const;
      const act = async (
        path: '/v1/webhooks/{id}/dead/retry' | '/v1/webhooks/{id}/dead/drop',
        what: string,
      ) => {
        const { count } = await api.post(path, all);
        io.stdout(options.json === true ? `${JSON.stringify({ count })}\n` : `${count} ${what}\n`);
      };
      if (options.retry === true) return await act('/v1/webhooks/{id}/dead/retry', 'wait again');
      if (options.drop === true) return await act('/v1/webhooks/{id}/dead/drop', 'dropped');
      for (let after: string | undefined; ; ) {
        const query = after === undefined ? {} : { after };
        const page = await api.get('/v1/webhooks/{id}/dead', { params: { path: { id }, query } });
        for (const each of page.items) {
          const { event, type, at, attempts, error = '' } = each;
          const line = `${event} ${type} ${at} ${attempts} attempts: ${error}`;
          io.stdout(options.json === true ? `${JSON.stringify(each)}\n` : `${printable(line)}\n`);
        }
        after = page.next;
        if (after === undefined) return;
      }
    });
  const replay = named('replay', 'tell everything again from a moment, an event or a place of the feed on')
    .option('--since <time>', 'from this moment on, as 2026-12-01T00:00:00Z')
    .option('--event <id>', 'from the event with this webhook-id on')
    .option('--after <id>', 'after this id of the feed; 0: from the beginning')
    .action(
      async (
        id: string,
        options: WebhookOptions & {
          readonly since?: string;
          readonly event?: string;
          readonly after?: string;
        },
      ) => {
        const { since, event, after } = options;
        const body = {
          ...(since !== undefined && { since }),
          ...(event !== undefined && { event }),
          ...(after !== undefined && { after }),
        };
        const api = await openApi(io, options);
        tell(io, options, await api.post('/v1/webhooks/{id}/replay', { ...of(id), body }));
      },
    );
  const command = new Command('webhook').summary('tell programs of events over HTTP (docs/webhooks.md)');
  for (const each of [create, list, show, update, remove, rotate, test, dead, replay])
    command.addCommand(each);
  return command.addHelpText(
    'after',
    `
Examples:
  reveille webhook create --url https://hooks.example.com/reveille --kind notification --kind job
  reveille webhook test 0199…
  reveille webhook replay 0199… --since 2026-12-01T00:00:00Z`,
  );
}

function ofServer(command: Command): Command {
  return command
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--json', 'the answer as JSON');
}

/** A command about one webhook. */
function named(name: string, summary: string): Command {
  return ofServer(new Command(name))
    .summary(summary)
    .argument('<id>', 'id of the webhook, as `list` shows it');
}

function fields(command: Command): Command {
  const more = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .option('--url <url>', 'where requests go')
    .option(
      '--kind <kind>',
      'kind of events: notification, message, relayed, job, campaign, link (repeatable)',
      more,
    )
    .option('--device <id>', 'a device that it is told of; default: all (repeatable)', more)
    .option('--name <text>', 'for people');
}

function fieldsOf({ url, kind, device, name }: Fields): object {
  return {
    ...(url !== undefined && { url }),
    ...(kind !== undefined && { kinds: kind }),
    ...(device !== undefined && { devices: device }),
    ...(name !== undefined && { name }),
  };
}

/** The webhook that a request is about. */
function of(id: string) {
  return { params: { path: { id } } };
}

/** The secret alone stands on standard output, so that it can go into a file. */
function tellIssued(io: Io, { json }: WebhookOptions, issued: JsonObject): void {
  if (json === true) io.stdout(`${JSON.stringify(issued)}\n`);
  else {
    io.stdout(`${String(issued.secret)}\n`);
    io.stderr(`reveille: ${lineOf(issued)}; the secret is not shown again\n`);
  }
}

function tell(io: Io, { json }: WebhookOptions, webhook: JsonObject): void {
  io.stdout(json === true ? `${JSON.stringify(webhook)}\n` : `${lineOf(webhook)}\n`);
}

function lineOf(webhook: JsonObject): string {
  const { id, name, url, kinds, state, reason, waiting, dead, failures, lastError } = webhook;
  const words = [
    String(id),
    name === undefined ? '' : `"${String(name)}"`,
    String(url),
    (kinds as readonly string[]).join(','),
    state === 'suspended' ? `SUSPENDED (${String(reason ?? 'no reason given')})` : '',
    Number(waiting) === 0 ? '' : `${String(waiting)} waiting`,
    Number(dead) === 0 ? '' : `${String(dead)} dead`,
    Number(failures) === 0 ? '' : `${String(failures)} failed in a row: ${String(lastError)}`,
  ];
  return printable(words.filter((word) => word !== '').join(' '));
}
