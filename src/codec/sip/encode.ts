// Writes SIP messages (RFC 3261 §7). Content-Length is computed.
import { ByteWriter, utf8Length, ValueError } from '../../core/index.ts';
import { isToken } from './field-reader.ts';
import { headerName, isHeaderName } from './header-names.ts';
import { type SipHeader, type SipMessage, sipDocument } from './message.ts';

/**
 * The message as octets, its headers in the order given; a Content-Length among them is replaced.
 * @throws {ValueError} BAD_FORMAT or OUT_OF_RANGE for a part that would end its line or be read as something else
 */
export function encodeSipMessage(message: SipMessage): Uint8Array {
  const head = formatSipHead(message);
  return new ByteWriter(utf8Length(head) + message.body.length).utf8(head).bytes(message.body).release();
}

/**
 * What stands in front of the body, the empty line with it: for who has a quicker way to make octets of text.
 * @param prepared more header fields, as `formatSipHeaders` gave them
 * @throws {ValueError} as `encodeSipMessage`
 */
export function formatSipHead(message: SipMessage, prepared = ''): string {
  const { headers, body } = message;
  const head = `${startLine(message)}\r\n${formatSipHeaders(headers)}${prepared}`;
  return `${head}Content-Length: ${body.length}\r\n\r\n`;
}

/**
 * Header fields as lines, but for a Content-Length among them.
 * @throws {ValueError} BAD_FORMAT for one that would end its line or be read as something else
 */
export function formatSipHeaders(headers: readonly SipHeader[]): string {
  let lines = '';
  for (const { name, value } of headers) {
    if (headerName(name) === 'Content-Length') continue;
    if (!isHeaderName(name))
      throw badFormat(`${JSON.stringify(name)} is not a header name`, 'headers', '7.3.1');
    if (isUnprintable(value)) throw badFormat('holds a control character', name, '7.3.1');
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function startLine(message: SipMessage): string {
  if (message.kind === 'response') {
    const { status, reason } = message;
    if (!Number.isInteger(status) || status < 100 || status > 699) {
      const spec = { doc: sipDocument, section: '7.2' };
      throw new ValueError('OUT_OF_RANGE', `${status} is not an integer from 100 to 699`, 'status', spec);
    }
    if (isUnprintable(reason)) throw badFormat('holds a control character', 'reason', '7.2');
    return `SIP/2.0 ${status} ${reason}`;
  }
  const { method, requestUri } = message;
  if (!isToken(method)) throw badFormat(`${JSON.stringify(method)} is not a method`, 'method', '7.1');
  if (requestUri === '' || /\s/.test(requestUri) || isUnprintable(requestUri)) {
    throw badFormat('must be a URI without white space', 'requestUri', '7.1');
  }
  return `${method} ${requestUri} SIP/2.0`;
}

/** Control characters but the tabulator; with one of them a value could start a line of its own. */
function isUnprintable(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

function badFormat(detail: string, path: string, section: string): ValueError {
  return new ValueError('BAD_FORMAT', detail, path, { doc: sipDocument, section });
}
