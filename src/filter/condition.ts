// What a filter says, as a tree. Each condition is true or false of every device: what a device has not got, equals nothing.

/** Fields with texts. `address` and `scheme` are those of any of its addresses. */
export const textFields = ['id', 'serverId', 'format', 'family', 'address', 'scheme'] as const;

/** Fields with a moment. */
export const timeFields = ['lastSession', 'createdAt', 'updatedAt'] as const;

/** A field with a text; of a label and of what the device reported, with its name there. */
export type TextField =
  | { readonly name: (typeof textFields)[number] }
  | { readonly name: 'labels' | 'reported'; readonly key: string };

/** A field with a moment. */
export type TimeField = (typeof timeFields)[number];

/** One condition. */
export type Condition =
  /** All of two or more. */
  | { readonly is: 'and'; readonly of: readonly Condition[] }
  /** One at least of two or more. */
  | { readonly is: 'or'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  /** The text is one of the values. */
  | { readonly is: 'equal'; readonly field: TextField; readonly values: readonly string[] }
  /** The text begins so. */
  | { readonly is: 'starting'; readonly field: TextField; readonly prefix: string }
  /** There is something. */
  | { readonly is: 'there'; readonly field: TextField | { readonly name: TimeField } }
  | { readonly is: 'suspended' }
  /** From `from` (with it) to `to` (without it), in milliseconds since the POSIX epoch; absent: without end. */
  | { readonly is: 'between'; readonly field: TimeField; readonly from?: number; readonly to?: number }
  /** In the last so many milliseconds, or later. */
  | { readonly is: 'within'; readonly field: TimeField; readonly ms: number };

/** A filter that was read. */
export interface Filter {
  readonly text: string;
  readonly condition: Condition;
}
