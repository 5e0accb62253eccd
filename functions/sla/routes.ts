import type { RouteContract } from '../platform/http/contract.ts';
import { calendarsContract } from './calendar-routes.ts';
import { policiesContract } from './policy-routes.ts';

export const slaContract: readonly RouteContract[] = [...calendarsContract, ...policiesContract];
