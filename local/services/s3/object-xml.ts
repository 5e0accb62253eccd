import type { ServerResponse } from 'node:http';

/** Elements in order; a name may come more than once. */
export type Elements = readonly (readonly [name: string, value: string | Elements])[];

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Sends a document of the S3 REST API. */
export function sendDocument(response: ServerResponse, requestId: string, root: string, elements: Elements): void {
  send(
    response,
    requestId,
    200,
    `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${text(elements)}</${root}>`,
  );
}

/** Sends an error: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function sendError(
  response: ServerResponse,
  requestId: string,
  status: number,
  elements: Readonly<Record<string, string>>,
): void {
  const all = { ...elements, RequestId: requestId, HostId: 'local' };
  send(response, requestId, status, `<Error>${text(Object.entries(all))}</Error>`);
}

function send(response: ServerResponse, requestId: string, status: number, xml: string): void {
  const body = Buffer.from(declaration + xml);
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': body.length,
    'x-amz-request-id': requestId,
  });
  response.end(body);
}

function text(value: string | Elements): string {
  if (typeof value === 'string') return value.replace(/[&<>"\r\n\t]/g, (one) => `&#${one.charCodeAt(0)};`);
  return value.map(([name, inner]) => `<${name}>${text(inner)}</${name}>`).join('');
}
