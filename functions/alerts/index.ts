/** The alerts context: who is told when a promise is broken. Other contexts use it through this file only. */
export { type Alert, isRecoveryKind, type RecoveryKind } from './domain/alert.ts';
export { AlertLists } from './alert-lists.ts';
export { alertDueHandler, alertProjection, type DeliveryOptions, parcelDueHandler } from './delivery.ts';
export { alertSubscriptionRoutes } from './handlers.ts';
export { newSecret } from './outside/signature.ts';
export { alertReadingRoutes } from './reading-handlers.ts';
export { Roster } from './roster.ts';
export { alertsContract } from './routes.ts';
export { AlertStore } from './store.ts';
export { SmsSpendStore } from './sms-spend-store.ts';
export { SubscriptionStore } from './subscription-store.ts';
export { AlertTopic, alertTopicClient } from './topic.ts';
export { recoveryWords } from './domain/recovery-words.ts';
export { type AlertInput, type RaisedAlert, raiseAlert } from './use-cases/raise-alert.ts';
export { toldTicket } from './told-ticket.ts';
