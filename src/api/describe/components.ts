// Shapes that have a name in the description. Wherever one stands, a reference to its name takes its place; where only its
// description is another, that stays beside the reference.
import type { TSchema } from 'typebox';
import { namedShapes } from './named-shapes.ts';
import type { Json } from './open-api.ts';

/** Names by the text of a shape without its description. */
const names = new Map<string, string>();
for (const [name, shapes] of Object.entries(namedShapes)) {
  for (const shape of shapes) names.set(keyOf(plain(shape)), name);
}

/** All shapes by name, each with references to the others. */
export function componentSchemas(): Readonly<Record<string, Json>> {
  const schemas = Object.fromEntries(
    Object.entries(namedShapes).map(([name, [shape]]) => [name, withinReferences(plain(shape as TSchema))]),
  );
  return { ...schemas, Command: holdingCommands(schemas.Command) };
}

/** Commands hold commands like them, which no shape can say of itself. */
function holdingCommands(command: Json): Json {
  const { properties, ...rest } = command as { readonly properties: Readonly<Record<string, object>> };
  const commands = { ...properties.commands, items: { $ref: '#/components/schemas/Command' } };
  return { ...rest, properties: { ...properties, commands } };
}

/** A part of the document with references in place of the shapes that have a name. */
export function withReferences(part: Json): Json {
  if (!isObject(part) || Array.isArray(part)) return withinReferences(part);
  const name = names.get(keyOf(part));
  if (name === undefined) return withinReferences(part);
  const { description } = part;
  const own = plain(namedShapes[name]?.[0] as TSchema).description;
  const said = description !== undefined && description !== own;
  return { $ref: `#/components/schemas/${name}`, ...(said && { description }) };
}

/** The same of what stands in a part; examples are left as they are. */
function withinReferences(part: Json): Json {
  if (Array.isArray(part)) return part.map(withReferences);
  if (!isObject(part)) return part;
  const within = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, key === 'examples' ? value : withReferences(value)]),
  );
  // What is one of these texts is a text: readers of types want to be told.
  const isText = Array.isArray(part.enum) && part.type === undefined && part.enum.every(isString);
  return isText ? { type: 'string', ...within } : within;
}

/** A shape as the framework writes it: one value is an enumeration of one, and records have properties of any name. */
function plain(shape: TSchema): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(shape), (_key, value) => {
    if (!isObject(value) || Array.isArray(value)) return value;
    const { const: only, patternProperties, ...rest } = value;
    if (isObject(patternProperties)) {
      return { ...rest, additionalProperties: Object.values(patternProperties)[0] };
    }
    return only === undefined ? value : { ...rest, enum: [only] };
  });
}

/** Texts of one shape are equal whatever the order of its members. */
function keyOf(shape: Readonly<Record<string, Json>>): string {
  const { description: _, ...rest } = shape;
  return JSON.stringify(rest, (_key, value) =>
    isObject(value) && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null;
}

function isString(value: Json): value is string {
  return typeof value === 'string';
}
