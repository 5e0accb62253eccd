import * as z from 'zod';
import { apiDocument, contract } from '../../../functions/entrypoints/contract.ts';
import { contexts } from '../../../functions/entrypoints/contexts.ts';
import { defineRoute } from '../../../functions/platform/http/contract.ts';
import { openApiDocument, operationId } from '../../../functions/platform/http/openapi.ts';

const document = apiDocument();
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const text = JSON.stringify(document);

test('every route of the contract is one operation, under a context that a function answers', () => {
  expect(operations).toHaveLength(contract.length);
  expect(document.tags.map((tag) => tag.name).sort()).toEqual(Object.keys(contexts).sort());
  expect(operations.filter((operation) => !(operation.tags[0] in contexts))).toEqual([]);
});

test('operation ids are unique and follow from method and path', () => {
  expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
  expect(operationId('POST', '/v1/tickets/{ticketId}/status')).toBe('postTicketStatus');
  expect(operationId('GET', '/v1/alert-subscriptions')).toBe('getAlertSubscriptions');
  expect(operationId('DELETE', '/v1/alert-subscriptions/{subscriptionId}')).toBe('deleteAlertSubscription');
});

test('every reference leads somewhere, and nothing is kept that nobody refers to', () => {
  const references = new Set([...text.matchAll(/"\$ref":"(#[^"]+)"/g)].map((match) => match[1]));
  const kept = ['schemas', 'responses'].flatMap((kind) =>
    Object.keys(document.components[kind as 'schemas' | 'responses']).map((name) => `#/components/${kind}/${name}`),
  );
  expect([...references].sort()).toEqual(kept.sort());
});

test('a body is as strict as the desk, an answer may gain fields', () => {
  const body = document.paths['/v1/tickets']?.['post']?.requestBody?.content['application/json']?.schema;
  expect(body).toMatchObject({ type: 'object', required: ['customerId', 'subject'], additionalProperties: false });
  expect(document.components.schemas['Ticket']).not.toHaveProperty('additionalProperties');
});

test('each example is a valid body', () => {
  for (const route of contract)
    if (route.example !== undefined) expect(route.body.safeParse(route.example).error).toBeUndefined();
});

test('each route with a body has an example', () => {
  const without = contract.filter((route) => !(route.body instanceof z.ZodUndefined) && route.example === undefined);
  expect(without.map((route) => `${route.method} ${route.path}`)).toEqual([]);
});

test('path parameters are those of the path', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    for (const operation of Object.values(methods)) {
      expect(
        operation.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name),
      ).toEqual(wanted);
    }
  }
});

test('headers and problems follow from the route', () => {
  const patch = document.paths['/v1/tickets/{ticketId}']?.['patch'];
  expect(patch?.parameters.find((parameter) => parameter.name === 'If-Match')?.required).toBe(true);
  expect(Object.keys(patch?.responses ?? {})).toEqual([
    '200',
    '400',
    '401',
    '403',
    '404',
    '412',
    '413',
    '415',
    '428',
    '429',
    '500',
    '503',
  ]);
  const status = document.paths['/v1/tickets/{ticketId}/status']?.['post'];
  expect(
    status?.parameters.filter(({ in: place }) => place === 'header').map(({ name, required }) => [name, required]),
  ).toEqual([
    ['Idempotency-Key', false],
    ['If-Match', false],
  ]);
  const get = document.paths['/v1/me']?.['get'];
  expect(get?.parameters).toEqual([]);
  expect(Object.keys(get?.responses ?? {})).toEqual(['200', '400', '401', '403', '429', '500', '503']);
  const created = document.paths['/v1/tickets']?.['post']?.responses['201'];
  expect(created).toMatchObject({ headers: { ETag: {}, Location: {} } });
});

describe('what cannot be described is refused', () => {
  const route = defineRoute({
    method: 'GET',
    path: '/v1/things',
    summary: 'Things',
    requirements: [],
    roles: ['agent'],
    customerScope: 'none',
    success: { status: 200, answer: z.object({ a: z.string() }).meta({ id: 'OpenApiTestThing' }) },
  });
  const info = { title: '', version: '1', summary: '', description: '', contexts: { things: 'Things.' } };

  test('a context without description', () => {
    expect(() => openApiDocument([route], { ...info, contexts: {} })).toThrow(
      '/v1/things: its context is not described',
    );
  });

  test('a field that JSON cannot hold', () => {
    const answer = z.object({ at: z.date() });
    expect(() => openApiDocument([{ ...route, success: { status: 200, answer } }], info)).toThrow(/Date/);
  });
});
