/** A calendar file cannot be read: where, and why. */
export class HolidaysFileBroken extends Error {
  override readonly name = 'HolidaysFileBroken';
  constructor(line: number, why: string) {
    super(`line ${line}: ${why}`);
  }
}

/** A line as RFC 5545 means it, its continuations joined, and the number of the line in which it begins. */
export interface ContentLine {
  readonly number: number;
  readonly text: string;
}

/** A name, parameters whose values may be quoted, and a colon: https://www.rfc-editor.org/rfc/rfc5545#section-3.1 */
const shape = /^[A-Za-z0-9-]+(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*:/;

/** @throws HolidaysFileBroken for a line that is none */
export const contentLines = (text: string): readonly ContentLine[] => {
  const lines: ContentLine[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1);
    if (/^[ \t]/.test(raw) && last !== undefined)
      lines[lines.length - 1] = { number: last.number, text: last.text + raw.slice(1) };
    else if (raw.trim() !== '') lines.push({ number: index + 1, text: raw });
  }
  const broken = lines.find(({ text: line }) => !shape.test(line));
  if (broken !== undefined)
    throw new HolidaysFileBroken(broken.number, 'is not of the form NAME;PARAMETER=value:value');
  return lines;
};

/** The lines of each VEVENT, without what is nested in it. @throws HolidaysFileBroken when the file is no calendar */
export const eventsIn = (lines: readonly ContentLine[]): readonly (readonly ContentLine[])[] => {
  const events: ContentLine[][] = [];
  const open: ContentLine[] = [];
  const nameOf = ({ text }: ContentLine): string =>
    text
      .slice(text.indexOf(':') + 1)
      .trim()
      .toUpperCase();
  for (const line of lines) {
    const begins = /^BEGIN:/i.test(line.text);
    const ends = /^END:/i.test(line.text);
    if (open.length === 0 && !(begins && nameOf(line) === 'VCALENDAR'))
      throw new HolidaysFileBroken(line.number, 'BEGIN:VCALENDAR is expected here');
    if (begins) open.push(line);
    if (begins && open.length === 2 && nameOf(line) === 'VEVENT') events.push([]);
    const inEvent = open[1] !== undefined && nameOf(open[1]) === 'VEVENT';
    if (inEvent && open.length === 2) events.at(-1)?.push(line);
    if (!ends) continue;
    const opened = open.pop();
    if (opened === undefined || nameOf(opened) !== nameOf(line))
      throw new HolidaysFileBroken(line.number, `${line.text.trim()} ends nothing that has begun`);
  }
  const unended = open.at(-1);
  if (unended !== undefined) throw new HolidaysFileBroken(unended.number, `${unended.text.trim()} has no END`);
  if (lines.length === 0) throw new HolidaysFileBroken(1, 'BEGIN:VCALENDAR is expected here');
  return events;
};
