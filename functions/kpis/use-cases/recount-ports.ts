import type { Clock } from '../../platform/clock.ts';
import type { ChangedHeadsPage, ChangedHeadsPlace } from '../../platform/store/changed-heads.ts';
import type { ExamineDayPorts, SuspectPorts } from './examine-day.ts';
import type { ExaminePorts } from './examine-ticket.ts';
import type { Lease } from './lease.ts';
import type { DirtyHour } from './mark.ts';
import type { Drift } from '../domain/recount.ts';
import type { RecountJob } from './recount-job.ts';
import type { RepairPorts } from './repair.ts';

export interface RecountPorts {
  readonly zone: string;
  readonly clock: Clock;
  readonly changed: {
    page(
      since: { readonly at: number; readonly numberedAfter: number },
      scan: ChangedHeadsPlace | null,
    ): Promise<ChangedHeadsPage>;
  };
  readonly history: ExaminePorts['history'] & ExamineDayPorts['history'] & { ticketsNumbered(): Promise<number> };
  readonly facts: ExaminePorts['facts'] & ExamineDayPorts['facts'] & RepairPorts['facts'];
  readonly rows: ExaminePorts['rows'] & RepairPorts['rows'];
  readonly rollups: ExamineDayPorts['rollups'] & { firstDay(kpi: string): Promise<string | null> };
  readonly marks: SuspectPorts['marks'] & { add(dirty: DirtyHour): Promise<void> };
  readonly jobs: {
    /** The first that is not done. */
    open(): Promise<RecountJob | null>;
    /** @throws LeaseLost when a later run has saved it. */
    save(job: RecountJob, lease: Lease): Promise<void>;
    finish(job: RecountJob, lease: Lease): Promise<void>;
    /** The ticket counter as the newest recount saw it that began before the instant; 0 when none did. */
    numberedBefore(at: number): Promise<number>;
  };
  readonly lease: { take(): Promise<Lease | null>; abandon(lease: Lease): Promise<void> };
  /** The instant of the last heartbeat that came through the stream; null when none ever did. */
  readonly heartbeat: { lastAt(): Promise<string | null> };
  readonly hint: () => Promise<void>;
  /** Takes what this run found, whatever became of the run. */
  readonly report: (drift: Drift) => void;
  /** No new step begins after this many milliseconds. */
  readonly budgetMs: number;
}
