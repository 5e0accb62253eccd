import type { Drill } from '../domain/drill.ts';
import { type Contents, contentsOf, verdictMeanings } from './contents.ts';

/**
 * Foreign text as itself in Markdown, in a paragraph, a list or a cell of a table: on one line, without a sign that means something
 * where it stands, and still readable as plain text
 * (https://spec.commonmark.org/0.31.2/#backslash-escapes). HTML is text there too.
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]#!|~@]/g, (sign) => `\\${sign}`)
    // What only begins a list or a line under a heading at the beginning.
    .replace(/^[-+=]/, (sign) => `\\${sign}`)
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    // Addresses become links by themselves: https://github.github.com/gfm/#autolinks-extension-
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/(www)\./gi, '$1\\.');

const e = escapeMarkdown;

const grid = (heads: readonly string[], lines: readonly (readonly string[])[]): string =>
  [
    `| ${heads.join(' | ')} |`,
    `| ${heads.map(() => '---').join(' | ')} |`,
    ...lines.map((line) => `| ${line.map(e).join(' | ')} |`),
  ].join('\n');

const rows = (pairs: Contents['asked']): string => grid(['What', 'Value'], pairs);

const list = (lines: readonly string[]): string =>
  lines.length === 0 ? 'None.' : lines.map((line) => `* ${e(line)}`).join('\n');

/** The same report as `htmlReport`, to be read in a terminal or put into a document. */
export const markdownReport = (drill: Drill): string => {
  const { title, verdict, meaning, reasons, asked, objectives, loss, legs, checks, counts, evidence } =
    contentsOf(drill);
  const sections: readonly (readonly [string, string])[] = [
    ['Reasons', list(reasons)],
    [
      'Objectives',
      grid(
        ['Objective', 'Promised', 'Measured', 'Result'],
        objectives.map(({ name, promised, measured, met }) => [name, promised, measured, met]),
      ),
    ],
    ['What was lost, and what was served', rows(loss)],
    ['What was asked for', rows(asked)],
    [
      'Legs',
      grid(
        ['Leg', 'Began', 'Ended', 'Seconds', 'Earlier by at most'],
        legs.map(({ name, startedAt, endedAt, seconds, errorBoundSeconds }) => [
          name,
          startedAt,
          endedAt ?? 'not ended',
          seconds === null ? '' : String(seconds),
          `${errorBoundSeconds} s`,
        ]),
      ),
    ],
    [
      'Integrity',
      `${rows(counts)}\n\n${grid(
        ['Check', 'Result', 'Details'],
        checks.map(({ name, result, detail }) => [name, result, detail]),
      )}`,
    ],
    ['Evidence', rows(evidence)],
    ['What the verdicts mean', list(Object.values(verdictMeanings))],
  ];
  return [
    `# ${e(title)}`,
    '',
    `**${verdict}**`,
    '',
    e(meaning),
    ...sections.flatMap(([name, content]) => ['', `## ${name}`, '', content]),
    '',
  ].join('\n');
};
