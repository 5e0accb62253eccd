import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { apiDocument, contract } from '../../../functions/entrypoints/contract.ts';
import { docsHandler } from '../../../functions/platform/http/docs-handler.ts';
import { docsPage, docsPagePolicy } from '../../../functions/platform/http/docs-page.ts';
import { openApiDocument } from '../../../functions/platform/http/openapi.ts';

const page = docsPage(apiDocument());
const inside = (tag: string): string[] =>
  [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1] ?? '');
const sha = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

test('shows every operation, and links to it', () => {
  for (const { summary } of contract) expect(page).toContain(summary);
  expect([...page.matchAll(/<article id="([^"]+)"/g)].map((match) => match[1]).sort()).toEqual(
    [...page.matchAll(/<li><a href="#([^"]+)"/g)].map((match) => match[1]).sort(),
  );
});

test('needs nothing from elsewhere', () => {
  expect(page).not.toMatch(/\bsrc=|@import|url\(/);
  expect([...page.matchAll(/href="([^"#][^"]*)"/g)].map((match) => match[1])).toEqual(['/openapi.json']);
});

test('its policy allows exactly its own style and script, and no attribute of either kind', () => {
  expect(inside('style')).toHaveLength(1);
  expect(inside('script')).toHaveLength(1);
  expect(docsPagePolicy).toContain(`style-src ${sha(inside('style')[0] ?? '')};`);
  expect(docsPagePolicy).toContain(`script-src ${sha(inside('script')[0] ?? '')};`);
  expect(docsPagePolicy).toMatch(/^default-src 'none';/);
  expect(page).not.toMatch(/<[^>]*\s(style|on\w+)=/);
});

test('whatever stands in the contract is text, not markup', () => {
  const hostile = `"><img src=x onerror=alert(1)>'\`</script>\``;
  const [route] = contract;
  if (route === undefined) throw new Error('no route');
  const document = openApiDocument(
    [{ ...route, summary: hostile, description: hostile, requirements: [hostile], example: { customerId: hostile } }],
    {
      title: hostile,
      version: hostile,
      summary: hostile,
      description: hostile,
      contexts: { tickets: hostile },
    },
  );
  const hostilePage = docsPage(document);
  expect(hostilePage).not.toContain('<img');
  expect(hostilePage.split('</script>')).toHaveLength(2);
});

describe('the function', () => {
  let made = 0;
  const handler = docsHandler(() => {
    made += 1;
    return apiDocument();
  });
  const get = (rawPath: string, method = 'GET') =>
    handler({ rawPath, requestContext: { http: { method } } } as unknown as APIGatewayProxyEventV2);

  test('answers document and page, cacheable for five minutes, and makes them once', async () => {
    const json = await get('/openapi.json');
    expect(json).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    });
    expect(JSON.parse(json.body ?? '')).toEqual(JSON.parse(JSON.stringify(apiDocument())));
    const html = await get('/docs');
    expect(html).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': docsPagePolicy,
        'x-content-type-options': 'nosniff',
      },
    });
    expect(made).toBe(1);
  });

  test('answers preflight requests of any path, and 404 elsewhere', async () => {
    expect((await get('/v1/tickets', 'OPTIONS')).statusCode).toBe(204);
    expect((await get('/v1/tickets')).statusCode).toBe(404);
  });
});
