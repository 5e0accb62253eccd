import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Bundles } from './constructs/bundles.ts';
import type { StageParameters } from './constructs/parameters.ts';
import type { StageConfig } from './stage-config.ts';

/** What every stack and construct of one stage is built with. */
export interface StageContext {
  readonly config: StageConfig;
  readonly parameters: StageParameters;
  readonly bundles: Bundles;
  /** Of everything that holds data or logs. */
  readonly removalPolicy: RemovalPolicy;
}
