import type { Status } from '../../sla/domain/timeline.ts';

const waiting = ['waiting_customer', 'waiting_vendor', 'waiting_internal'] as const;

/** From which status a person may lead a ticket where (S-24). Closed is final: what comes later is a new ticket. */
const transitions: Readonly<Record<Status, readonly Status[]>> = {
  new: ['open', ...waiting, 'resolved', 'closed'],
  open: [...waiting, 'resolved', 'closed'],
  waiting_customer: ['open', 'waiting_vendor', 'waiting_internal', 'resolved', 'closed'],
  waiting_vendor: ['open', 'waiting_customer', 'waiting_internal', 'resolved', 'closed'],
  waiting_internal: ['open', 'waiting_customer', 'waiting_vendor', 'resolved', 'closed'],
  resolved: ['open', ...waiting, 'closed'],
  closed: [],
};

/** Where a ticket may go from here. */
export const nextStatuses = (status: Status): readonly Status[] => transitions[status];

export const mayMove = (from: Status, to: Status): boolean => transitions[from].includes(to);

/** A resolved ticket closes by itself when nobody objects for this long. */
export const closesAfterMs = 7 * 24 * 3600 * 1000;

/** What a customer's reply does to the status (DESIGN section 5): it wakes what waits for the customer, and takes back a resolve. */
export const statusAfterCustomerReply = (status: Status): Status =>
  status === 'waiting_customer' || status === 'resolved' ? 'open' : status;
