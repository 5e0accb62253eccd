import * as z from 'zod';
import type { RouteContract } from './contract.ts';
import type { OpenApiDocument, Operation } from './openapi/document.ts';
import { parametersOf } from './openapi/parameters.ts';
import { repliesOf, sharedReplies } from './openapi/replies.ts';
import { Schemas } from './openapi/schemas.ts';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly summary: string;
  readonly description: string;
  /** Context (`/v1/<context>`) -> what it is about. In the order in which readers should meet them. */
  readonly contexts: Readonly<Record<string, string>>;
}

/** `/v1/tickets/{ticketId}/status` -> `tickets` */
const contextOf = (path: string): string => path.split('/')[2] ?? '';

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `POST /v1/tickets/{ticketId}/status` -> `postTicketStatus`: the method and the path, with one of many in the singular. */
export const operationId = (method: string, path: string): string => {
  const parts = path.split('/').slice(2);
  const words = parts.flatMap((part, index) => {
    if (part.startsWith('{')) return [];
    const one = parts[index + 1]?.startsWith('{') === true ? part.replace(/s$/, '') : part;
    return one.split('-').map(capital);
  });
  return `${method.toLowerCase()}${words.join('')}`;
};

const descriptionOf = (contract: RouteContract): string =>
  [
    ...(contract.description === undefined ? [] : [contract.description]),
    `Roles: ${contract.roles.map((role) => `\`${role}\``).join(', ')}.${
      contract.customerScope === 'own' ? ' A requester reaches the own customer only; anything else is 404.' : ''
    }`,
    ...(contract.requirements.length === 0 ? [] : [`Requirements: ${contract.requirements.join(', ')}.`]),
  ].join('\n\n');

const operationOf = (contract: RouteContract, schemas: Schemas): Operation => {
  const hasBody = !(contract.body instanceof z.ZodUndefined);
  return {
    operationId: operationId(contract.method, contract.path),
    tags: [contextOf(contract.path)],
    summary: contract.summary,
    description: descriptionOf(contract),
    parameters: parametersOf(contract, schemas),
    ...(hasBody
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: schemas.of(contract.body, 'input'),
                ...(contract.example === undefined ? {} : { example: contract.example }),
              },
            },
          },
        }
      : {}),
    responses: repliesOf(contract, hasBody, schemas),
    'x-roles': contract.roles,
    'x-requirements': contract.requirements,
    'x-customer-scope': contract.customerScope,
  };
};

/**
 * The OpenAPI 3.1 document of a contract (DESIGN section 3): nothing in it is written by hand but `info`.
 * @throws when a route's context is not described, or when two schemas share an id.
 */
export const openApiDocument = (contract: readonly RouteContract[], info: ApiInfo): OpenApiDocument => {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of contract) {
    if (info.contexts[contextOf(route.path)] === undefined)
      throw new Error(`${route.path}: its context is not described`);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  const used = new Set(contract.map((route) => contextOf(route.path)));
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const responses = sharedReplies(
    new Set(operations.flatMap((operation) => Object.keys(operation.responses))),
    schemas,
  );
  return {
    openapi: '3.1.1',
    info: {
      title: info.title,
      version: info.version,
      summary: info.summary,
      description: info.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The desk that serves this document' }],
    security: [{ token: [] }],
    tags: Object.entries(info.contexts).flatMap(([name, description]) =>
      used.has(name) ? [{ name, description }] : [],
    ),
    paths,
    components: {
      schemas: schemas.components(),
      responses,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of the desk’s user pool: people sign in, machines use client credentials.',
        },
      },
    },
  };
};
