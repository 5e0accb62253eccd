import { RouteTable } from '../../../local/gateway/route-table.ts';
import type { RouteModel } from '../../../local/model.ts';

const route = (routeKey: string): RouteModel => ({ routeKey, functionId: routeKey, authorized: false, scopes: [] });

// The table of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
const table = new RouteTable(
  [
    'ANY /{proxy+}',
    '$default',
    'GET /pets/{proxy+}',
    'GET /pets/{id}',
    'GET /pets/dog/1',
    'GET /pets/dog/{id}',
    'POST /pets',
    'ANY /pets',
  ].map(route),
);

describe('route selection', () => {
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat', 'GET /pets/{id}', { id: 'cat' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/pets', 'POST /pets', {}],
    ['PUT', '/pets', 'ANY /pets', {}],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET', '/pets/a%20b', 'GET /pets/{id}', { id: 'a b' }],
    ['GET', '/', '$default', {}],
  ])('%s %s -> %s', (method, path, routeKey, pathParameters) => {
    const match = table.select(method, path);
    expect(match?.route.routeKey).toBe(routeKey);
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  it('answers null when no route fits and there is no default', () => {
    const small = new RouteTable([route('GET /v1/tickets'), route('ANY /v1/tickets/{proxy+}')]);
    expect(small.select('POST', '/v1/tickets')).toBeNull();
    expect(small.select('GET', '/v1/tickets/')).toBeNull();
    expect(small.select('GET', '/v1')).toBeNull();
    expect(small.select('GET', '/v1/tickets/a')).not.toBeNull();
  });
});
