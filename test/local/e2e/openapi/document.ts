import * as z from 'zod';

interface Reference {
  readonly $ref: string;
}
interface Reply {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Operation {
  readonly responses: Readonly<Record<string, Reply | Reference>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, Reply>>;
  };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of the document, as `GET /v1/me`. */
export const operationsOf = (document: OpenApiDocument): readonly string[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).flatMap((method) => (methods.includes(method) ? [`${method.toUpperCase()} ${path}`] : [])),
  );

/**
 * References into the document become references into one schema, and an object with named properties takes no others: an
 * answer with a field that the document does not know is as wrong as one that lacks a field.
 */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const own: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === '$ref'
        ? String(value).replace('#/components/schemas/', '#/$defs/')
        : name === 'examples' || name === 'enum'
          ? value
          : closed(value),
    ]),
  );
  return own['type'] === 'object' && own['properties'] !== undefined && own['additionalProperties'] === undefined
    ? { ...own, additionalProperties: false }
    : own;
};

/** Holds answers to the document, by the text of its JSON schemas alone. */
export class AnswerCheck {
  readonly #document: OpenApiDocument;
  readonly #validators = new Map<object, z.ZodType>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /** What the document has against an answer; empty when nothing. */
  faults(operation: string, status: number, contentType: string | null, body: unknown): readonly string[] {
    const [method = '', path = ''] = operation.split(' ');
    const reply = this.#resolved(this.#document.paths[path]?.[method.toLowerCase()]?.responses[status]);
    const told = `${operation} ${status}`;
    if (reply === undefined) return [`${told}: not in the document`];
    const type = contentType?.split(';')[0] ?? null;
    if (reply.content === undefined) return body === null ? [] : [`${told}: the document knows no body`];
    const schema = reply.content[type ?? '']?.schema;
    if (schema === undefined) return [`${told}: ${type} is not in the document, only ${Object.keys(reply.content)}`];
    const result = this.#validator(schema).safeParse(body);
    return result.success ? [] : [`${told}: ${z.prettifyError(result.error)}`];
  }

  #resolved(reply: Reply | Reference | undefined): Reply | undefined {
    return reply !== undefined && '$ref' in reply
      ? this.#document.components.responses[reply.$ref.split('/').at(-1) ?? '']
      : (reply as Reply | undefined);
  }

  #validator(schema: object): z.ZodType {
    const known = this.#validators.get(schema);
    if (known !== undefined) return known;
    const whole = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...(closed(schema) as object),
      $defs: closed(this.#document.components.schemas),
    };
    const validator = z.fromJSONSchema(whole as Parameters<typeof z.fromJSONSchema>[0]);
    this.#validators.set(schema, validator);
    return validator;
  }
}
