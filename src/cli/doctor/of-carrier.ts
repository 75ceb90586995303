// Which findings are about one carrier, and what belongs to it.
import type { Finding } from '../doctor-base/finding.ts';

/**
 * Says whether a finding is about the road `carrier` (`NAME`, or `sms:NAME`), about where its receipts come in, or about the whole of the
 * configuration in `file`. `secrets` has, by file of a secret, the paths of the fields that name it.
 */
export function aboutCarrier(
  carrier: string,
  file: string,
  secrets: ReadonlyMap<string, readonly string[]>,
): (finding: Finding) => boolean {
  const road = `sms.roads.${carrier.replace(/^sms:/, '')}`;
  const within = (path: string, of: string): boolean =>
    path === of || path.startsWith(`${of}.`) || path.startsWith(`${of}[`);
  const belongs = (path: string): boolean =>
    within(path, road) || within(path, 'sms.listen') || path === 'sms';
  return ({ where }) =>
    where === file ||
    (where.startsWith(`${file}: `) && belongs(where.slice(file.length + 2))) ||
    (secrets.get(where) ?? []).some(belongs);
}
