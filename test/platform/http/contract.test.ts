import * as z from 'zod';
import { contract } from '../../../functions/entrypoints/contract.ts';
import { defineRoute } from '../../../functions/platform/http/contract.ts';

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
    get body() {
      return noted('body');
    },
    success: {
      status: 200,
      get answer() {
        return noted('answer');
      },
    },
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

  it('takes neither parameters nor a body, and has no problems of its own, unless it says so', () => {
    for (const name of ['params', 'query'] as const) {
      expect(route[name].safeParse({}).success).toBe(true);
      expect(route[name].safeParse({ colour: 'red' }).success).toBe(false);
    }
    expect(route.problems).toEqual([]);
    const { body } = defineRoute({
      method: 'GET',
      path: '/v1/others',
      summary: 'Others',
      requirements: [],
      roles: ['admin'],
      customerScope: 'none',
      success: { status: 204, answer: null },
    });
    expect([undefined, {}, null].map((sent) => body.safeParse(sent).success)).toEqual([true, false, false]);
  });
});

it('every route of the desk gives the same schema each time it is asked', () => {
  for (const route of contract) {
    for (const name of ['params', 'query', 'body'] as const) expect(route[name]).toBe(route[name]);
    expect(route.success.answer).toBe(route.success.answer);
  }
  expect(contract.some(({ body }) => !(body instanceof z.ZodUndefined))).toBe(true);
});
