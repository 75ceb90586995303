// Base64 within a call of a program, a shell or a configuration: atob("…"), Buffer.from("…", "base64"), `echo … | base64 -d`,
// `!!binary` of YAML. What stands around it gives way to spaces.
import { blank } from './hex-marks.ts';
import { PasteError } from './paste-error.ts';

/** Names of calls that take Base64. */
const decoders =
  /(?:\batob|b64decode|base64_decode|decode64|decodeBase64|FromBase64String|base64Encoded\s*:|getDecoder\(\)\s*\.\s*decode|getUrlDecoder\(\)\s*\.\s*decode|Base64\.decode|StdEncoding\.DecodeString|RawURLEncoding\.DecodeString|RawStdEncoding\.DecodeString|URLEncoding\.DecodeString|from_base64|unbase64|frombase64)\s*\(?\s*$/i;
const literal = /(["'`])([A-Za-z0-9+/_=\s-]*)\1/g;
const bufferCall = /\bBuffer\.from\(\s*(["'`])([^"'`]*)\1\s*(?:,\s*(["'`])([\w-]*)\3\s*)?\)/g;

/**
 * Base64 that the text has in one call, with spaces around it; `undefined` where it has none.
 * @throws {PasteError} for several, and for text of another encoding
 */
export function base64InCall(text: string): string | undefined {
  const found = [...textsOf(text)];
  const [one, second] = found;
  if (one === undefined) return undefined;
  if (second !== undefined) {
    throw PasteError.at(text, second.index, 'a second text of Base64: paste one of them');
  }
  return alone(text, one.index, one.length);
}

function* textsOf(text: string): Generator<{ readonly index: number; readonly length: number }> {
  for (const { 0: all, 1: quote = '', 2: inner = '', 4: encoding = 'utf8', index } of text.matchAll(
    bufferCall,
  )) {
    const from = index + all.indexOf(quote) + 1;
    if (/^base64(?:url)?$/i.test(encoding)) yield { index: from, length: inner.length };
    else if (!/^hex$/i.test(encoding)) {
      const detail = `the octets are those of the characters (${encoding}), which is not read: give "hex" or "base64"`;
      throw PasteError.at(text, from, detail);
    }
  }
  for (const { 0: all, 2: inner = '', index } of text.matchAll(literal)) {
    if (decoders.test(text.slice(Math.max(0, index - 64), index).replace(/\bb$/, ''))) {
      yield { index: index + all.length - 1 - inner.length, length: inner.length };
    }
  }
  const echoed =
    /^\s*(?:\$[ \t]*)?echo\s+(?:-n\s+)?["']?([A-Za-z0-9+/_=-]+)["']?\s*\|\s*base64\s+(?:-d|-D|--decode)\b/.exec(
      text,
    );
  const [all = '', echo = ''] = echoed ?? [];
  if (echoed !== null) yield { index: all.indexOf(echo, all.indexOf('echo') + 4), length: echo.length };
  yield* binariesOfYaml(text);
}

/** `payload: !!binary "…"`, or `|` and lines that are indented. */
function* binariesOfYaml(text: string): Generator<{ readonly index: number; readonly length: number }> {
  const block = /^([ \t]*)(?:[^\n]*?[:-][ \t]+)?!!binary[ \t]*(?:[|>][-+0-9]*[ \t]*\r?\n)?/gm;
  for (const { 0: all, 1: margin = '', index } of text.matchAll(block)) {
    const from = index + all.length;
    if (!all.endsWith('\n')) {
      const inner = /^["']?([A-Za-z0-9+/=_-]*)/.exec(text.slice(from));
      const [quoted = '', value = ''] = inner ?? [];
      yield { index: from + quoted.length - value.length, length: value.length };
      continue;
    }
    const lines =
      /^(?:([ \t]*)[A-Za-z0-9+/=]+[ \t]*(?:\r?\n|$)|[ \t]*\r?\n)*/.exec(text.slice(from))?.[0] ?? '';
    const indented = lines
      .split('\n')
      .findIndex((line) => line.trim() !== '' && !line.startsWith(`${margin} `));
    const taken = indented < 0 ? lines : lines.split('\n').slice(0, indented).join('\n');
    yield { index: from, length: taken.length };
  }
}

function alone(text: string, index: number, length: number): string {
  return blank(text.slice(0, index)) + text.slice(index, index + length) + blank(text.slice(index + length));
}
