import type { App } from 'aws-cdk-lib';
import { acknowledge } from './acknowledged-findings.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { AutomationStack } from './stacks/automation-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import type { StageContext } from './stage-context.ts';

/** The whole service for one stage: four stacks, each deployed after the one whose parameters it reads. */
export const cloudServiceDesk = (app: App, context: StageContext) => {
  const data = new DataStack(app, context);
  const automation = new AutomationStack(app, context);
  const api = new ApiStack(app, context);
  const observability = new ObservabilityStack(app, context);
  automation.addStackDependency(data);
  api.addStackDependency(automation);
  observability.addStackDependency(api);
  const parts = { data, automation, api, observability };
  acknowledge(parts, context.config.stage);
  return parts;
};
