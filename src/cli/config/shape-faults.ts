// All that is wrong with a value that does not fit its shape: for each place one fault, in the order of the shape.
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describeFault } from './config-fault.ts';
import { nearestName } from './nearest-name.ts';

/** One place that does not fit. */
export interface ShapeFault {
  /** Such as `sms.smscs[0].port`; empty for the value as a whole. */
  readonly path: string;
  /** Quotes no value. */
  readonly what: string;
  readonly remedy?: string;
  /** True where the name is at fault, and not what stands behind it. */
  readonly ofName?: boolean;
}

/** A shape as JSON Schema says it, as far as it is walked. */
interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
  readonly items?: TSchema | readonly TSchema[];
  readonly anyOf?: readonly TSchema[];
}

/** None when it fits. */
export function shapeFaults(shape: TSchema, value: unknown, path = ''): readonly ShapeFault[] {
  if (Value.Check(shape, value)) return [];
  const schema: Schema = shape;
  if (schema.anyOf !== undefined) return ofChoice(shape, schema.anyOf, value, path);
  const found = isObject(value)
    ? ofMembers(schema, value, path)
    : Array.isArray(value)
      ? ofItems(schema, value, path)
      : [];
  return found.length > 0 ? found : [ofItself(shape, value, path)];
}

/** Of several shapes, the one that the value tries to be: fewest of its own members are unknown or missing. */
function ofChoice(
  shape: TSchema,
  choices: readonly TSchema[],
  value: unknown,
  path: string,
): readonly ShapeFault[] {
  const tried = choices
    .filter((choice) => isOfKind(choice, value))
    .map((choice) => shapeFaults(choice, value, path));
  const own = (faults: readonly ShapeFault[]): number =>
    faults.filter((fault) => fault.ofName === true && depthOf(fault.path) <= depthOf(path) + 1).length;
  const [best] = tried.sort((one, other) => own(one) - own(other) || one.length - other.length);
  return best ?? [ofItself(shape, value, path)];
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split(/[.[]/).length;
}

function isOfKind({ type, anyOf }: Schema, value: unknown): boolean {
  if (anyOf !== undefined) return true;
  if (Array.isArray(value)) return type === 'array';
  return typeof value === 'number' ? type === 'number' || type === 'integer' : type === typeof value;
}

function ofMembers(schema: Schema, value: Readonly<Record<string, unknown>>, path: string): ShapeFault[] {
  const { properties = {}, required = [] } = schema;
  const [others] = Object.values(schema.patternProperties ?? {});
  const found: ShapeFault[] = [];
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const known = Object.hasOwn(properties, name) ? properties[name] : others;
    if (known !== undefined) found.push(...shapeFaults(known, member, at));
    else if (schema.additionalProperties === false)
      found.push(unknownName(name, at, Object.keys(properties)));
  }
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  if (missing.length > 0) found.push({ path, what: `must have ${missing.join(', ')}`, ofName: true });
  return found;
}

function unknownName(name: string, path: string, known: readonly string[]): ShapeFault {
  const near = nearestName(name, known);
  const what = known.length === 0 ? 'not a field here' : `not a field here; known are ${known.join(', ')}`;
  return { path, what, ofName: true, ...(near !== undefined && { remedy: `did you mean ${near}?` }) };
}

function ofItems({ items }: Schema, value: readonly unknown[], path: string): ShapeFault[] {
  if (items === undefined || Array.isArray(items)) return [];
  return value.flatMap((each, index) => shapeFaults(items as TSchema, each, `${path}[${index}]`));
}

function ofItself(shape: TSchema, value: unknown, path: string): ShapeFault {
  const what = describeFault(shape, value);
  if (value === null) return { path, what: `nothing stands here; it ${what}` };
  const isText = (shape as Schema).type === 'string' && ['number', 'boolean'].includes(typeof value);
  return { path, what, ...(isText && { remedy: 'put it in quotes' }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
