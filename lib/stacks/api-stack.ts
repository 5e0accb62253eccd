import type { Construct } from 'constructs';
import { AlertTopicGrants } from '../constructs/alert-topics.ts';
import { DrillEnvironment } from '../constructs/drill-environment.ts';
import { DueHintGrants } from '../constructs/due-timers.ts';
import { EvidenceGrants } from '../constructs/evidence-bucket.ts';
import { HttpApi } from '../constructs/http-api.ts';
import { IdempotencyGrants } from '../constructs/idempotency-table.ts';
import { KpisGrants } from '../constructs/kpis-table.ts';
import { ListsGrants } from '../constructs/lists-table.ts';
import { OperationsGrants } from '../constructs/operations-table.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { StageContext } from '../stage-context.ts';
import { output } from '../constructs/output.ts';
import { StageStack } from './stage-stack.ts';

/** What answers people and machines. */
export class ApiStack extends StageStack {
  private readonly context: StageContext;
  private readonly operations: OperationsGrants;
  private readonly idempotency: IdempotencyGrants;
  private readonly hints: DueHintGrants;
  private readonly firstAdmin: { readonly FIRST_ADMIN: string };

  constructor(scope: Construct, context: StageContext) {
    super(scope, 'Api', context);
    this.context = context;
    this.operations = new OperationsGrants(this, context);
    this.idempotency = new IdempotencyGrants(this, context);
    this.hints = DueHintGrants.read(this, context);
    this.firstAdmin = { FIRST_ADMIN: context.config.firstAdmin.username };

    const api = new HttpApi(this, 'HttpApi', {
      context,
      functions: {
        'http-desk': this.httpDesk(),
        'http-sla': this.httpSla(),
        'http-on-call': this.httpOnCall(),
        'http-alerts': this.httpAlerts(),
        'http-kpis': this.httpKpis(),
        'http-drills': this.httpDrills(),
      },
      docs: new ServiceFunction(this, 'HttpDocs', { name: 'http-docs', context, environment: {} }),
    });
    output(this, 'ApiUrl', {
      value: api.url,
      description: 'The API; every route but /docs and /openapi.json wants a token',
    });
    output(this, 'DocsUrl', { value: `${api.url}/docs`, description: 'What the API can do' });
  }

  private httpDesk(): ServiceFunction<'http-desk'> {
    const lists = new ListsGrants(this, this.context);
    const desk = new ServiceFunction(this, 'HttpDesk', {
      name: 'http-desk',
      context: this.context,
      environment: { ...this.committing(), ...this.reporting(), LISTS_TABLE: lists.tableName },
    });
    this.grantCommitting(desk);
    this.operations.grantReadBodies(desk);
    this.operations.grantListRows(desk);
    lists.grantQuery(desk);
    return desk;
  }

  private httpSla(): ServiceFunction<'http-sla'> {
    const promises = new ServiceFunction(this, 'HttpSla', {
      name: 'http-sla',
      context: this.context,
      environment: { ...this.committing(), ...this.reporting() },
    });
    this.grantCommitting(promises);
    this.operations.grantListRecords(promises);
    return promises;
  }

  private httpOnCall(): ServiceFunction<'http-on-call'> {
    const onCall = new ServiceFunction(this, 'HttpOnCall', {
      name: 'http-on-call',
      context: this.context,
      environment: this.committing(),
    });
    this.grantCommitting(onCall);
    this.operations.grantListAlerts(onCall);
    this.operations.grantListRecords(onCall);
    return onCall;
  }

  private httpAlerts(): ServiceFunction<'http-alerts'> {
    const topic = AlertTopicGrants.read(this, this.context);
    const alerts = new ServiceFunction(this, 'HttpAlerts', {
      name: 'http-alerts',
      context: this.context,
      environment: { ...this.committing(), ...topic.environment },
    });
    this.grantCommitting(alerts);
    topic.grantManageSubscriptions(alerts);
    return alerts;
  }

  private httpKpis(): ServiceFunction<'http-kpis'> {
    const kpis = new KpisGrants(this, this.context);
    const reports = new ServiceFunction(this, 'HttpKpis', {
      name: 'http-kpis',
      context: this.context,
      environment: {
        ...this.firstAdmin,
        OPERATIONS_TABLE: this.operations.tableName,
        IDEMPOTENCY_TABLE: this.idempotency.tableName,
        KPIS_TABLE: kpis.tableName,
        ...this.reporting(),
      },
    });
    kpis.grantRead(reports);
    kpis.grantAskForRecount(reports);
    this.idempotency.grantRemember(reports);
    this.operations.grantGetItem(reports);
    this.operations.grantKeepCorrectiveActions(reports);
    this.operations.grantCreateCursorKey(reports);
    return reports;
  }

  private httpDrills(): ServiceFunction<'http-drills'> {
    const evidence = new EvidenceGrants(this, this.context);
    const drills = new ServiceFunction(this, 'HttpDrills', {
      name: 'http-drills',
      context: this.context,
      environment: {
        ...this.committing(),
        ...this.hints.allEnvironment,
        ...new DrillEnvironment(this, this.context).tables,
        EVIDENCE_BUCKET: evidence.bucketName,
      },
    });
    this.operations.grantCommit(drills);
    this.operations.grantListRecords(drills);
    this.idempotency.grantRemember(drills);
    this.hints.grantSendAll(drills);
    evidence.grantReadDrills(drills);
    return drills;
  }

  private reporting() {
    return { REPORTING_ZONE: this.context.config.reportingZone };
  }

  /** What a function needs that changes entities on request. */
  private committing() {
    const tables = { OPERATIONS_TABLE: this.operations.tableName, IDEMPOTENCY_TABLE: this.idempotency.tableName };
    return { ...tables, ...this.hints.environment, ...this.firstAdmin };
  }

  private grantCommitting(target: ServiceFunction): void {
    this.operations.grantCommit(target);
    this.idempotency.grantRemember(target);
    this.hints.grantSend(target);
  }
}
