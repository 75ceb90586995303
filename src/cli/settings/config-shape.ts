// The shape of the configuration file of the whole server: the sections of bindings, and what `serve` has as options.
import { type Static, type TSchema, Type } from 'typebox';
import { type ServeSections, serveSections } from '../bindings/serve-shapes.ts';
import { closed } from '../config/common-shapes.ts';
import { oidcShape } from './oidc-shape.ts';
import { variableOf } from './setting.ts';
import { settingList } from './settings-table.ts';

/** A group of settings, by names; a shape stands where no group does. */
type Group = Map<string, Group | { readonly shape: TSchema }>;

/** The section `server`. Its value is read by paths of the table of settings. */
const server = Type.Unsafe<unknown>(shapeOf(grouped()));

/** All of it. */
export const configShape = closed({
  /** For editors. */
  $schema: Type.Optional(Type.String()),
  server: Type.Optional(server),
  ...serveSections.properties,
});

/** The value of such a file. */
export type ConfigValue = Static<typeof configShape>;

/** The sections of bindings alone. */
export function sectionsOf({ $schema: _, server: __, ...sections }: ConfigValue): ServeSections {
  return sections;
}

/** The settings below their groups, and what has no option of its own. */
function grouped(): Group {
  const root: Group = new Map();
  for (const [, each] of settingList) {
    const { key, kind, summary, flag, initial } = each;
    const value = initial === undefined || initial === '' ? undefined : kind.ofText(initial);
    place(root, key.split('.'), {
      ...kind.shape,
      description: `${summary} (${flag}, ${variableOf(each)})`,
      ...(value !== undefined && { default: typeof value === 'object' ? initial : value }),
    } as TSchema);
  }
  place(root, ['api', 'oidc'], oidcShape);
  return root;
}

function place(group: Group, [name = '', ...rest]: readonly string[], shape: TSchema): void {
  if (rest.length === 0) {
    group.set(name, { shape });
    return;
  }
  const below = group.get(name) ?? new Map();
  if (!(below instanceof Map)) throw new TypeError(`${name} is a setting and a group`);
  group.set(name, below);
  place(below, rest, shape);
}

function shapeOf(group: Group): TSchema {
  const members = [...group].map(([name, member]) => [
    name,
    Type.Optional(member instanceof Map ? shapeOf(member) : member.shape),
  ]);
  return closed(Object.fromEntries(members));
}
