// XML documents without prefixes: the neutral element, a strict reader and a writer.
export * from './element.ts';
