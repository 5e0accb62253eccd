import type { Clock } from '../platform/clock.ts';
import type { BoundRoute } from '../platform/http/request.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { type ApplicationPorts, applicationRoutes } from './application-handlers.ts';
import { calendarRoutes } from './calendar-handlers.ts';
import { holidaysOf } from './holidays.ts';
import type { PolicyBooks } from './policy-books.ts';
import { policyRoutes } from './policy-handlers.ts';
import type { SlaStore } from './store.ts';

export interface SlaRoutesOptions extends ApplicationPorts {
  readonly sla: SlaStore;
  readonly policies: PolicyBooks;
  readonly cursors: Cursors;
  readonly once: OnceRecords;
  readonly clock: Clock;
}

export const slaRoutes = (options: SlaRoutesOptions): readonly BoundRoute[] => {
  const ports = { ...options, books: options.policies, holidaysOf };
  return [...calendarRoutes(ports), ...policyRoutes(ports), ...applicationRoutes(ports)];
};
