import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { calendarBody, type CalendarBody, calendarVersionBody } from './answers.ts';
import * as contract from './calendar-routes.ts';
import { Calendar } from './domain/calendar.ts';
import { answerOperations } from './domain/calendar-operations.ts';
import type { CalendarRules } from './domain/calendar-rules.ts';
import type { CalendarRecord } from './item-kinds.ts';
import type { SlaStore } from './store.ts';
import { archiveCalendar, changeCalendar, createCalendar } from './use-cases/keep-calendars.ts';
import type { SlaPorts } from './use-cases/ports.ts';

const calendarAnswer = (calendar: CalendarRecord): Answer<CalendarBody> => ({
  status: 200,
  body: calendarBody(calendar),
  version: calendar.version,
});
const createdAnswer = (calendar: CalendarRecord): Answer<CalendarBody> => ({
  ...calendarAnswer(calendar),
  status: 201,
  location: `/v1/calendars/${calendar.id}`,
});

export const calendarRoutes = (
  options: SlaPorts & { readonly sla: SlaStore; readonly cursors: Cursors; readonly once: OnceRecords },
): readonly BoundRoute[] => {
  const found = async (calendarId: string): Promise<CalendarRecord> => {
    const calendar = await options.sla.calendar(calendarId);
    if (calendar === null) throw new NotFound('calendar', calendarId);
    return calendar;
  };
  const rulesOf = async (asked: { calendar?: CalendarRules | undefined; calendarId?: string | undefined }) =>
    asked.calendar ?? (await found(asked.calendarId ?? '')).rules;

  return [
    serve(contract.createCalendar, async ({ principal: { id, role }, body, once }) => {
      const remember = remembering(options.once, once, createdAnswer);
      return createdAnswer(await createCalendar(options, body, { actor: { id, role }, remember }));
    }),

    serve(contract.listCalendars, async ({ query: { archived, limit, cursor } }) => {
      // A new desk has the calendars of its first book.
      await options.books.read();
      const scope = ['calendars', archived];
      const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
      const page = await options.sla.calendars(limit, after);
      const items = page.items.filter(({ archivedAt }) => archived || archivedAt === null).map(calendarBody);
      return {
        status: 200,
        body: { items, nextCursor: page.next === null ? null : await options.cursors.seal(scope, page.next) },
      };
    }),

    serve(contract.previewCalendar, async ({ body }) => {
      const calendar = new Calendar({ id: 'preview', version: 1 }, await rulesOf(body));
      return { status: 200, body: { results: [...answerOperations(calendar, body.operations)] } };
    }),

    serve(contract.getCalendar, async ({ params: { calendarId } }) => calendarAnswer(await found(calendarId))),

    serve(contract.getCalendarVersion, async ({ params: { calendarId, version } }) => {
      const calendar = await options.sla.calendarVersion(calendarId, version);
      if (calendar === null) throw new NotFound(`version ${version} of a calendar`, calendarId);
      return { status: 200, body: calendarVersionBody(calendar) };
    }),

    serve(contract.changeCalendar, async ({ principal: { id, role }, params: { calendarId }, body, ifMatch }) =>
      calendarAnswer(await changeCalendar(options, calendarId, body, { actor: { id, role }, ifMatch })),
    ),

    serve(contract.archiveCalendar, async ({ principal: { id, role }, params: { calendarId }, ifMatch, once }) => {
      const remember = remembering(options.once, once, calendarAnswer);
      return calendarAnswer(await archiveCalendar(options, calendarId, { actor: { id, role }, ifMatch, remember }));
    }),
  ];
};
