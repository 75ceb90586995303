// The description of the API as it is given out: what the routes say, with names for what they share, what each may refuse,
// headers and examples. It is made when somebody asks for it, so that no start pays for it.
import { allNotes } from '../examples/all-notes.ts';
import { securitySchemes, servers, tags } from './basics.ts';
import { componentSchemas, withReferences } from './components.ts';
import { responseHeaders } from './headers.ts';
import type { RawDocument, RawOperation } from './open-api.ts';
import { describedOperation } from './operation.ts';
import { sharedRefusals } from './refusals.ts';

/** The whole description, out of what the framework gathered of the routes. */
export function describedDocument(raw: RawDocument): RawDocument {
  const paths = Object.fromEntries(
    Object.entries(raw.paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, describedOf(operation, path, method)]),
      ),
    ]),
  );
  return {
    ...raw,
    servers,
    tags,
    paths,
    components: {
      schemas: componentSchemas(),
      responses: sharedRefusals(),
      headers: responseHeaders,
      securitySchemes,
    },
  };
}

function describedOf(operation: RawOperation, path: string, method: string): RawOperation {
  const notes = allNotes[operation.operationId ?? ''] ?? {};
  return withReferences(describedOperation(operation, { path, method, notes })) as RawOperation;
}
