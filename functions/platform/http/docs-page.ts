import { createHash } from 'node:crypto';
import { escaped, inline, prose } from './docs-page/html.ts';
import { badge, operationArticle, type PlacedOperation } from './docs-page/operation.ts';
import { filterScript } from './docs-page/script.ts';
import { style } from './docs-page/style.ts';
import type { OpenApiDocument } from './openapi/document.ts';

const hashOf = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** Lets the page's own style and script be used, and nothing else: no other origin, no frame around it, no form. */
export const docsPagePolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(filterScript)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const operationsOf = (document: OpenApiDocument, tag: string): readonly PlacedOperation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.tags.includes(tag) ? [{ method, path, operation }] : [],
    ),
  );

const link = ({ method, operation }: PlacedOperation): string =>
  `<li><a href="#${escaped(operation.operationId)}">${badge(method)}<span>${escaped(operation.summary)}</span></a></li>`;

/** The OpenAPI document as one page that needs nothing else: no other file, no other origin. Everything in it is escaped. */
export const docsPage = (document: OpenApiDocument): string => {
  const groups = document.tags.map((tag) => ({ ...tag, operations: operationsOf(document, tag.name) }));
  const navigation = groups.map(
    ({ name, operations }) =>
      `<div data-group="${escaped(name)}"><h2>${escaped(name)}</h2><ul>${operations.map(link).join('')}</ul></div>`,
  );
  const content = groups.map(
    ({ name, description, operations }) =>
      `<section id="group-${escaped(name)}"><h2>${escaped(name)}</h2><p>${inline(description)}</p>
${operations.map((operation) => operationArticle(document, operation)).join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(document.info.title)}: API</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<nav aria-label="Operations">
<label for="filter">Find an operation</label>
<input id="filter" type="search" placeholder="status, lead, P-03 …" autocomplete="off">
<details id="menu" open><summary>All operations</summary>${navigation.join('')}</details>
</nav>
<main id="content">
<header>
<h1>${escaped(document.info.title)}</h1>
<p class="lead">${inline(document.info.summary)}</p>
${prose(document.info.description)}
<p>Version ${escaped(document.info.version)}, also as <a href="/openapi.json">OpenAPI ${escaped(document.openapi)}</a>.</p>
</header>
<p id="none" role="status" hidden>No operation matches.</p>
${content.join('\n')}
</main>
<script>${filterScript}</script>
</body>
</html>
`;
};
