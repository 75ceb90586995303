// The fields of a notification as command-line options, for those who do not want to write JSON.
import { type Command, Option } from 'commander';
import {
  authTypes,
  initiators,
  notificationFormats,
  preferredBearers,
  transports,
  uiModes,
} from '../../codec/notification/index.ts';
import { readInteger } from './input.ts';
import { UsageError } from './io.ts';

/** Values of the options that `addNotificationOptions` adds. */
export interface NotificationOptions {
  readonly format?: string;
  readonly uiMode?: string;
  readonly initiator?: string;
  readonly transport?: string;
  readonly reason?: string;
  readonly authType?: string;
  readonly sendDevDetail?: boolean;
  readonly timeoutMinutes?: string;
  readonly timeoutDays?: string;
  readonly requestedMo?: string;
  readonly targetedMo?: string;
  readonly preferredBearer?: string;
}

/** Adds an option for each field that is set often; the others come as JSON. */
export function addNotificationOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <name>', 'format of Package #0').choices(notificationFormats))
    .addOption(new Option('--ui-mode <mode>', 'what the server recommends towards the user').choices(uiModes))
    .addOption(new Option('--initiator <who>', 'who caused the session').choices(initiators))
    .addOption(new Option('--transport <name>', 'transport of the session (1.3 formats)').choices(transports))
    .addOption(new Option('--auth-type <type>', 'credentials that sign it (dm1.3-2010)').choices(authTypes))
    .option('--send-dev-detail', 'ask for DevDetail in the session (dm1.3-2010)')
    .option('--reason <text>', 'reason shown to the user (1.3 formats)')
    .option('--timeout-minutes <number>', 'minutes that the Session-ID stays valid (dm1.3)')
    .option('--timeout-days <number>', 'days that the Session-ID stays valid, 0-7 (dm1.3-2010)')
    .option('--requested-mo <list>', 'indexes of the objects that the device shall send, such as 1,2 (dm1.3)')
    .option('--targeted-mo <list>', 'indexes of the objects to be managed (dm1.3)')
    .option('--preferred-bearer <list>', 'bearers for the session in order, such as wlan,ethernet (dm1.3)');
}

/** The fields that the options give, under their JSON names. @throws {UsageError} */
export function notificationFields(options: NotificationOptions): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of [
    'format',
    'uiMode',
    'initiator',
    'transport',
    'reason',
    'authType',
    'sendDevDetail',
  ] as const) {
    if (options[name] !== undefined) fields[name] = options[name];
  }
  if (options.timeoutMinutes !== undefined) {
    fields.timeoutMinutes = readInteger(options.timeoutMinutes, '--timeout-minutes', 0, 65535);
  }
  if (options.timeoutDays !== undefined) {
    fields.timeoutDays = readInteger(options.timeoutDays, '--timeout-days', 0, 7);
  }
  if (options.requestedMo !== undefined) fields.requestedMo = indexes(options.requestedMo, '--requested-mo');
  if (options.targetedMo !== undefined) fields.targetedMo = indexes(options.targetedMo, '--targeted-mo');
  if (options.preferredBearer !== undefined) fields.preferredBearer = bearers(options.preferredBearer);
  return fields;
}

function indexes(text: string, option: string): number[] {
  return text.split(',').map((part) => readInteger(part.trim(), option, 0, 65535));
}

function bearers(text: string): string[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    if (!preferredBearers.some((known) => known === name)) {
      throw new UsageError(`--preferred-bearer ${name}: must be one of ${preferredBearers.join(', ')}`);
    }
    return name;
  });
}
