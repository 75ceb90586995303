// What became of a job, for people: values, and statuses by name.
import { describeStatus } from '../../codec/syncml/index.ts';
import { printable } from '../../core/index.ts';
import type { JsonObject } from './api-client.ts';

/** A command of a job as the API shows it, out of its group if it stood in one. */
type Shown = JsonObject;

/** The commands of a job with those inside groups, in order. */
function flattened(commands: unknown): readonly Shown[] {
  if (!Array.isArray(commands)) return [];
  return (commands as Shown[]).flatMap((command) => [command, ...flattened(command.commands)]);
}

/**
 * The values that a device gave: alone when it is one, else each after its URI and a tab. Octets are Base64. What a user
 * entered or chose counts as a value of its alert.
 */
export function valueLines(job: JsonObject): readonly string[] {
  const values: { readonly name: string; readonly value: string }[] = [];
  for (const command of flattened(job.commands)) {
    const given = command.command === 'alert' ? command.items : command.results;
    if (!Array.isArray(given)) continue;
    for (const item of given as Shown[]) {
      const value = item.data ?? item.dataBase64;
      const name = String(item.uri ?? command.uri ?? `alert ${String(command.kind)}`);
      // A list of the structure has items without a value.
      if (typeof value === 'string') values.push({ name, value });
      else if (item.withheld !== true) values.push({ name, value: '' });
    }
  }
  const [only] = values;
  if (only !== undefined && values.length === 1) return [only.value];
  return values.map(({ name, value }) => (value === '' ? name : `${name}\t${value}`));
}

/** A value for a terminal: what would steer it is shown by its number; lines and tabs stay. */
export function terminalValue(value: string): string {
  return value.replace(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, (character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `\\u{${number}}`;
  });
}

/** One line for each command: `get ./DevDetail/FwV: 200 ok`. */
export function statusLines(job: JsonObject): readonly string[] {
  return flattened(job.commands).map((command) => {
    const about = command.uri ?? command.kind;
    const name =
      about === undefined ? String(command.command) : `${String(command.command)} ${String(about)}`;
    return `${name}: ${outcomeText(command)}`;
  });
}

function outcomeText(command: Shown): string {
  const parts: string[] = [];
  if (typeof command.status === 'number') parts.push(describeStatus(command.status));
  if (typeof command.problem === 'string') parts.push(command.problem);
  const report = command.report as JsonObject | undefined;
  if (report !== undefined) parts.push(`reported ${printable(String(report.data))}`);
  if (parts.length === 0) {
    const inside = Array.isArray(command.commands) ? (command.commands as Shown[]) : [];
    if (inside.some(({ status }) => status !== undefined)) return 'no status of its own';
    return Number(command.sends ?? 0) > 0 ? 'no answer' : 'not sent';
  }
  const results = Array.isArray(command.results) ? (command.results as Shown[]) : [];
  if (results.some((item) => item.withheld === true)) parts.push('a value that holds a secret is withheld');
  return parts.join(', ');
}
