// XML documents without prefixes: the neutral element, a strict reader and a writer.
export * from './attributes.ts';
export * from './characters.ts';
export * from './charset.ts';
export * from './element.ts';
export * from './limits.ts';
export * from './opaque.ts';
export * from './preview.ts';
export * from './read.ts';
export * from './write.ts';
