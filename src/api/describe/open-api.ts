// Those parts of an OpenAPI document that are read or written here (OpenAPI Specification 3.1.0 §4.8).

/** A JSON Schema, or any other part of the document. */
export type Json = unknown;

/** A Media Type Object. */
export interface RawMedia {
  readonly schema?: Json;
  readonly examples?: Json;
}

/** A Response Object. */
export interface RawResponse {
  readonly description?: string;
  readonly headers?: Readonly<Record<string, Json>>;
  readonly content?: Readonly<Record<string, RawMedia>>;
}

/** A Parameter Object. */
export interface RawParameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: Json;
}

/** An Operation Object. */
export interface RawOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly RawParameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, RawMedia>>;
  };
  readonly responses: Readonly<Record<string, RawResponse>>;
}

/** An OpenAPI Object. */
export interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly [member: string]: Json;
}
