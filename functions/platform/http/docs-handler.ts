import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { docsPage, docsPagePolicy } from './docs-page.ts';
import type { OpenApiDocument } from './openapi/document.ts';
import { jsonResult } from './result.ts';

const shared = {
  'cache-control': 'public, max-age=300',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Answers the open pages, made once a function's life, and the preflight requests of browsers, whose CORS headers the gateway
 * adds (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
 */
export const docsHandler = (makeDocument: () => OpenApiDocument) => {
  let pages: { readonly json: string; readonly html: string } | null = null;
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    if (event.requestContext.http.method === 'OPTIONS') return { statusCode: 204 };
    if (pages === null) {
      const document = makeDocument();
      pages = { json: JSON.stringify(document), html: docsPage(document) };
    }
    switch (event.rawPath) {
      case '/openapi.json':
        return { statusCode: 200, headers: { ...shared, 'content-type': 'application/json' }, body: pages.json };
      case '/docs':
        return {
          statusCode: 200,
          headers: { ...shared, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': docsPagePolicy },
          body: pages.html,
        };
      default:
        return jsonResult(404, {}, { message: 'Not Found' });
    }
  };
};
