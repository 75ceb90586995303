// The JSON Schema (2020-12) of the configuration file, out of the shapes that `serve` holds a file against.
import { roadKinds } from '../../src/cli/roads/road-kinds.ts';
import { configShape } from '../../src/cli/settings/config-shape.ts';

/** Where the schema is found. */
export const schemaId = 'https://raw.githubusercontent.com/reveille-dm/reveille/main/docs/config.schema.json';

type Schema = { [name: string]: unknown };

/** What the sections are. */
const sections: Readonly<Record<string, string>> = {
  $schema: 'Names this schema, for editors.',
  server: 'What reveille serve has as options (docs/configuration.md).',
  wap: 'WAP push over UDP (docs/bindings.md).',
  waps: 'WAP push under WTLS (docs/bindings.md).',
  sms: 'Short messages: message centres, or several roads with routes (docs/bindings.md).',
  sip: 'SIP push (docs/bindings.md).',
  http: 'HTTP push (docs/bindings.md).',
  obex: 'OBEX push (docs/bindings.md).',
  pap: 'Push proxy gateways over PAP (docs/bindings.md).',
  papEndpoint: 'The server as a gateway for other push initiators (docs/bindings.md).',
};

/** Units, by the ends of names. */
const units: readonly (readonly [end: RegExp, unit: string])[] = [
  [/Ms$/, 'In milliseconds.'],
  [/Seconds$/, 'In seconds.'],
  [/^perSecond$/, 'Pushes that begin in a second, at most.'],
  [/^places$/, 'Pushes under way at once, at most.'],
  [/^(?:maxPayload|maxDatagram|maxPacketLength)$/, 'In octets.'],
];

/** Texts may stand elsewhere. */
const elsewhere = {
  file: {
    type: 'object',
    description: 'What a file holds, without its last line end; relative to the configuration file.',
    properties: { file: { type: 'string', minLength: 1 } },
    required: ['file'],
    additionalProperties: false,
  },
  env: {
    type: 'object',
    description: 'What an environment variable holds.',
    properties: { env: { type: 'string', minLength: 1 } },
    required: ['env'],
    additionalProperties: false,
  },
};

/** The document. */
export function configSchema(): Schema {
  // What is not enumerable is not of JSON Schema.
  const whole = JSON.parse(JSON.stringify(configShape)) as Schema;
  const { properties, ...rest } = published(whole, '') as Schema & { readonly properties: Schema };
  for (const [name, description] of Object.entries(sections))
    Object.assign(properties[name] as Schema, { description });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaId,
    title: 'Configuration of a Reveille server',
    description: 'The file of reveille serve --config, as YAML or JSON.',
    ...rest,
    properties,
    $defs: elsewhere,
  };
}

/** A schema with all below it: texts may stand elsewhere, numbers say their unit, roads are what their kind says. */
function published(schema: unknown, name: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => published(each, name));
  if (typeof schema !== 'object' || schema === null) return schema;
  const given = schema as Schema;
  if (isRoad(given))
    return { anyOf: Object.entries(roadKinds).map(([kind, { shape }]) => road(kind, shape)) };
  const made: Schema = {};
  for (const [key, value] of Object.entries(given)) made[key] = partOf(key, value, name);
  const unit = units.find(([end]) => end.test(name))?.[1];
  if (unit !== undefined && made.description === undefined && made.type !== 'object') made.description = unit;
  return isText(made) ? elsewhereToo(made) : made;
}

function partOf(key: string, value: unknown, name: string): unknown {
  if (key === 'properties' || key === 'patternProperties') {
    return Object.fromEntries(
      Object.entries(value as Schema).map(([member, shape]) => [
        member,
        published(shape, key === 'properties' ? member : ''),
      ]),
    );
  }
  return ['anyOf', 'items'].includes(key) ? published(value, name) : value;
}

function isText({ type, enum: names }: Schema): boolean {
  return type === 'string' || (Array.isArray(names) && names.every((each) => typeof each === 'string'));
}

function elsewhereToo({ description, default: initial, ...text }: Schema): Schema {
  return {
    ...(description !== undefined && { description }),
    ...(initial !== undefined && { default: initial }),
    anyOf: [text, { $ref: '#/$defs/file' }, { $ref: '#/$defs/env' }],
  };
}

/** A road says its kind; the rest is held against the shape of that when it is opened. */
function isRoad({ properties, additionalProperties }: Schema): boolean {
  return additionalProperties === true && Object.hasOwn(Object(properties), 'kind');
}

function road(kind: string, shape: object): Schema {
  const given = published(JSON.parse(JSON.stringify(shape)), '') as Schema & {
    readonly properties: Schema;
    readonly required?: readonly string[];
  };
  return {
    ...given,
    properties: { kind: { const: kind }, ...given.properties },
    required: ['kind', ...(given.required ?? [])],
  };
}
