import type { Alert } from './alert.ts';
import type { Summary } from './parcel.ts';

/** What goes out in one message: one alert, or a summary of many. */
export type Letter =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'summary'; readonly summary: Summary };

/** The id by which who gets it twice knows that it is the same. */
export const letterId = (letter: Letter): string => (letter.kind === 'alert' ? letter.alert.id : letter.summary.id);

/** Where a ticket is found: the address of the stage's configuration, or null when it has none. */
export type TicketLink = (ticketId: string) => string | null;

/** From a template like `https://desk.example/v1/tickets/{ticketId}`; an empty one makes no links. */
export const ticketLinks =
  (template: string): TicketLink =>
  (ticketId) =>
    template === '' ? null : template.replaceAll('{ticketId}', encodeURIComponent(ticketId));
