// Checks parameters, queries and headers against their shapes. Bodies are left to the services, which know the rules
// across fields and name the section.
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { ValueError, type ValueErrorCode } from '../../core/index.ts';

/**
 * Texts of a query or header become what their shape says, `5` an integer; then the shape is held against them. What has its
 * shape as it came needs no change, and that is found out much faster.
 */
export const requestCheck: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'body') return () => true;
  // Compiled when it is needed first: most routes have several shapes, and are seldom asked.
  let fits: ((given: unknown) => boolean) | undefined;
  return (given: unknown) => {
    fits ??= fitting(schema);
    if (fits(given)) return true;
    const value = Value.Convert(schema, given);
    if (Value.Check(schema, value)) return { value };
    const [fault] = Value.Errors(schema, value);
    return { error: errorOf(fault) };
  };
};

function fitting(schema: TSchema): (given: unknown) => boolean {
  const compiled = Compile(schema);
  return (given) => compiled.Check(given);
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function errorOf(fault: Fault | undefined): ValueError {
  if (fault === undefined) return new ValueError('BAD_FORMAT', 'not valid');
  const code = codes[fault.keyword] ?? 'BAD_FORMAT';
  const path = fault.instancePath.slice(1);
  return new ValueError(code, wordsOf(fault, code), path);
}

function wordsOf({ keyword, message, params }: Fault, code: ValueErrorCode): string {
  if (code === 'UNKNOWN_FIELD') return 'not a parameter here';
  if (keyword === 'enum' && 'allowedValues' in params && Array.isArray(params.allowedValues)) {
    return `must be one of ${params.allowedValues.join(', ')}`;
  }
  return message;
}

const codes: Readonly<Record<string, ValueErrorCode>> = {
  // What a closed shape does not name is held against the schema `false`.
  boolean: 'UNKNOWN_FIELD',
  required: 'MISSING',
  type: 'WRONG_TYPE',
  enum: 'OUT_OF_RANGE',
  minimum: 'OUT_OF_RANGE',
  maximum: 'OUT_OF_RANGE',
  maxLength: 'TOO_LONG',
};
