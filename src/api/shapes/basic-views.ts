// What answers share.
import type { Page } from '../../store/index.ts';

/** Warnings in an answer, when there are any. */
export function warningsView(warnings: readonly string[]): { readonly warnings?: string[] } {
  return warnings.length > 0 ? { warnings: [...warnings] } : {};
}

/** A page with each item as `view` shows it. */
export function pageView<Item, View>(page: Page<Item>, view: (item: Item) => View) {
  return { items: page.items.map((item) => view(item)), ...(page.next !== undefined && { next: page.next }) };
}
