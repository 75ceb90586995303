// XML documents without prefixes: the neutral element, a strict reader and a writer.
export * from './attributes.ts';
export * from './document/characters.ts';
export * from './document/charset.ts';
export * from './document/element.ts';
export * from './document/limits.ts';
export * from './document/preview.ts';
export * from './opaque.ts';
export * from './read.ts';
export * from './write.ts';
