import * as z from 'zod';

/**
 * What each function finds in its environment: one zod object per function, every value a string, as Lambda hands it over.
 *
 * Two readers: the function itself (`readEnvironment(environments['http-desk'])`) and the construct that deploys it, which
 * is typed by `z.input` of the same object, so that a variable that nobody sets is a compile error and not an incident.
 */

const text = z.string().min(1);

const everyFunction = {
  /** Stage name, `local` | `dev` | `prod`: for log lines only, no decision is taken by it. */
  STAGE: text,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
};

const dueQueues = { DUE_CRITICAL_QUEUE_URL: text, DUE_REST_QUEUE_URL: text };

/** Of those that have to do with drills, and of the sweep, which hints everything. */
const allDueQueues = { ...dueQueues, DUE_DRILLS_QUEUE_URL: text };

/** `STAGE_SUBSCRIPTIONS` is a JSON list; `stageSubscriptions` in ./stage-subscriptions.ts reads it. */
const alertTopic = { ALERT_TOPIC_ARN: text, STAGE_SUBSCRIPTIONS: text };

/** Dollars: what a month's texts may cost, and what one does by the stage's estimate. */
const smsPrices = { SMS_MONTHLY_BUDGET_USD: text, SMS_PRICE_USD: text };

/** How alerts go out. `TICKET_LINK` is an address with `{ticketId}` in it, or empty. */
const alertDelivery = { ...alertTopic, ...smsPrices, TICKET_LINK: z.string() };

/** IANA time zone in which KPI days and months begin and end. */
const reporting = { REPORTING_ZONE: text };

/**
 * What may be drilled. `DESK_TABLES` is a JSON list of the names of the desk's own tables that are backed up, `DRILL_TABLES` one
 * of other tables of the account; a scratch table's name begins with `SCRATCH_TABLE_PREFIX`.
 */
const drillTables = { DESK_TABLES: text, DRILL_TABLES: text, SCRATCH_TABLE_PREFIX: text };

/** User name of the principal who is admin before any other principal exists. */
const firstAdmin = { FIRST_ADMIN: text };

export const environments = {
  'http-desk': z.object({
    ...everyFunction,
    ...dueQueues,
    ...firstAdmin,
    OPERATIONS_TABLE: text,
    IDEMPOTENCY_TABLE: text,
    LISTS_TABLE: text,
    ...reporting,
  }),
  'http-sla': z.object({
    ...everyFunction,
    ...dueQueues,
    ...firstAdmin,
    ...reporting,
    OPERATIONS_TABLE: text,
    IDEMPOTENCY_TABLE: text,
  }),
  'http-on-call': z.object({
    ...everyFunction,
    ...dueQueues,
    ...firstAdmin,
    OPERATIONS_TABLE: text,
    IDEMPOTENCY_TABLE: text,
  }),
  'http-alerts': z.object({
    ...everyFunction,
    ...dueQueues,
    ...firstAdmin,
    ...alertTopic,
    ...smsPrices,
    OPERATIONS_TABLE: text,
    IDEMPOTENCY_TABLE: text,
  }),
  'http-kpis': z.object({
    ...everyFunction,
    ...firstAdmin,
    ...reporting,
    OPERATIONS_TABLE: text,
    IDEMPOTENCY_TABLE: text,
    KPIS_TABLE: text,
  }),
  'http-drills': z.object({
    ...everyFunction,
    ...allDueQueues,
    ...firstAdmin,
    ...drillTables,
    OPERATIONS_TABLE: text,
    IDEMPOTENCY_TABLE: text,
    EVIDENCE_BUCKET: text,
  }),
  'http-docs': z.object({ ...everyFunction }),
  'stream-kpis': z.object({
    ...everyFunction,
    ...reporting,
    KPIS_TABLE: text,
    LISTS_TABLE: text,
    ROLLUP_QUEUE_URL: text,
  }),
  'stream-alerts': z.object({ ...everyFunction, ...dueQueues, ...alertDelivery, OPERATIONS_TABLE: text }),
  'queue-due': z.object({ ...everyFunction, ...dueQueues, ...alertDelivery, ...reporting, OPERATIONS_TABLE: text }),
  'queue-drills': z.object({
    ...everyFunction,
    ...allDueQueues,
    ...reporting,
    ...drillTables,
    OPERATIONS_TABLE: text,
    BACKUP_VAULT: text,
    BACKUP_ROLE_ARN: text,
    RESTORE_ROLE_ARN: text,
    DATA_KEY_ARN: text,
    DRILL_WORK_BUCKET: text,
    EVIDENCE_BUCKET: text,
  }),
  'job-sweep': z.object({ ...everyFunction, ...allDueQueues, OPERATIONS_TABLE: text }),
  'job-rollup': z.object({ ...everyFunction, KPIS_TABLE: text }),
  'job-digests': z.object({ ...everyFunction, OPERATIONS_TABLE: text, EVIDENCE_BUCKET: text }),
  'job-recount': z.object({
    ...everyFunction,
    ...reporting,
    OPERATIONS_TABLE: text,
    KPIS_TABLE: text,
    LISTS_TABLE: text,
    ROLLUP_QUEUE_URL: text,
  }),
  'job-backups': z.object({
    ...everyFunction,
    ...allDueQueues,
    ...reporting,
    ...drillTables,
    OPERATIONS_TABLE: text,
    BACKUP_VAULT: text,
  }),
};

/** A Lambda that exists: the name of its entry file, of its bundle and of its environment schema. */
export type FunctionName = keyof typeof environments;

/** Every function's name, in the order above. */
export const functionNames = z.keyof(z.object(environments)).options;
