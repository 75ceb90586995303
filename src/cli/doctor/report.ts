// What the doctor says, for people and for programs.
import type { ShownRequest } from '../../push/sms-http/index.ts';
import type { Style } from '../decode/table.ts';
import type { Finding } from '../doctor-base/finding.ts';
import { exampleNumber } from './carrier-request.ts';

/** Lines of a finding. */
export function findingText({ check, severity, where, what, remedy }: Finding, style: Style): string {
  const mark = { error: style.bad, warning: style.strong, note: style.faint }[severity];
  const lines = [`${mark}${severity.padEnd(8)}${style.end} ${where}`, `         ${what}`];
  if (remedy !== undefined) lines.push(`         ${remedy}`);
  lines.push(`         ${style.faint}(${check})${style.end}`);
  return `${lines.join('\n')}\n`;
}

/** Requests as they would go out, each after a line that says which message it is. */
export function requestsText(carrier: string, requests: readonly ShownRequest[], style: Style): string {
  return requests
    .map(({ method, url, headers, body, octets }, index) => {
      const which = `message ${index + 1} of ${requests.length}, ${octets} octets of user data`;
      const heading = `${style.heading}${carrier}: a notification to ${exampleNumber}, ${which}; not sent${style.end}`;
      const fields = headers.map(([name, value]) => `${name}: ${value}`);
      return `${[heading, `${method} ${url}`, ...fields, ...(body === '' ? [] : ['', body])].join('\n')}\n`;
    })
    .join('\n');
}
