/** The desk context: tickets, their history and their queues. */
export { RunningTickets, walkPositionSchema } from './running-tickets.ts';
export { applyPolicy, policyEffect, type PolicyEffect } from './use-cases/apply-policy.ts';
export { deskRoutes } from './handlers.ts';
export { TicketLists } from './lists.ts';
export { deskContract } from './routes.ts';
export { TicketStore } from './store.ts';
export { acknowledgeAlert } from './use-cases/acknowledge-alert.ts';
export { open } from './use-cases/open.ts';
export { type DeskPorts, readFor } from './use-cases/ports.ts';
export { reportTrouble, type Trouble } from './use-cases/report-trouble.ts';
export { ticketDueHandler } from './use-cases/attend-ticket.ts';
