// Names of header fields: their registered spelling, compact form, and where they are defined (RFC 3261 §7.3.3, §20).
import { isToken } from './field-reader.ts';

/** One known header field. */
interface HeaderRow {
  readonly name: string;
  /** One letter that stands for the name. */
  readonly compact?: string;
  /** Document and section. */
  readonly section: string;
}

const rows: readonly HeaderRow[] = [
  { name: 'Accept', section: 'RFC 3261 §20.1' },
  { name: 'Accept-Contact', compact: 'a', section: 'RFC 3841 §9.2' },
  { name: 'Accept-Encoding', section: 'RFC 3261 §20.2' },
  { name: 'Accept-Language', section: 'RFC 3261 §20.3' },
  { name: 'Allow', section: 'RFC 3261 §20.5' },
  { name: 'Allow-Events', compact: 'u', section: 'RFC 6665 §8.2.2' },
  { name: 'Authentication-Info', section: 'RFC 3261 §20.6' },
  { name: 'Authorization', section: 'RFC 3261 §20.7' },
  { name: 'Call-ID', compact: 'i', section: 'RFC 3261 §20.8' },
  { name: 'Contact', compact: 'm', section: 'RFC 3261 §20.10' },
  { name: 'Content-Disposition', section: 'RFC 3261 §20.11' },
  { name: 'Content-Encoding', compact: 'e', section: 'RFC 3261 §20.12' },
  { name: 'Content-Language', section: 'RFC 3261 §20.13' },
  { name: 'Content-Length', compact: 'l', section: 'RFC 3261 §20.14' },
  { name: 'Content-Type', compact: 'c', section: 'RFC 3261 §20.15' },
  { name: 'CSeq', section: 'RFC 3261 §20.16' },
  { name: 'Date', section: 'RFC 3261 §20.17' },
  { name: 'Event', compact: 'o', section: 'RFC 6665 §8.2.1' },
  { name: 'Expires', section: 'RFC 3261 §20.19' },
  { name: 'From', compact: 'f', section: 'RFC 3261 §20.20' },
  { name: 'Identity', compact: 'y', section: 'RFC 8224 §4' },
  { name: 'In-Reply-To', section: 'RFC 3261 §20.21' },
  { name: 'Max-Forwards', section: 'RFC 3261 §20.22' },
  { name: 'MIME-Version', section: 'RFC 3261 §20.24' },
  { name: 'Min-Expires', section: 'RFC 3261 §20.23' },
  { name: 'Organization', section: 'RFC 3261 §20.25' },
  { name: 'Path', section: 'RFC 3327 §4' },
  { name: 'P-Asserted-Identity', section: 'RFC 3325 §9.1' },
  { name: 'P-Preferred-Identity', section: 'RFC 3325 §9.2' },
  { name: 'P-Preferred-Service', section: 'RFC 6050 §4.2' },
  { name: 'Priority', section: 'RFC 3261 §20.26' },
  { name: 'Proxy-Authenticate', section: 'RFC 3261 §20.27' },
  { name: 'Proxy-Authorization', section: 'RFC 3261 §20.28' },
  { name: 'Proxy-Require', section: 'RFC 3261 §20.29' },
  { name: 'Reason', section: 'RFC 3326 §2' },
  { name: 'Record-Route', section: 'RFC 3261 §20.30' },
  { name: 'Refer-To', compact: 'r', section: 'RFC 3515 §2.1' },
  { name: 'Referred-By', compact: 'b', section: 'RFC 3892 §3' },
  { name: 'Reject-Contact', compact: 'j', section: 'RFC 3841 §9.2' },
  { name: 'Reply-To', section: 'RFC 3261 §20.31' },
  { name: 'Request-Disposition', compact: 'd', section: 'RFC 3841 §9.1' },
  { name: 'Require', section: 'RFC 3261 §20.32' },
  { name: 'Retry-After', section: 'RFC 3261 §20.33' },
  { name: 'Route', section: 'RFC 3261 §20.34' },
  { name: 'Server', section: 'RFC 3261 §20.35' },
  { name: 'Service-Route', section: 'RFC 3608 §5' },
  { name: 'Session-Expires', compact: 'x', section: 'RFC 4028 §4' },
  { name: 'Subject', compact: 's', section: 'RFC 3261 §20.36' },
  { name: 'Supported', compact: 'k', section: 'RFC 3261 §20.37' },
  { name: 'Timestamp', section: 'RFC 3261 §20.38' },
  { name: 'To', compact: 't', section: 'RFC 3261 §20.39' },
  { name: 'Unsupported', section: 'RFC 3261 §20.40' },
  { name: 'User-Agent', section: 'RFC 3261 §20.41' },
  { name: 'Via', compact: 'v', section: 'RFC 3261 §20.42' },
  { name: 'Warning', section: 'RFC 3261 §20.43' },
  { name: 'WWW-Authenticate', section: 'RFC 3261 §20.44' },
];

/** By the registered spelling, by that in lower case, and by the compact form. */
const known = new Map<string, HeaderRow>();
for (const row of rows) {
  known.set(row.name, row);
  known.set(row.name.toLowerCase(), row);
  if (row.compact !== undefined) known.set(row.compact, row);
}

function rowOf(name: string): HeaderRow | undefined {
  return known.get(name) ?? known.get(name.toLowerCase());
}

/** True for what may stand as a name: one that we know, or any token (RFC 3261 §7.3.1). */
export function isHeaderName(name: string): boolean {
  return known.has(name) || isToken(name);
}

/** The registered spelling of a name in any case or compact form; an unknown one as it is. */
export function headerName(name: string): string {
  return rowOf(name)?.name ?? name;
}

/** True when both name the same header field. */
export function sameHeader(a: string, b: string): boolean {
  if (a === b) return true;
  const row = rowOf(a);
  // Two registered spellings are mostly compared: one look is enough to find that they are of different fields.
  if (row?.name === a && known.get(b)?.name === b) return false;
  return row === rowOf(b) && (row !== undefined || a.toLowerCase() === b.toLowerCase());
}

/** Document and section that define a header field; the general rule for an unknown one. */
export function headerSection(name: string): string {
  return rowOf(name)?.section ?? 'RFC 3261 §7.3';
}
