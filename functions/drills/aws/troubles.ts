import { BackupServiceException } from '@aws-sdk/client-backup';
import type { ActionName, Trouble } from '../domain/action.ts';

/**
 * What AWS says in words only, in the errors that mean no more than "something is wrong with this". The first that fits holds.
 * Messages are not documented; these are reported ones (https://github.com/widdix/aws-cf-templates/pull/633,
 * https://repost.aws/knowledge-center/backup-insufficient-privileges-efs), and an error that none of them fits gets the trouble
 * of its name.
 */
const words: readonly (readonly [Trouble, RegExp])[] = [
  [
    'denied',
    /not authorized|access (is )?denied|accessdenied|insufficient (privileges|permission)|not have (sufficient |the required )?permission|not be assumed|unable to assume|\bkms.*(disabled|invalid|pending|not found|not exist|inaccessible|error)|key.*(is disabled|pending deletion|not accessible|inaccessible)/i,
  ],
  ['exists', /already exists/i],
  [
    'unusable',
    /(recovery point|(?<!AWS )\bbackup\b(?! (vault|role|plan|job))).*(expired|(been|being|is) deleted|deleting|not found|not exist|not be found|no longer|not available|not restorable)|(cannot|could not) find (the )?(recovery point|backup)/i,
  ],
];

/** A passing state that DynamoDB calls an invalid request. */
const passing = [
  // Somebody has done it in the meantime: the next look finds it done.
  // https://github.com/hashicorp/terraform-provider-aws/issues/18402
  /TimeToLive is already (en|dis)abled/i,
  /already has an enabled stream/i,
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html: one change an hour.
  /modified multiple times within a fixed interval/i,
  // https://github.com/aws-bench/aws-bench/pull/41: deletion protection is switched off, and not everywhere yet.
  /currently protected against deletion/i,
];

/** Errors that say only that something is wrong: their words are looked at first. */
const vague = new Set([
  'InvalidParameterValueException',
  'InvalidRequestException',
  'ValidationException',
  'ValidationError',
]);

/**
 * The errors by name, with the page that documents each:
 * - B: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html, API_StartRestoreJob.html,
 *   API_DescribeBackupJob.html, API_DescribeRestoreJob.html, API_ListRecoveryPointsByResource.html
 * - D: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html,
 *   API_RestoreTableFromBackup.html, API_UpdateTable.html, API_DeleteTable.html, API_UpdateTimeToLive.html,
 *   API_UpdateContinuousBackups.html
 * - E: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * - C: https://docs.aws.amazon.com/aws-backup/latest/devguide/CommonErrors.html, of every service
 * - K: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html, handed on by services that use a key
 */
const named: Readonly<Record<string, Trouble>> = {
  AlreadyExistsException: 'busy', // B: of the same token, while the first request is still worked on
  ConflictException: 'busy', // B: until a previous action has finished
  DependencyFailureException: 'busy', // B: another service has failed AWS Backup
  InvalidParameterValueException: 'refused', // B
  InvalidRequestException: 'refused', // B
  InvalidResourceStateException: 'busy', // B: another action on this recovery point
  LimitExceededException: 'busy', // B, D: jobs, restores (50) or table operations (500) at a time
  MissingParameterValueException: 'refused', // B
  ResourceNotFoundException: 'not-found', // B, D
  ServiceUnavailableException: 'busy', // B

  BackupInUseException: 'busy', // D
  BackupNotFoundException: 'unusable', // D
  ContinuousBackupsUnavailableException: 'busy', // D: backups are still being enabled for a new table
  InternalServerError: 'busy', // D
  InvalidEndpointException: 'busy', // D: endpoint discovery is asked again
  InvalidRestoreTimeException: 'unusable', // D: outside of what point-in-time recovery keeps
  PointInTimeRecoveryUnavailableException: 'unusable', // D: not enabled for the source
  ResourceInUseException: 'busy', // D: the table is being changed
  TableAlreadyExistsException: 'exists', // D
  TableInUseException: 'busy', // D: being created or deleted
  TableNotFoundException: 'not-found', // D

  ItemCollectionSizeLimitExceededException: 'refused', // E
  ProvisionedThroughputExceededException: 'busy', // E
  RequestLimitExceeded: 'busy', // E
  ThrottlingException: 'busy', // C, E
  ValidationException: 'refused', // E

  AccessDeniedException: 'denied', // C
  AccessDenied: 'denied', // C
  ExpiredTokenException: 'busy', // C: the function gets new credentials
  InternalFailure: 'busy', // C
  NotAuthorized: 'denied', // C
  OptInRequired: 'denied', // C
  RequestAbortedException: 'busy', // C
  RequestExpired: 'busy', // C
  RequestTimeoutException: 'busy', // C
  ServiceUnavailable: 'busy', // C
  Throttling: 'busy', // C
  TooManyRequestsException: 'busy', // C
  UnrecognizedClientException: 'denied', // C
  ValidationError: 'refused', // C

  KMSAccessDeniedException: 'denied', // K
  KMSDisabledException: 'denied', // K
  KMSInvalidStateException: 'denied', // K
  KMSNotFoundException: 'denied', // K
  KMSOptInRequired: 'denied', // K
  KMSThrottlingException: 'busy', // K

  // The SDK's, and the network's: https://github.com/smithy-lang/smithy-typescript/blob/main/packages/service-error-classification/src/constants.ts
  TimeoutError: 'busy',
  RequestTimeout: 'busy',
  NetworkingError: 'busy',
};

/** Node's codes of connections that failed: https://nodejs.org/api/errors.html#common-system-errors */
const network = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

const hasNetworkCode = (error: Error): boolean =>
  'code' in error && typeof error.code === 'string' && network.has(error.code);

/** A service that fails without a name that is known here, and one that wants less (429). */
const serverFailed = (error: Error): boolean => {
  if (!('$metadata' in error)) return false;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return false;
  const status = $metadata.httpStatusCode;
  return typeof status === 'number' && (status >= 500 || status === 429);
};

const wordsOf = (message: string): Trouble | null => words.find(([, pattern]) => pattern.test(message))?.[0] ?? null;

const vagueTrouble = ({ name, message }: Error): Trouble | null => {
  if (!vague.has(name)) return null;
  return passing.some((pattern) => pattern.test(message)) ? 'busy' : wordsOf(message);
};

const troubleNamed = (error: Error, of: ActionName): Trouble | null => {
  // What a restore cannot find is the recovery point: the next newest may be there.
  const missing = error.name === 'ResourceNotFoundException' && error instanceof BackupServiceException;
  if (missing && of === 'start-restore') return 'unusable';
  return Object.hasOwn(named, error.name) ? (named[error.name] ?? null) : null;
};

export interface Troubled {
  readonly of: ActionName;
  readonly trouble: Trouble;
  readonly message: string;
}

const longestMessage = 500;

/** What an error means for the action; null: nobody knows, and it must not be taken for one that somebody does. */
export const troubleOf = (error: unknown, of: ActionName): Troubled | null => {
  if (!(error instanceof Error)) return null;
  const known = vagueTrouble(error) ?? troubleNamed(error, of);
  const trouble = known ?? (hasNetworkCode(error) || serverFailed(error) ? 'busy' : null);
  if (trouble === null) return null;
  return { of, trouble, message: `${error.name}: ${error.message}`.slice(0, longestMessage) };
};
