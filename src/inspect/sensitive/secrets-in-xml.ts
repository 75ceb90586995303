// Secrets in XML, also in XML that is text within XML: credentials of DM messages, values of nodes, parameters of Client
// Provisioning. One walk from mark to mark: what is damaged is looked through like what is whole, in as many steps.
import { isSecretName, isSecretNode } from './secret-names.ts';
import type { SecretPlace } from './secret-place.ts';

/** Tags that say what comes next, with their attributes; the first sign may be missing where the octets begin within a tag. */
const marks =
  /(?<![\w-])(?<name>LocURI|NodeName|SyncBody|CmdID|Item|Node|Cred|Data|Value)(?:\s[^<>&]{0,256})?(?:>|&gt;)/gi;
/** What no address of a node reaches beyond. */
const places: ReadonlySet<string> = new Set(['syncbody', 'cmdid', 'item', 'node']);
/** What stands before the name in the tag of an end. */
const endSign = /\/(?:[\w.-]{1,64}:)?$/;
/** What a value ends with. */
const valueEnd = /<\/|&lt;\/|\]\]>/g;
/** What an address of a node ends with. */
const textEnd = /<|&lt;/;

/** Values of `Cred`, and of nodes whose names say secret. */
export function* secretsInTags(text: string): Generator<SecretPlace> {
  let [inCred, inSecretNode] = [false, false];
  const walk = new RegExp(marks);
  for (let mark = walk.exec(text); mark !== null; mark = walk.exec(text)) {
    const name = mark.groups?.name?.toLowerCase() ?? '';
    const isEnd = endSign.test(text.slice(Math.max(0, mark.index - 66), mark.index));
    if (name === 'cred') inCred = !isEnd;
    else if (places.has(name)) inSecretNode = false;
    else if (isEnd) continue;
    else if (name === 'locuri' || name === 'nodename') {
      inSecretNode ||= isSecretNode(addressAt(text, walk.lastIndex));
    } else if (inSecretNode || (inCred && name === 'data')) {
      const end = endOf(text, walk.lastIndex);
      const what = inCred ? 'Cred of a DM message' : 'secret of an account';
      yield { offset: walk.lastIndex, length: end - walk.lastIndex, what };
      walk.lastIndex = end;
    }
  }
}

/** Characters of an address of a node that are looked at. */
const mostAddress = 512;

function addressAt(text: string, from: number): string {
  const address = text.slice(from, from + mostAddress);
  const end = textEnd.exec(address)?.index ?? address.length;
  return address.slice(0, end);
}

function endOf(text: string, from: number): number {
  const walk = new RegExp(valueEnd);
  walk.lastIndex = from;
  return walk.exec(text)?.index ?? text.length;
}

/** `name="AAUTHSECRET" value="…"`, and the other way round. */
const namedValue =
  /name\s*=\s*["'](?<name>[\w.-]*)["']\s*value\s*=\s*(?:"(?<quoted>[^"]*)|'(?<other>[^']*))/dgi;
const valueNamed =
  /value\s*=\s*(?:"(?<quoted>[^"]*)"|'(?<other>[^']*)')\s*name\s*=\s*["'](?<name>[\w.-]*)["']/dgi;

/** Values of parameters of Client Provisioning. */
export function* secretsInParameters(text: string): Generator<SecretPlace> {
  for (const expression of [namedValue, valueNamed]) {
    for (const { groups, indices } of text.matchAll(expression)) {
      const place = indices?.groups?.quoted ?? indices?.groups?.other;
      if (place === undefined || !isSecretName(groups?.name ?? '')) continue;
      const what = 'credential of a provisioning document';
      yield { offset: place[0], length: place[1] - place[0], what };
    }
  }
}
