import { Logger, LogFormatter, LogItem } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { currentCorrelation } from './correlation.ts';
import { logLevel } from './environment.ts';
import { type LogFields, printable } from './log/fields.ts';

/** Words of our own, and nothing put into them. */
const messagePattern = /^[A-Za-z][A-Za-z ;,'-]{0,119}$/;

/**
 * The one form of a log line: a message of ours, where and in which invocation, and fields from the list of `log/fields.ts`.
 * What is not on that list is not printed, so personal data stays out by construction and not by care; it stays in the table.
 */
class ListedFieldsFormatter extends LogFormatter {
  formatAttributes(
    base: Parameters<LogFormatter['formatAttributes']>[0],
    fields: Readonly<Record<string, unknown>>,
  ): LogItem {
    return new LogItem({
      attributes: {
        level: base.logLevel,
        message: messagePattern.test(base.message) ? base.message : 'withheld',
        timestamp: this.formatTimestamp(base.timestamp),
        service: base.serviceName,
        function_name: base.lambdaContext?.functionName,
        cold_start: base.lambdaContext?.coldStart,
        function_request_id: base.lambdaContext?.awsRequestId,
        xray_trace_id: base.xRayTraceId,
        correlationId: currentCorrelation() ?? undefined,
        ...printable(fields),
      },
    });
  }
}

const powertools = new Logger({
  serviceName: 'cloud-service-desk',
  logLevel: logLevel(),
  logFormatter: new ListedFieldsFormatter(),
});

/** Structured logs, one JSON line each; the level is the function's LOG_LEVEL. */
export const logger = {
  /** Says in which invocation the lines to come are. */
  begin: (context: Context): void => powertools.addContext(context),
  debug: (message: string, fields: LogFields = {}): void => powertools.debug(message, fields),
  info: (message: string, fields: LogFields = {}): void => powertools.info(message, fields),
  warn: (message: string, fields: LogFields = {}): void => powertools.warn(message, fields),
  error: (message: string, fields: LogFields = {}): void => powertools.error(message, fields),
};
