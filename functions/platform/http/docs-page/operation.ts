import { type OpenApiDocument, type Operation, type Reply, responseReference } from '../openapi/document.ts';
import { fieldTable, rulesOf, typeOf } from './fields.ts';
import { escaped, inline, prose, table } from './html.ts';

/** One operation of the document with its place. */
export interface PlacedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** `'` inside a shell word in single quotes. */
const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const curl = ({ method, path, operation }: PlacedOperation): string => {
  const example = operation.requestBody?.content['application/json']?.example;
  const ifMatch = operation.parameters.some((parameter) => parameter.name === 'If-Match' && parameter.required);
  return [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"$DESK${path}"`,
    `-H "Authorization: Bearer $TOKEN"`,
    ...(method === 'post' ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(ifMatch ? [`-H 'If-Match: "3"'`] : []),
    ...(operation.requestBody === undefined ? [] : [`-H 'Content-Type: application/json'`]),
    ...(example === undefined ? [] : [`-d ${shellWord(JSON.stringify(example, null, 2))}`]),
  ].join(' \\\n  ');
};

const replyOf = (document: OpenApiDocument, reply: Reply | { readonly $ref: string }): Reply | null =>
  '$ref' in reply ? (document.components.responses[reply.$ref.slice(responseReference.length)] ?? null) : reply;

const section = (title: string, content: string): string => (content === '' ? '' : `<h4>${title}</h4>${content}`);

const parameters = ({ operation }: PlacedOperation): string =>
  table(
    ['Name', 'In', 'Type', 'Meaning'],
    operation.parameters.map((parameter) => [
      `<code>${escaped(parameter.name)}</code>${parameter.required ? ' <em>required</em>' : ''}`,
      parameter.in,
      `<span class="type">${escaped(typeOf(parameter.schema))}</span>`,
      [inline(parameter.description ?? ''), rulesOf(parameter.schema)].filter((part) => part !== '').join('<br>'),
    ]),
  );

const replies = (document: OpenApiDocument, { operation }: PlacedOperation): string =>
  table(
    ['Status', 'When', 'Headers'],
    Object.entries(operation.responses).flatMap(([status, given]) => {
      const reply = replyOf(document, given);
      if (reply === null) return [];
      const headers = Object.keys(reply.headers ?? {}).map((name) => `<code>${escaped(name)}</code>`);
      return [[`<b class="status s${status.charAt(0)}">${status}</b>`, inline(reply.description), headers.join(' ')]];
    }),
  );

const answer = (document: OpenApiDocument, { operation }: PlacedOperation): string => {
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
  const schema = success === undefined ? undefined : replyOf(document, success)?.content?.['application/json']?.schema;
  if (schema === undefined) return '';
  return `<details><summary>Fields of the answer</summary>${fieldTable(document, schema, 'answer')}</details>`;
};

/** The words by which the filter box finds an operation. */
const words = ({ method, path, operation }: PlacedOperation): string =>
  [method, path, operation.operationId, operation.summary, ...operation['x-roles'], ...operation['x-requirements']]
    .join(' ')
    .toLowerCase();

/** `GET` as a coloured badge. */
export const badge = (method: string): string =>
  `<b class="method ${escaped(method)}">${escaped(method.toUpperCase())}</b>`;

/** An operation as an article of the page. */
export const operationArticle = (document: OpenApiDocument, placed: PlacedOperation): string => {
  const { method, path, operation } = placed;
  const body = operation.requestBody?.content['application/json']?.schema;
  const id = escaped(operation.operationId);
  // The description ends with roles and requirements for readers of the JSON; the page shows them as labels.
  const text = operation.description.split('\n\n').filter((part) => !/^(Roles|Requirements): /.test(part));
  const labels = [
    ...operation['x-roles'].map((role) => `<li class="role">${escaped(role)}</li>`),
    ...(operation['x-customer-scope'] === 'own' ? ['<li class="scope">requester: own customer only</li>'] : []),
    ...operation['x-requirements'].map((requirement) => `<li class="requirement">${escaped(requirement)}</li>`),
  ];
  return `<article id="${id}" data-words="${escaped(words(placed))}">
<h3><a href="#${id}">${escaped(operation.summary)}</a></h3>
<p class="place">${badge(method)}<code>${escaped(path).replaceAll('/', '/<wbr>')}</code></p>
${prose(text.join('\n\n'))}
<ul class="labels" aria-label="Roles and requirements">${labels.join('')}</ul>
${section('Parameters', parameters(placed))}
${section('Body', body === undefined ? '' : fieldTable(document, body, 'request'))}
${section('Example', `<pre tabindex="0"><code>${escaped(curl(placed))}</code></pre>`)}
${section('Answers', replies(document, placed) + answer(document, placed))}
</article>`;
};
