// Devices as lines of a file, and that file sent to a server.
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { serverId } from '../programs/names.ts';

const regions = ['north', 'east', 'south', 'west'];
/** Lines that are written at once. */
const atOnce = 1000;

/** Writes so many devices, each with two labels. */
export async function writeDevices(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  for (let from = 0; from < count; from += atOnce) {
    let text = '';
    for (let number = from; number < Math.min(count, from + atOnce); number += 1) text += lineOf(number);
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function lineOf(number: number): string {
  const digits = String(number).padStart(8, '0');
  const device = {
    // As they come: not in the order of the index.
    id: `IMEI:${String((number * 7_919_317) % 100_000_007).padStart(9, '0')}${digits}`,
    serverId,
    addresses: [`wap:10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}:2948`],
    format: number % 3 === 0 ? 'dm1.3' : 'dm1.2',
    serverCredentials: { secret: `srv-${digits}-Xw7qLpZ2vK9m` },
    clientCredentials: { name: `dev-${digits}`, secret: `cli-${digits}-Jc4tRbN8yH5s` },
    labels: { region: regions[number % regions.length], site: `site-${number % 1000}` },
  };
  return `${JSON.stringify(device)}\n`;
}

/** Makes sure that the account of the devices is there. */
export async function addAccount(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ serverId, url: 'http://127.0.0.1/dm' }),
  });
  if (!answer.ok && answer.status !== 409) throw new Error(`no account: ${await answer.text()}`);
}

/** Has a server take all of them in, and gives the seconds that it took. @throws when one was refused */
export async function importDevices(origin: string, file: string, count: number): Promise<number> {
  const started = performance.now();
  const sent = request(`${origin}/v1/devices/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    agent: false,
  });
  const sending = pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), sent);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  let rest = '';
  for await (const text of response) rest = (rest + String(text)).slice(-4096);
  await sending;
  const seconds = (performance.now() - started) / 1000;
  const last = rest.trimEnd().split('\n').at(-1) ?? '';
  const { summary } = JSON.parse(last) as { summary?: { created: number; rejected: number } };
  if (summary?.created !== count || summary.rejected > 0) throw new Error(`not all were taken: ${last}`);
  return seconds;
}
