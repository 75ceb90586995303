// Families of DM clients: what they can take, what follows for composing, and what to say before sending (docs/families.md).
export * from './choices.ts';
export * from './family.ts';
export * from './lint.ts';
export * from './table.ts';
