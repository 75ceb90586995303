// Rules about Meta.
import type { Meta } from './message.ts';

const noMeta: Meta = Object.freeze({});

/** What holds for an item: its own Meta over that of its command, one element at a time (DM-REPPRO-1.2, Meta). */
export function effectiveMeta(commandMeta: Meta | undefined, itemMeta: Meta | undefined): Meta {
  if (commandMeta === undefined) return itemMeta ?? noMeta;
  return itemMeta === undefined ? commandMeta : { ...commandMeta, ...itemMeta };
}
