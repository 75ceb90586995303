// How a receipt shows that it comes from the company: a secret in its address or a header field, a password, or a signature.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { base64ToBytes, hexToBytes, utf8ToBytes, ValueError } from '../../../core/index.ts';
import type { RoadCallback } from '../../short-message/index.ts';

/** A proof as the configuration has it: one of these. */
export interface ProofOptions {
  /** A secret as further segment of the path, behind the place of the road. */
  readonly path?: { readonly secret: string } | undefined;
  /** A secret in a parameter of the query. */
  readonly query?: { readonly name: string; readonly secret: string } | undefined;
  /** A secret as value of a header field; for a bearer token, `prefix` is `Bearer `. */
  readonly header?:
    | { readonly name: string; readonly secret: string; readonly prefix?: string | undefined }
    | undefined;
  /** User name and password (Basic). */
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  /** A keyed hash (HMAC) in a header field. */
  readonly signature?: SignatureOptions | undefined;
}

/** A keyed hash over the request. */
export interface SignatureOptions {
  readonly secret: string;
  /** Header field that holds it. */
  readonly header: string;
  /** What stands before it there, such as `sha256=`. Default nothing. */
  readonly prefix?: string | undefined;
  /** Default `sha256`. */
  readonly algorithm?: 'sha256' | 'sha512' | 'sha1' | undefined;
  /** Default `hex`. */
  readonly encoding?: 'hex' | 'base64' | undefined;
  /**
   * What is hashed: `body`, or parts that are put together, each `body`, `header:NAME`, `method` or a text in
   * quotes such as `'.'`. Default `body` alone.
   */
  readonly over?: readonly string[] | undefined;
}

/** True when a request proves itself. */
export type ReceiptProof = (request: RoadCallback) => boolean;

/** Shortest secret that keeps strangers out, in characters. */
const leastSecret = 16;

/** Checks a proof and makes what judges by it. @throws {ValueError} for none, for two, and for a secret that is guessed */
export function receiptProof(options: ProofOptions, path: string): ReceiptProof {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const detail = 'is one of path, query, header, basic, signature';
    throw new ValueError(given.length === 0 ? 'MISSING' : 'BAD_FORMAT', detail, path);
  }
  const { path: inPath, query, header, basic, signature } = options;
  if (inPath !== undefined) {
    const secret = strong(inPath.secret, `${path}.path.secret`);
    return ({ path: rest }) => same(decoded(rest), secret);
  }
  if (query !== undefined) {
    const secret = strong(query.secret, `${path}.query.secret`);
    return (request) => same(request.query.get(query.name) ?? undefined, secret);
  }
  if (header !== undefined) {
    const secret = (header.prefix ?? '') + strong(header.secret, `${path}.header.secret`);
    return (request) => same(request.header(header.name.toLowerCase()), secret);
  }
  if (basic !== undefined) {
    const pair = `${basic.username}:${strong(basic.password, `${path}.basic.password`, 8)}`;
    const proof = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    return (request) => same(request.header('authorization'), proof);
  }
  return signed(signature ?? { secret: '', header: '' }, `${path}.signature`);
}

function signed(options: SignatureOptions, path: string): ReceiptProof {
  const { header, prefix = '', algorithm = 'sha256', encoding = 'hex', over = ['body'] } = options;
  const secret = strong(options.secret, `${path}.secret`);
  if (!['sha256', 'sha512', 'sha1'].includes(algorithm)) {
    throw new ValueError('OUT_OF_RANGE', 'is none of sha256, sha512, sha1', `${path}.algorithm`);
  }
  const pieces = over.map((piece, index) => pieceOf(piece, `${path}.over[${index}]`));
  if (!over.includes('body')) {
    throw new ValueError('MISSING', 'a signature that leaves the body out proves nothing', `${path}.over`);
  }
  return (request) => {
    const value = request.header(header.toLowerCase());
    if (value === undefined || !value.startsWith(prefix)) return false;
    const claimed = octetsOf(value.slice(prefix.length), encoding);
    const hmac = createHmac(algorithm, secret);
    for (const piece of pieces) hmac.update(piece(request));
    const made = hmac.digest();
    return claimed?.length === made.length && timingSafeEqual(claimed, made);
  };
}

type Piece = (request: RoadCallback) => Uint8Array;

function pieceOf(text: string, path: string): Piece {
  if (text === 'body') return ({ body }) => body;
  if (text === 'method') return ({ method }) => utf8ToBytes(method);
  const [, literal] = /^'([^']{0,100})'$/.exec(text) ?? [];
  if (literal !== undefined) return () => utf8ToBytes(literal);
  const [, name] = /^header:([!#$%&*+.^_`|~0-9A-Za-z-]{1,100})$/.exec(text) ?? [];
  if (name !== undefined) return (request) => utf8ToBytes(request.header(name.toLowerCase()) ?? '');
  throw new ValueError('BAD_FORMAT', "is none of body, method, header:NAME, 'TEXT'", path);
}

function octetsOf(text: string, encoding: 'hex' | 'base64'): Uint8Array | undefined {
  try {
    return encoding === 'hex' ? hexToBytes(text) : base64ToBytes(text);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** @throws {ValueError} OUT_OF_RANGE for a secret that could be found by trying */
function strong(secret: string, path: string, least = leastSecret): string {
  if (secret.length >= least) return secret;
  throw new ValueError(
    'OUT_OF_RANGE',
    `has ${secret.length} characters, ${least} at least keep strangers out`,
    path,
  );
}

/** Compares without telling by its time where they differ; hashed first, as lengths differ too. */
function same(claimed: string | undefined, secret: string): boolean {
  if (claimed === undefined) return false;
  return timingSafeEqual(digest(claimed), digest(secret));
}

function digest(text: string): Buffer {
  return createHmac('sha256', 'compare').update(text).digest();
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
