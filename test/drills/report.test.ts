import fc from 'fast-check';
import type { Drill } from '../../functions/drills/domain/drill.ts';
import { escapeHtml, htmlReport } from '../../functions/drills/report/html.ts';
import { escapeMarkdown, markdownReport } from '../../functions/drills/report/markdown.ts';
import { begun, clean, ofOther, walk } from './step/way.ts';

const passed = (): Drill => walk(begun()).drill;

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='x",
  '`${1}`',
  '| a | b |\n| --- | --- |',
  '[x](javascript:alert(1))',
  '</svg></style><script>',
  '&lt;b&gt; &amp;',
  '\u0000\u0007\u2028# heading',
  'https://evil.example *bold* _i_',
];
const strings = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' }), fc.string());

/** A drill with foreign text in every place that is foreign. */
const withTexts = (text: string): Drill => ({
  ...passed(),
  table: text,
  id: text,
  planId: text,
  serviceId: text,
  requestedBy: { id: text, role: text },
  reasons: [text, text],
  unusable: [text],
  backupJobId: text,
  restoreJobId: text,
  scratchTable: { name: text, removedAt: text },
  manifest: { name: text, sha256: text, asOf: text },
  recoveryPointUsed: { arn: text, createdAt: '2026-03-02T09:00:00.000Z', sizeBytes: 1 },
  integrity: { ...clean, checks: clean.checks.map((check) => ({ ...check, detail: text })) },
});

/** The tags of a page, with their attributes: no foreign text stands in one. */
const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];

test('of another table the report says what is not applicable, and calls none of it a gap', () => {
  const drill: Drill = { ...passed(), table: 'billing', served: { readAt: null, writeAt: null }, manifest: null };
  const markdown = markdownReport({
    ...drill,
    integrity: ofOther({ ...clean, lostRecords: null, oldestLostAt: null }),
  });
  for (const what of [
    'Records lost',
    'Newest canary in the copy',
    'First read served',
    'First write served',
    'Manifest',
  ])
    expect(markdown).toContain(`| ${what} | not applicable |`);
  expect(markdown).toContain('| chains | not applicable |');
  expect(markdown).toContain('until the copy was checked');
  expect(htmlReport({ ...drill, integrity: ofOther(clean) })).toContain('<td>not applicable</td>');
  expect(markdownReport(passed())).not.toContain('not applicable');
});

test('whatever stands in a drill, its page has the same elements and no other', () => {
  const expected = tagsOf(htmlReport(withTexts('x')));
  fc.assert(
    fc.property(strings, (text) => {
      const html = htmlReport(withTexts(text));
      expect(tagsOf(html)).toEqual(expected);
      expect(html).not.toContain('\u0000');
    }),
    { numRuns: 200 },
  );
});

test('whatever stands in a drill, its Markdown has the same lines, rows and cells', () => {
  const shape = (markdown: string) =>
    markdown.split('\n').map((line) =>
      line
        .replace(/\\./g, '')
        .replace(/[^|#*]/g, '')
        .slice(0, 20),
    );
  const expected = shape(markdownReport(withTexts('x')));
  fc.assert(
    fc.property(strings, (text) => {
      const markdown = markdownReport(withTexts(text));
      expect(shape(markdown)).toEqual(expected);
      expect(markdown).not.toMatch(/</);
    }),
    { numRuns: 200 },
  );
});

test('escaping loses no letter that a reader sees', () => {
  const seen = (html: string) =>
    html
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&#96;/g, '`')
      .replace(/&amp;/g, '&');
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(seen(escapeHtml(text))).toBe(text);
      const back = escapeMarkdown(text)
        .replace(/\\(.)/g, '$1')
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&');
      expect(back).toBe(text.trim());
    }),
  );
});

test('Markdown stays readable as plain text, and only what would mean something is escaped', () => {
  const plain = 'The RPO is met: 1.5 s (at most 0.5 s less); the objective is 1 h - and so on.';
  expect(escapeMarkdown(plain)).toBe(plain);
  expect(escapeMarkdown('see http://a.example or www.a.example')).toBe('see http\\://a.example or www\\.a.example');
  expect(['1. one', '- one', '+ one', '2) two', '# one'].map(escapeMarkdown)).toEqual([
    '1\\. one',
    '\\- one',
    '\\+ one',
    '2\\) two',
    '\\# one',
  ]);
});

test('the same drill is the same report, with everything an auditor asks for', () => {
  const drill = passed();
  expect(htmlReport(drill)).toBe(htmlReport(passed()));
  for (const report of [htmlReport(drill), markdownReport(drill)]) {
    for (const name of ['passed', 'Objectives', 'Legs', 'Integrity', 'Evidence', 'restore-completed', 'agt', 'manager'])
      expect(report).toContain(report.startsWith('#') ? escapeMarkdown(name) : name);
  }
  const html = htmlReport(drill);
  expect(html).toContain('<svg');
  expect(html).not.toMatch(/<script|src=|href=|url\(/);
  for (const leg of drill.legs) expect(html).toContain(leg.startedAt);
  for (const { name } of clean.checks) expect(html).toContain(`<td>${name}</td>`);
  expect(html).toContain('<td class="met">met</td>');
  expect(html).toContain('<td class="passed">passed</td>');
});

test('a drill that measured nothing says so, and shows no zero that looks good', () => {
  const drill = { ...begun(), state: 'cancelled' as const };
  for (const report of [htmlReport(drill), markdownReport(drill)]) {
    expect(report).toContain('not measured');
    expect(report).toContain('cancelled');
    expect(report).not.toContain('NaN');
  }
});
