import type { KnownCalendar } from '../domain/policy-terms.ts';
import type { SlaPorts } from './ports.ts';

/** Calendars as they are now; what is not there is left out. */
export const knownCalendars = async (
  { sla }: Pick<SlaPorts, 'sla'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KnownCalendar>> =>
  new Map((await sla.calendarHeads(ids)).map((calendar) => [calendar.id, calendar]));
