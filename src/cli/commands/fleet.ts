// reveille fleet: many simulated devices in one process, for trials of a server under load and under faults.
import { Command } from 'commander';
import { fleetDefaults } from '../../fleet/index.ts';
import type { FleetFlags } from '../fleet/fleet-flags.ts';
import { runFleet } from '../fleet/run-fleet.ts';
import type { Io } from '../io/io.ts';

/** The `fleet` command. */
export function fleetCommand(io: Io): Command {
  const d = fleetDefaults;
  return new Command('fleet')
    .summary('run many simulated devices in one process')
    .description(
      'Runs simulated devices until it is stopped, or with --wake until each was woken: every one of them receives pushes, ' +
        'verifies them and runs real sessions, as `reveille device` does. What they are follows from --seed, --first and ' +
        '--mix, secrets included, so anybody can know their secrets: they are for trials, and stay on loopback. Prints a ' +
        'summary at the end.',
    )
    .requiredOption('--devices <number>', 'how many, 1–1000000')
    .option('--first <index>', 'index of the first one: other indexes are other devices', String(d.first))
    .option('--mix <file>', 'JSON with shares of kinds, rates of faults, carriers (docs/testing.md)')
    .option('--seed <number>', 'decides what devices are and which faults they meet', String(d.seed))
    .option('--server-id <id>', 'server that manages them', d.serverId)
    .option('--dm-url <url>', 'its DM endpoint', 'http://127.0.0.1:8080/dm')
    .option('--host <address>', 'address on which devices listen', d.host)
    .option(
      '--first-port <port>',
      'port of the first device, the next ones follow; 0: any free ones',
      String(d.firstPort),
    )
    .option('--any-network', 'leave loopback, for listening and connecting')
    .option('--ramp <number>', 'devices that come up in a second; default: as fast as it goes')
    .option('--max-awake <number>', 'devices that work at the same time', String(d.maxAwake))
    .option('--state <file>', 'keep the states of the devices in this file, for the next run')
    .option('--journal <file>', 'append what each device saw to this file, one JSON object a line')
    .option(
      '--records <file>',
      'write the devices as bodies of POST /v1/devices, one a line; it holds secrets',
    )
    .option('--register <url>', 'create the account and the devices at the server with this REST API')
    .option('--token-file <file>', 'file with the API token; default: REVEILLE_API_TOKEN')
    .option('--wake', 'with --register: have each device woken once, and end when all were')
    .option('--wake-rate <number>', 'wakes that are asked for in a second; default: as fast as it goes')
    .option(
      '--rehearse <number>',
      'first have so many further devices woken, 1–1000: memory is then measured against a process that has run',
    )
    .option('--for <seconds>', 'end after so long, whatever happened')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Exit status: 0; with --wake 1 when not all devices were woken: up to ten are named, with what each last came to.

Examples:
  reveille fleet --devices 100 --register http://127.0.0.1:8081 --wake
  reveille fleet --devices 10000 --mix mix.json --ramp 500 --state fleet.states --journal fleet.ndjson --records devices.ndjson`,
    )
    .action(async (flags: FleetFlags) => runFleet(io, flags));
}
