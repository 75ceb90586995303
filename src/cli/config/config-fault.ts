// What is wrong with a value that does not fit its shape, as one line: the path, and what would be right there.
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** What is wrong first, such as `sms.smscs[0].hots: not a field here; known are host, port, …`. Quotes no value. */
export function describeFault(shape: TSchema, value: unknown): string {
  const faults = Value.Errors(shape, value) as readonly Fault[];
  // The innermost is what the writer of the file looks for; where a place may be several things, the one that it tries to be.
  const [innermost] = [...faults].sort((a, b) => b.instancePath.length - a.instancePath.length);
  if (innermost === undefined) return 'not valid';
  const here = faults.filter(({ instancePath }) => instancePath === innermost.instancePath);
  const fault = here.find(({ keyword }) => keyword !== 'type' && keyword !== 'anyOf') ?? here[0] ?? innermost;
  return describe(fault, shape);
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function describe({ keyword, instancePath, message, params }: Fault, shape: TSchema): string {
  const path = dotted(instancePath);
  const at = path === '' ? '' : `${path}: `;
  const parts = instancePath.split('/').slice(1);
  if (keyword === 'boolean') return `${at}not a field here${known(shapesAt(shape, parts.slice(0, -1)))}`;
  if (keyword === 'additionalProperties' && 'additionalProperties' in params) {
    return `${at}no field ${JSON.stringify(params.additionalProperties)} here${known(shapesAt(shape, parts))}`;
  }
  if (keyword === 'required' && 'requiredProperties' in params) {
    return `${at}must have ${[params.requiredProperties].flat().join(', ')}`;
  }
  if (keyword === 'enum' && 'allowedValues' in params) {
    return `${at}must be one of ${JSON.stringify(params.allowedValues)}`;
  }
  if (['type', 'anyOf', 'minimum', 'maximum'].includes(keyword)) {
    const kinds = shapesAt(shape, parts).map(kindOf);
    if (kinds.length > 0 && !kinds.includes(undefined)) return `${at}must be ${kinds.join(', or ')}`;
  }
  return `${at}${message}`;
}

/** A shape as JSON Schema says it, as far as errors speak of it. */
interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema | readonly TSchema[];
  readonly anyOf?: readonly TSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The shapes that a place may have; several where the shape leaves a choice. */
function shapesAt(shape: TSchema, parts: readonly string[]): readonly Schema[] {
  const schema: Schema = shape;
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((each) => shapesAt(each, parts));
  const [part, ...rest] = parts;
  if (part === undefined) return [schema];
  const { properties, patternProperties, items } = schema;
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
  const next =
    (properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined) ??
    Object.values(patternProperties ?? {})[0] ??
    (Array.isArray(items) ? (items as readonly TSchema[])[Number(part)] : (items as TSchema | undefined));
  return next === undefined ? [] : shapesAt(next, rest);
}

function fieldsOf(schema: Schema): readonly string[] {
  return Object.keys(schema.properties ?? {});
}

function known(shapes: readonly Schema[]): string {
  const fields = [...new Set(shapes.flatMap(fieldsOf))];
  return fields.length === 0 ? '' : `; known are ${fields.join(', ')}`;
}

/** Such as `a number from 0 to 1`; undefined for what only the checker's own words tell. */
function kindOf(schema: Schema): string | undefined {
  const { type, minimum, maximum } = schema;
  const range = minimum === undefined || maximum === undefined ? '' : ` from ${minimum} to ${maximum}`;
  switch (type) {
    case 'number':
      return `a number${range}`;
    case 'integer':
      return `a whole number${range}`;
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'an array';
    case 'object': {
      const fields = fieldsOf(schema);
      return fields.length === 0 ? 'an object' : `an object of ${fields.join(', ')}`;
    }
    default:
      return undefined;
  }
}

/** `/sms/smscs/0/port` as `sms.smscs[0].port`. */
function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) =>
      /^[0-9]+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`,
    )
    .join('')
    .replace(/^\./, '');
}
