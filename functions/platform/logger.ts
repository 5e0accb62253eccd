import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs. Ids and counts only: no subjects, bodies, names, addresses or tokens (personal data stays in the table). */
export const logger = new Logger({ serviceName: 'cloud-service-desk' });
