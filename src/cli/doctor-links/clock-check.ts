// The clock of this machine: whether it can be right, and whether somebody sets it.
import { execFile } from 'node:child_process';
import { type Check, type Means, tellerOf } from '../doctor-base/finding.ts';

const name = 'clock';
const tell = tellerOf(name);

/** No machine that this program runs on has lived before: 2020-01-01. */
const earliest = Date.UTC(2020, 0);

const where = 'the clock of this machine';
const remedy = 'have it set by NTP (timedatectl set-ntp true)';

/** The check. */
export const clockCheck: Check = {
  name,
  async run({ setUp, means }) {
    if (setUp === undefined) return [];
    const now = means.clock.now();
    if (now < earliest) {
      const what = `it says ${new Date(now).toISOString().slice(0, 10)}: certificates, ends of notifications and dates of events are wrong`;
      return [tell.error(where, what, remedy)];
    }
    if ((await isSynchronised(means)) !== false) return [];
    const what =
      'nothing sets it (NTPSynchronized=no): it goes off with time, and with it ends of notifications';
    return [tell.warning(where, what, remedy)];
  },
};

/** What systemd knows; `undefined` where it is not there, or does not answer. */
function isSynchronised({ env, stop }: Means): Promise<boolean | undefined> {
  const options = { env: { PATH: env.PATH, LC_ALL: 'C' }, signal: stop, timeout: 3000 };
  return new Promise((resolve) => {
    execFile('timedatectl', ['show', '--property=NTPSynchronized', '--value'], options, (error, stdout) => {
      const said = stdout.trim();
      resolve(error === null && (said === 'yes' || said === 'no') ? said === 'yes' : undefined);
    });
  });
}
