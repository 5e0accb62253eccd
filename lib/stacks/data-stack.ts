import type { Construct } from 'constructs';
import { Backups } from '../constructs/backups.ts';
import { DataKey } from '../constructs/data-key.ts';
import { EvidenceBucket } from '../constructs/evidence-bucket.ts';
import { IdempotencyTable } from '../constructs/idempotency-table.ts';
import { Identity } from '../constructs/identity.ts';
import { KpisTable } from '../constructs/kpis-table.ts';
import { ListsTable } from '../constructs/lists-table.ts';
import { OperationsTable } from '../constructs/operations-table.ts';
import type { StageContext } from '../stage-context.ts';
import { StageStack } from './stage-stack.ts';

/** What must outlive every deployment: keys, tables and their copies, evidence, users. */
export class DataStack extends StageStack {
  constructor(scope: Construct, context: StageContext) {
    super(scope, 'Data', context);
    const dataKey = new DataKey(this, 'DataKey', context);
    const operations = new OperationsTable(this, 'OperationsTable', { context, dataKey });
    new IdempotencyTable(this, 'IdempotencyTable', { context, dataKey });
    new ListsTable(this, 'ListsTable', { context, dataKey });
    const kpis = new KpisTable(this, 'KpisTable', context);
    new Backups(this, 'Backups', { context, dataKey, tables: [operations.tableArn, kpis.tableArn] });
    new EvidenceBucket(this, 'Evidence', context);
    new Identity(this, 'Identity', context);
  }
}
