import type { StageConfig } from './stage-config.ts';

export type StageName = StageConfig['stage'];

export interface AcknowledgedFinding {
  /** Pack, rule and, where a rule finds several things, the finding: as cdk-nag prints it. */
  readonly finding: string;
  /** The construct, with the part of the service that it belongs to; all that is under it is meant. */
  readonly under: string;
  readonly reason: string;
  /** The stages in which it stays; in any other it is open. Left out: all. */
  readonly stages?: readonly StageName[];
}
