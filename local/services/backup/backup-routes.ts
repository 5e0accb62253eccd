/** The calls that there are: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html */
const route = (name: string, method: string, path: RegExp, kind: 'reads' | 'changes' | 'starts') => ({
  name,
  method,
  path,
  changes: kind !== 'reads',
  starts: kind === 'starts',
});
const pointPath = '/backup-vaults/([^/]+)/recovery-points/([^/]+)';
export const routes = [
  route('StartBackupJob', 'PUT', /^\/backup-jobs\/?$/, 'starts'),
  route('ListBackupJobs', 'GET', /^\/backup-jobs\/?$/, 'reads'),
  route('DescribeBackupJob', 'GET', /^\/backup-jobs\/([^/]+)$/, 'reads'),
  route('StopBackupJob', 'POST', /^\/backup-jobs\/([^/]+)$/, 'changes'),
  route('StartRestoreJob', 'PUT', /^\/restore-jobs\/?$/, 'starts'),
  route('ListRestoreJobs', 'GET', /^\/restore-jobs\/?$/, 'reads'),
  route('DescribeRestoreJob', 'GET', /^\/restore-jobs\/([^/]+)$/, 'reads'),
  route('PutRestoreValidationResult', 'PUT', /^\/restore-jobs\/([^/]+)\/validations$/, 'changes'),
  route('ListRecoveryPointsByResource', 'GET', /^\/resources\/([^/]+)\/recovery-points\/?$/, 'reads'),
  route('ListRecoveryPointsByBackupVault', 'GET', /^\/backup-vaults\/([^/]+)\/recovery-points\/?$/, 'reads'),
  route('DescribeRecoveryPoint', 'GET', new RegExp(`^${pointPath}$`), 'reads'),
  route('DeleteRecoveryPoint', 'DELETE', new RegExp(`^${pointPath}$`), 'changes'),
  route('GetRecoveryPointRestoreMetadata', 'GET', new RegExp(`^${pointPath}/restore-metadata$`), 'reads'),
  route('DescribeBackupVault', 'GET', /^\/backup-vaults\/([^/]+)$/, 'reads'),
  route('DescribeRegionSettings', 'GET', /^\/account-settings$/, 'reads'),
  route('UpdateRegionSettings', 'PUT', /^\/account-settings$/, 'changes'),
] as const;
