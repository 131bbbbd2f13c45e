import { FAULT, STANDS_FOR, STORABLE_TEXT } from '../schemas.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** What the document calls a schema that occurs more than once. */
export type SchemaNames = ReadonlyMap<object, string>;

/**
 * A schema of the validator in the words of OpenAPI 3.1: without what only our validator understands, and with a reference
 * in place of each schema that has a name.
 */
export function toJsonSchema(schema: object, names: SchemaNames): JsonSchema {
  const name = names.get(schema);
  return name === undefined ? withoutName(schema, names) : { $ref: `#/components/schemas/${name}` };
}

/** As `toJsonSchema`, but a name of the schema itself is not looked at. */
export function withoutName(schema: object, names: SchemaNames): JsonSchema {
  const { [FAULT]: _fault, [STANDS_FOR]: meant, nullable: _nullable, ...keywords } = schema as JsonSchema;
  if (meant !== undefined) {
    const { description, examples } = keywords;
    return { ...(meant as JsonSchema), description, examples };
  }
  const entries = Object.entries(keywords).filter(([key, value]) => key !== 'format' || value !== STORABLE_TEXT);
  const translated = Object.fromEntries(entries.map(([key, value]) => [key, translate(key, value, names)]));
  return 'enum' in translated ? { type: 'string', ...translated } : translated;
}

function translate(keyword: string, value: unknown, names: SchemaNames): unknown {
  if (keyword === 'items') return toJsonSchema(value as object, names);
  if (keyword !== 'properties') return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, object>).map(([name, schema]) => [name, toJsonSchema(schema, names)]),
  );
}
