import type { RouteContract } from '../contract.ts';
import type { Parameter, Schema } from './document.ts';
import type { Schemas } from './schemas.ts';

const etag: Schema = { type: 'string', pattern: '^(W/)?"\\d{1,9}"$', examples: ['"3"'] };

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes a repetition harmless: for 24 hours, the same key with the same body answers what the first one did (with `Idempotent-Replayed: true`), with another body 422.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
};

const ifMatch = (required: boolean): Parameter => ({
  name: 'If-Match',
  in: 'header',
  required,
  description: required
    ? 'The ETag of the version you read. Without it 428, with an old one 412.'
    : 'The ETag of the version you read: refuses the change (412) when somebody was faster. Left out, the change applies to what is there.',
  schema: etag,
});

const inside = (place: 'path' | 'query', object: Schema): Parameter[] =>
  Object.entries(object.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const { description, ...schema } = property;
    return [
      {
        name,
        in: place,
        required: place === 'path' || object.required?.includes(name) === true,
        ...(description === undefined ? {} : { description }),
        schema,
      },
    ];
  });

/** Path, query and header parameters of a route. */
export const parametersOf = (contract: RouteContract, schemas: Schemas): readonly Parameter[] => [
  ...inside('path', schemas.of(contract.params, 'input')),
  ...inside('query', schemas.of(contract.query, 'input')),
  ...(contract.method === 'POST' ? [idempotencyKey] : []),
  ...(contract.ifMatch === 'required' ? [ifMatch(true)] : contract.problems.includes(412) ? [ifMatch(false)] : []),
];
