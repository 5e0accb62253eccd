import type { FunctionName } from '../functions/entrypoints/environments.ts';

export interface FunctionProfile {
  /** What it costs the desk when this function fails; stands in its description and in its alarm. */
  readonly costOfFailure: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
}

/**
 * Every function, with the price of its failing. A function that is not here cannot be deployed.
 *
 * Memory buys processor time: 1,769 MB is one vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).
 * HTTP functions answer within the 29 s that an HTTP API waits at most, so they give up well before.
 */
export const functionCatalogue: Readonly<Record<FunctionName, FunctionProfile>> = {
  'http-desk': {
    costOfFailure: 'customers cannot open tickets and agents cannot answer them, while SLA clocks keep running',
    memoryMegabytes: 1024,
    timeoutSeconds: 15,
  },
  'http-sla': {
    costOfFailure: 'calendars and SLA policies cannot be read or changed; clocks go on by those that hold',
    memoryMegabytes: 1024,
    timeoutSeconds: 15,
  },
  'http-on-call': {
    costOfFailure:
      'alerts cannot be seen or acknowledged and on-call rotas not be read or changed; alerts still go out',
    memoryMegabytes: 1024,
    timeoutSeconds: 15,
  },
  'http-alerts': {
    costOfFailure: 'nobody can change who receives alerts or see who does; alerts themselves still go out',
    memoryMegabytes: 1024,
    timeoutSeconds: 15,
  },
  'http-kpis': {
    costOfFailure: 'managers cannot read KPIs, violations and reports, nor keep corrective actions; no figure is lost',
    memoryMegabytes: 1024,
    timeoutSeconds: 25,
  },
  'http-drills': {
    costOfFailure:
      'drills cannot be asked for, and backups and reports of drills not be read; backups are taken all the same',
    memoryMegabytes: 1024,
    timeoutSeconds: 15,
  },
  'http-docs': {
    costOfFailure: 'browsers of other origins are refused (no preflight answer) and the API description is not shown',
    memoryMegabytes: 512,
    timeoutSeconds: 10,
  },
  'stream-kpis': {
    costOfFailure:
      'KPI figures and ticket lists fall behind; records given up lie in the failed-records bucket and must be replayed',
    memoryMegabytes: 512,
    timeoutSeconds: 60,
  },
  'stream-alerts': {
    costOfFailure: 'SLA breach alerts come up to a minute late, by the due index instead of the stream',
    memoryMegabytes: 512,
    timeoutSeconds: 30,
  },
  'queue-due': {
    costOfFailure: 'SLA warnings, breaches and alert deliveries are not made while their deadlines pass',
    memoryMegabytes: 512,
    timeoutSeconds: 30,
  },
  'queue-drills': {
    costOfFailure:
      'drills and manifests stand still, and nobody learns whether the backups can be restored; scratch tables cost money until removed',
    memoryMegabytes: 1769,
    timeoutSeconds: 120,
  },
  'job-sweep': {
    costOfFailure:
      'no timer of the desk fires: breaches, deliveries and automatic closing stand still until it runs again',
    memoryMegabytes: 512,
    timeoutSeconds: 50,
  },
  'job-rollup': {
    costOfFailure: 'KPI rollups grow stale, reports show old figures; facts are kept and the next run catches up',
    memoryMegabytes: 1024,
    timeoutSeconds: 120,
  },
  'job-digests': {
    costOfFailure:
      'history is not written down where nobody can alter it; what is kept stays provable up to the last digest only',
    memoryMegabytes: 512,
    timeoutSeconds: 300,
  },
  'job-recount': {
    costOfFailure: 'KPI figures and list rows that lost a record of the stream stay wrong, and nobody is told',
    memoryMegabytes: 1024,
    timeoutSeconds: 120,
  },
  'job-backups': {
    costOfFailure:
      'a backup that failed or grew old is not noticed, and copies of these minutes cannot be dated: drills on them end unknown',
    memoryMegabytes: 512,
    timeoutSeconds: 50,
  },
};
