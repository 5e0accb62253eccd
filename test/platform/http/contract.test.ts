import * as z from 'zod';
import { contract } from '../../../functions/entrypoints/contract.ts';
import { defineRoute, noBody, noParameters } from '../../../functions/platform/http/contract.ts';

describe('a route whose schemas are getters', () => {
  const built: string[] = [];
  const noted = (name: string) => {
    built.push(name);
    return z.strictObject({ name: z.string() });
  };
  const route = defineRoute({
    method: 'POST',
    path: '/v1/things',
    summary: 'Things',
    requirements: [],
    roles: ['admin'],
    customerScope: 'none',
    params: noParameters,
    query: noParameters,
    get body() {
      return noted('body');
    },
    success: {
      status: 200,
      get answer() {
        return noted('answer');
      },
    },
    problems: [],
  });

  it('builds each when it is first asked for, once, and always gives the same', () => {
    expect(built).toEqual([]);
    expect(route.path).toBe('/v1/things');
    const { body } = route;
    expect(route.body).toBe(body);
    expect(built).toEqual(['body']);
    expect(route.success.answer).toBe(route.success.answer);
    expect(built).toEqual(['body', 'answer']);
    expect({ ...route }.body).toBe(body);
  });
});

it('every route of the desk gives the same schema each time it is asked', () => {
  for (const route of contract) {
    for (const name of ['params', 'query', 'body'] as const) expect(route[name]).toBe(route[name]);
    expect(route.success.answer).toBe(route.success.answer);
  }
  expect(contract.some(({ body }) => body !== noBody)).toBe(true);
});
