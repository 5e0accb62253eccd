import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { eachNight, every, FunctionSchedule } from './function-schedule.ts';
import type { ServiceFunction } from './service-function.ts';

/** When the night's recount begins: the day's work is over, and clocks are set before it in most zones; a night that is left out is made up by the next. */
const nightHour = 4;

/**
 * Counting again. A recount is an item that says so: looked for each minute, which starts it and goes on with it after a crash
 * for $0.06 a month, a fifth of what polling a queue costs.
 */
export class KpiRecounts extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, target }: StageContext & { readonly target: ServiceFunction<'job-recount'> },
  ) {
    super(scope, id);
    const runs = {
      Schedule: every('minute', 'Goes on with the recount that was asked for'),
      Nightly: eachNight('Recounts what was changed in the last 48 h', nightHour, config.reportingZone),
    };
    new FunctionSchedule(this, 'Runs', { target, runs });
  }
}
