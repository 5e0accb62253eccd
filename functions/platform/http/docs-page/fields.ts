import type { OpenApiDocument, Schema } from '../openapi/document.ts';
import { escaped, inline, table } from './html.ts';

const deepest = 4;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const schemaOf = (value: unknown): Schema | null => (isSchema(value) ? value : null);

const nameOf = (schema: Schema): string | null => schema.$ref?.split('/').at(-1) ?? null;

/** The schema behind a reference. */
export const resolved = (document: OpenApiDocument, schema: Schema): Schema =>
  document.components.schemas[nameOf(schema) ?? ''] ?? schema;

const alternatives = (schema: Schema): readonly Schema[] =>
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);

/** `string`, `integer or null`, `list of Ticket` */
export const typeOf = (schema: Schema): string => {
  const name = nameOf(schema);
  if (name !== null) return name;
  const items = schemaOf(schema.items);
  if (items !== null) return `list of ${typeOf(items)}`;
  const choices = alternatives(schema);
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' or ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything'];
  return types.map((type) => (type === 'string' && schema.format !== undefined ? schema.format : type)).join(' or ');
};

/** What a value must keep: choices, bounds, default, pattern; as HTML. */
export const rulesOf = (schema: Schema): string => {
  const code = (value: unknown): string => `<code>${escaped(JSON.stringify(value))}</code>`;
  const inner = alternatives(schema).filter((one) => one.type !== 'null');
  const rules = [
    ...(schema.const === undefined ? [] : [`is ${code(schema.const)}`]),
    ...(schema.enum === undefined ? [] : [schema.enum.map(code).join(' ')]),
    ...(schema.minLength === undefined && schema.maxLength === undefined
      ? []
      : [`${schema.minLength ?? 0}–${schema.maxLength ?? '∞'} characters`]),
    ...(schema.minimum === undefined && schema.maximum === undefined
      ? []
      : [`${schema.minimum ?? '−∞'} to ${schema.maximum ?? '∞'}`]),
    ...(schema.minItems === undefined && schema.maxItems === undefined
      ? []
      : [`${schema.minItems ?? 0}–${schema.maxItems ?? '∞'} items`]),
    ...(schema.pattern === undefined ? [] : [`matches <code>${escaped(schema.pattern)}</code>`]),
    ...inner.map(rulesOf).filter((rule) => rule !== ''),
    ...(schema.default === undefined ? [] : [`default ${code(schema.default)}`]),
  ];
  return rules.join('; ');
};

interface Field {
  readonly path: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** The fields of a body, those of inner objects under their path: `requester.email`, `history[].at`. */
const fieldsOf = (
  document: OpenApiDocument,
  given: Schema,
  prefix: string,
  depth: number,
  seen: readonly string[],
): readonly Field[] => {
  const name = nameOf(given);
  if (depth > deepest || (name !== null && seen.includes(name))) return [];
  const known = name === null ? seen : [...seen, name];
  const schema = resolved(document, given);
  const items = schemaOf(schema.items);
  if (items !== null) return fieldsOf(document, items, `${prefix}[]`, depth, known);
  const choices = alternatives(schema);
  if (choices.length > 0) {
    const all = choices.flatMap((choice) => fieldsOf(document, choice, prefix, depth, known));
    return all.filter((field, index) => all.findIndex((other) => same(other, field)) === index);
  }
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const field = schemaOf(value);
    if (field === null) return [];
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [
      { path, required: schema.required?.includes(key) === true, schema: field },
      ...fieldsOf(document, field, path, depth + 1, known),
    ];
  });
};

const same = (a: Field, b: Field): boolean =>
  a.path === b.path && JSON.stringify(a.schema) === JSON.stringify(b.schema);

/** A table of the fields of a body. */
export const fieldTable = (document: OpenApiDocument, schema: Schema, body: 'request' | 'answer'): string =>
  table(
    ['Field', 'Type', 'Meaning'],
    fieldsOf(document, schema, '', 0, []).map((field) => [
      `<code>${escaped(field.path)}</code>${body === 'request' && field.required ? ' <em>required</em>' : ''}`,
      `<span class="type">${escaped(typeOf(field.schema))}</span>`,
      [inline(field.schema.description ?? ''), rulesOf(field.schema)].filter((part) => part !== '').join('<br>'),
    ]),
  );
