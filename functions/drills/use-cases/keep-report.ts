import { createHash } from 'node:crypto';
import { systemActor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import type { Drill } from '../domain/drill.ts';
import { htmlReport } from '../report/html.ts';
import { markdownReport } from '../report/markdown.ts';
import type { ReadDrill } from '../store.ts';
import type { AttendPorts } from './ports.ts';

export const reportNames = (drillId: string) => ({
  html: `drills/${drillId}/report.html`,
  markdown: `drills/${drillId}/report.md`,
});

export const reportTypes = { html: 'text/html; charset=utf-8', markdown: 'text/markdown; charset=utf-8' } as const;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Keeps the report of a drill that is over, where nobody can alter it, and its hash with the drill. It is made of what was
 * committed and of nothing else, so whoever comes twice makes the same; the first text under a name is the one that stays.
 */
export const keepReport = async (
  { evidence, drills, clock }: Pick<AttendPorts, 'evidence' | 'drills' | 'clock'>,
  read: ReadDrill,
): Promise<Drill> => {
  const { drill } = read;
  const names = reportNames(drill.id);
  const html = await evidence.keep(names.html, htmlReport(drill), reportTypes.html);
  const markdown = await evidence.keep(names.markdown, markdownReport(drill), reportTypes.markdown);
  const report = { ...names, sha256: sha256(html) };
  const next: Drill = { ...drill, report };
  const at = isoInstant(clock.now());
  const data = { ...report, markdownSha256: sha256(markdown) };
  const { drill: kept } = await drills.commit(read, next, {
    event: { type: 'drill.reported', data, at, actor: systemActor },
    dueAt: null,
  });
  return kept;
};
