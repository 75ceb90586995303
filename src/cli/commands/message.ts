// reveille message: DM messages that devices process without a session (DM-SESSIONLESS-1.3).
import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import { messageBuildCommand } from '../message/message-build.ts';
import { messageShowCommand } from '../message/message-show.ts';
import { messageSignCommand } from '../message/message-sign.ts';
import { messageVerifyCommand } from '../message/message-verify.ts';

/** The `message` command with its subcommands. */
export function messageCommand(io: Io): Command {
  return new Command('message')
    .summary('build, sign, verify and show DM messages that need no session')
    .description(
      'DM messages that a device processes without a session (DM-SESSIONLESS-1.3; docs/signed-messages.md). Each step ' +
        'reads what the one before it prints; reveille send TO --dm-message - sends the result over any binding.',
    )
    .addCommand(messageBuildCommand(io))
    .addCommand(messageSignCommand(io))
    .addCommand(messageVerifyCommand(io))
    .addCommand(messageShowCommand(io))
    .addHelpText(
      'after',
      `
Example:
  reveille message build job.json --server-id com.example.dm --device-id IMEI:493005100592800 |
    reveille message sign --key server.pem |
    reveille send wap:192.0.2.7 --dm-message -`,
    );
}
