// What can still be told of a command whose content cannot be read: which one it is, and what its items are about.
import { isElement, textOf, type XmlElement } from '../xml/index.ts';
import { isDmNamespace, isNamed } from './element-fields.ts';
import type { Item, ItemCommand, Location, Results, UnknownCommand } from './message.ts';

/**
 * The references, names and MoreData of an Add, a Replace or Results that cannot be read (`fault`), without Meta and Data:
 * a receiver of large objects must know which object lost a piece. `undefined` for any other command, and for Results
 * that do not say what they answer.
 */
export function outlineOf({ element, fault, cmdId }: UnknownCommand): ItemCommand | Results | undefined {
  const { name } = element;
  if (fault === undefined || !isDmNamespace(element.namespace)) return undefined;
  const items = element.children.flatMap((child) => (isNamed(child, 'Item') ? [itemOutline(child)] : []));
  if (name === 'Add' || name === 'Replace') return { name, cmdId, items };
  if (name !== 'Results') return undefined;
  const cmdRef = textIn(element, 'CmdRef')?.trim();
  const msgRef = textIn(element, 'MsgRef')?.trim();
  if (cmdRef === undefined) return undefined;
  return { name, cmdId, ...(msgRef === undefined ? {} : { msgRef }), cmdRef, items };
}

function itemOutline(item: XmlElement): Item {
  const target = locationIn(item, 'Target');
  const source = locationIn(item, 'Source');
  return {
    ...(target === undefined ? {} : { target }),
    ...(source === undefined ? {} : { source }),
    ...(item.children.some((child) => isNamed(child, 'MoreData')) ? { moreData: true } : {}),
  };
}

function locationIn(item: XmlElement, name: string): Location | undefined {
  const location = childOf(item, name);
  const uri = location === undefined ? undefined : textIn(location, 'LocURI');
  return uri === undefined ? undefined : { uri };
}

function textIn(element: XmlElement, name: string): string | undefined {
  const child = childOf(element, name);
  return child === undefined ? undefined : textOf(child);
}

function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.filter(isElement).find((child) => isNamed(child, name));
}
