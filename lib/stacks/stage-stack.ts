import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';

/** A stack of one stage: named, placed, tagged and protected as the stage says. */
export abstract class StageStack extends Stack {
  constructor(scope: Construct, part: string, { config }: StageContext) {
    super(scope, `CloudServiceDesk-${config.stage}-${part}`, {
      description: `cloud-service-desk, stage ${config.stage}: ${part.toLowerCase()}`,
      env: { region: config.region },
      terminationProtection: config.deletionProtection,
    });
    Tags.of(this).add('application', 'cloud-service-desk');
    Tags.of(this).add('stage', config.stage);
  }
}
