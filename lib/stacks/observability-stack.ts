import type { Construct } from 'constructs';
import { DeskDashboard } from '../constructs/desk-dashboard.ts';
import { ServiceAlarms } from '../constructs/service-alarms.ts';
import type { StageContext } from '../stage-context.ts';
import { StageStack } from './stage-stack.ts';

/** What tells operators that something is wrong, and what it costs. */
export class ObservabilityStack extends StageStack {
  constructor(scope: Construct, context: StageContext) {
    super(scope, 'Observability', context);
    const alarms = new ServiceAlarms(this, 'ServiceAlarms', context);
    new DeskDashboard(this, 'DeskDashboard', { ...context, alarms: alarms.all });
  }
}
