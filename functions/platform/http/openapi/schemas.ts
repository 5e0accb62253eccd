import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Schema } from './document.ts';

const reference = '#/components/schemas/';

/** A schema by which something is validated later, one by one: `.meta({ documented: schema })` shows it all the same. */
const documented = (schema: z.core.$ZodTypes): z.ZodType | null => {
  const meta = z.globalRegistry.get(schema) ?? {};
  const shown = 'documented' in meta ? meta.documented : null;
  return shown instanceof z.ZodType ? shown : null;
};

/** What zod writes and a reader of the document is better off without. */
const plainer =
  (io: 'input' | 'output') =>
  ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Schema }): void => {
    const shown = documented(zodSchema);
    if (shown !== null) {
      delete jsonSchema['documented'];
      const { $schema: _dialect, '~standard': _standard, id: _id, ...written } = z.toJSONSchema(shown, { io });
      Object.assign(jsonSchema, written);
    }
    // The format says it; the pattern is a screen long.
    if (jsonSchema.format === 'date-time' || jsonSchema.format === 'email') delete jsonSchema.pattern;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    // Answers may gain fields; requests with unknown fields are refused.
    if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  };

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Turns zod schemas into JSON Schemas. A schema with an id (`.meta({ id })`) is written once, under `components/schemas`, and
 * referred to from everywhere.
 */
export class Schemas {
  readonly #components = new Map<string, Schema>();

  /** @throws when two different schemas have the same id, or when a schema cannot be said in JSON Schema. */
  of(schema: z.ZodType, io: 'input' | 'output'): Schema {
    const {
      $schema: _dialect,
      '~standard': _standard,
      ...written
    } = z.toJSONSchema(schema, { io, override: plainer(io) });
    return this.#hoisted(written);
  }

  /** All schemas with an id, by name. */
  components(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The same schema, with the definitions inside it moved to the components. */
  #hoisted(schema: Schema): Schema {
    const { $defs, ...rest } = schema;
    for (const [id, definition] of Object.entries($defs ?? {})) {
      if (isSchema(definition)) this.#define(id, this.#hoisted(definition));
    }
    return Object.fromEntries(
      Object.entries(rest)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [
          key,
          key === '$ref' ? String(value).replace('#/$defs/', reference) : this.#part(value),
        ]),
    );
  }

  #part(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#part(item));
    return isSchema(value) ? this.#hoisted(value) : value;
  }

  #define(id: string, schema: Schema): void {
    const known = this.#components.get(id);
    if (known !== undefined && !isDeepStrictEqual(known, schema))
      throw new Error(`two different schemas have the id ${id}`);
    this.#components.set(id, schema);
  }
}
