import type { Drill } from '../domain/drill.ts';
import { type Contents, contentsOf, verdictMeanings } from './contents.ts';
import { timeline } from './timeline.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Control characters that HTML has no place for; a NUL among them would end some readers. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Foreign text in an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(controls, '\ufffd').replace(/[&<>"'`]/g, (sign) => escapes[sign] ?? '');

const style = `:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:CanvasText;background:Canvas}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid light-dark(#d8dade,#44474d);overflow-wrap:anywhere}
th{font-weight:600;overflow-wrap:normal}th[scope=row]{width:16rem}section{overflow-x:auto}svg+table,table+table{margin-top:.8rem}ul{margin-bottom:0}.legs td,.checks td:first-child{white-space:nowrap}
.verdict{display:inline-block;padding:.2rem .7rem;border:2px solid currentColor;border-radius:.3rem;font-weight:700}
.passed,.met{color:light-dark(#146c2e,#6fdd8b)}.failed,.missed{color:light-dark(#b3261e,#ff9b93)}.unknown,.cancelled{color:light-dark(#8a5a00,#ffca6b)}td:is(.passed,.met,.failed,.missed,.unknown){font-weight:600;white-space:nowrap}
svg{width:100%;height:auto;font:12px system-ui,sans-serif;fill:currentColor}svg rect{fill:light-dark(#3b5bdb,#91a7ff)}
@media print{body{margin:0;max-width:none;font-size:11px}h2,table,svg{break-inside:avoid}:root{color-scheme:light}}`;

/** Nothing is loaded and nothing runs, whatever stands in the texts. */
export const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const e = escapeHtml;

const rows = (pairs: Contents['asked']): string =>
  `<table>${pairs.map(([label, value]) => `<tr><th scope="row">${e(label)}</th><td>${e(value)}</td></tr>`).join('')}</table>`;

/** Results that a reader looks for first. */
const marked = new Set(['passed', 'failed', 'unknown', 'met', 'missed']);

const cellOf = (cell: string, isResult: boolean): string =>
  isResult && marked.has(cell) ? `<td class="${cell}">${cell}</td>` : `<td>${e(cell)}</td>`;

const grid = (heads: readonly string[], lines: readonly (readonly string[])[], kind = ''): string =>
  `<table${kind === '' ? '' : ` class="${kind}"`}><thead><tr>${heads.map((head) => `<th scope="col">${e(head)}</th>`).join('')}</tr></thead><tbody>${lines
    .map((line) => `<tr>${line.map((cell, index) => cellOf(cell, heads[index] === 'Result')).join('')}</tr>`)
    .join('')}</tbody></table>`;

const list = (lines: readonly string[]): string =>
  lines.length === 0 ? '<p>None.</p>' : `<ul>${lines.map((line) => `<li>${e(line)}</li>`).join('')}</ul>`;

const section = (title: string, content: string): string => `<section><h2>${e(title)}</h2>${content}</section>`;

/** The report of a drill that is over, for an auditor: one page that loads nothing. The same drill is always the same bytes. */
export const htmlReport = (drill: Drill): string => {
  const { title, verdict, meaning, reasons, asked, objectives, loss, legs, checks, counts, evidence } =
    contentsOf(drill);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${e(reportPolicy)}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${e(title)}</title><style>${style}</style></head><body>`,
    `<header><h1>${e(title)}</h1><p><span class="verdict ${verdict}">${e(verdict)}</span></p><p>${e(meaning)}</p></header>`,
    section('Reasons', list(reasons)),
    section(
      'Objectives',
      grid(
        ['Objective', 'Promised', 'Measured', 'Result'],
        objectives.map(({ name, promised, measured, met }) => [name, promised, measured, met]),
      ),
    ),
    section('What was lost, and what was served', rows(loss)),
    section('What was asked for', rows(asked)),
    section(
      'Legs',
      timeline(legs, e) +
        grid(
          ['Leg', 'Began', 'Ended', 'Seconds', 'Earlier by at most'],
          legs.map(({ name, startedAt, endedAt, seconds, errorBoundSeconds }) => [
            name,
            startedAt,
            endedAt ?? 'not ended',
            seconds === null ? '' : String(seconds),
            `${errorBoundSeconds} s`,
          ]),
          'legs',
        ),
    ),
    section(
      'Integrity',
      rows(counts) +
        grid(
          ['Check', 'Result', 'Details'],
          checks.map(({ name, result, detail }) => [name, result, detail]),
          'checks',
        ),
    ),
    section('Evidence', rows(evidence)),
    section('What the verdicts mean', list(Object.values(verdictMeanings))),
    '</body></html>\n',
  ].join('\n');
};
