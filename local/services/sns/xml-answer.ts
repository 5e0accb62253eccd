import type { ServerResponse } from 'node:http';

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** Text, or elements by name; a list repeats `member`, a Map is a list of `entry` with key and value. */
export type XmlValue =
  | string
  | readonly XmlValue[]
  | ReadonlyMap<string, string>
  | { readonly [name: string]: XmlValue };

/** Sends a result in the AWS query protocol. */
export function sendXml(response: ServerResponse, requestId: string, operation: string, result: XmlValue): void {
  const body = `<${operation}Result>${element(result)}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  send(response, requestId, 200, `<${operation}Response xmlns="${namespace}">${body}</${operation}Response>`);
}

/** Sends an error in the AWS query protocol. */
export function sendXmlError(
  response: ServerResponse,
  requestId: string,
  code: string,
  message: string,
  status: number,
): void {
  const error = element({ Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message });
  send(
    response,
    requestId,
    status,
    `<ErrorResponse xmlns="${namespace}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

function send(response: ServerResponse, requestId: string, status: number, xml: string): void {
  const text = Buffer.from(xml);
  response.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': text.length,
    'x-amzn-requestid': requestId,
  });
  response.end(text);
}

function element(value: XmlValue): string {
  if (typeof value === 'string') return escape(value);
  if (isList(value)) return value.map((member) => `<member>${element(member)}</member>`).join('');
  if (isMap(value)) return [...value].map(([key, text]) => `<entry>${element({ key, value: text })}</entry>`).join('');
  return Object.entries(value)
    .map(([name, part]) => `<${name}>${element(part)}</${name}>`)
    .join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function isMap(value: XmlValue): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}

function escape(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
