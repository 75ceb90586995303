// The items of a message's commands, whatever group they stand in.
import { effectiveMeta, type Item, type ManagementCommand } from '../codec/syncml/index.ts';

/** An item with the media type that holds for it: its own, else that of its command. */
export interface ItemWithMeta {
  readonly item: Item;
  readonly type: string | undefined;
}

/** All items, in their order. */
export function itemsWithMeta(commands: readonly ManagementCommand[]): readonly ItemWithMeta[] {
  return commands.flatMap((command): readonly ItemWithMeta[] => {
    if (command.name === 'Atomic' || command.name === 'Sequence') return itemsWithMeta(command.commands);
    if (!('items' in command)) return [];
    return command.items.map((item) => ({ item, type: effectiveMeta(command.meta, item.meta).type }));
  });
}
