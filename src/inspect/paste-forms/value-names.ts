// What the name of a value says about it: that it is the octets of a message, the header of user data, or something else.

/** What a value is by its name, `address` for who sent it and where; `undefined` for a name that says nothing. */
export type NameKind = 'data' | 'header' | 'other' | 'address';

const headers = /^(?:udh|udheader|userdataheader|udhhex|hexudh|udhbin)$/;
const data =
  /^(?:payload|data|body|message|msg|content|pdu|apdu|raw|hex|base64|b64|octets|bytes|bin|binary|dump|push|trigger|notification|package0|tpdu|wsp|ud|userdata|shortmessage|messagepayload|text|value|buf|buffer|rx|tx|recv|received|sent|send|in|out|packet|datagram|frame|chunk|request|response|req|resp|header|headers|hdr|head|tail|rest|part|segment)$/;
/** Words of which one in a name is enough: `trace_id`, `payloadSha1`. */
const others =
  /^(?:time|timestamp|date|type|length|len|count|size|version|status|code|coding|format|encoding|class|trace|traceid|traceparent|span|spanid|id|ids|guid|uuid|session|sessionid|requestid|msgid|messageid|correlation|sha|sha1|sha224|sha256|sha384|sha512|md5|crc|crc16|crc32|hash|hmac|mac|digest|checksum|etag|sum|signature|token|key|cookie|nonce|secret|auth|password|imsi|imei|iccid|msisdn|commit|revision|fingerprint|pid|tid|cid|uid)$/;
const addresses =
  /^(?:peer|from|to|src|dst|source|dest|destination|addr|address|host|ip|port|user|agent|file|path|url|name|serial|ref|reference)$/;

/** What a value of this name is. */
export function kindOfName(name: string): NameKind | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (headers.test(plain)) return 'header';
  const words = name
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (others.test(plain) || words.some((word) => others.test(word))) return 'other';
  if (words.some((word) => addresses.test(word))) return 'address';
  if (data.test(plain) || words.some((word) => data.test(word))) return 'data';
  return undefined;
}

/** The name right before a value: `data=`, `"data": `, `data => [`, or a word that is known, without a sign: `rx `. */
export function nameBefore(text: string): string | undefined {
  const near = text.slice(-80);
  const signed = /([A-Za-z][\w.-]*)["'\]]?\s*(?:=>|[=:>])+\s*(?:[0-9]{1,7}:)?["'[({<]*\s*(?:0x)?$/.exec(
    near,
  )?.[1];
  if (signed !== undefined) return signed;
  const word = /(?:^|[^\w.-])([A-Za-z][\w.-]*)["'\]]?\s*["'[({<]*\s*(?:0x)?$/.exec(near)?.[1];
  return word !== undefined && kindOfName(word) !== undefined ? word : undefined;
}
