import type { MeteredDesk } from '../capacity/desk.ts';
import type { CloudModel } from '../../local/model.ts';
import type { Expense } from './expense.ts';
import type { Prices } from './prices.ts';

/** Memory at which a Lambda has one whole vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeCpuMb = 1769;

/** Runs what one invocation of `functionName` does, and says what it used. Duration is CPU time here plus a guess for each call. */
export const stopwatch =
  (desk: MeteredDesk, model: CloudModel, { assumptions }: Prices) =>
  async (functionName: string, act: () => Promise<unknown>): Promise<Partial<Expense>> => {
    const memoryMb = model.functions.find(({ name }) => name === functionName)?.memoryMb;
    if (memoryMb === undefined) throw new Error(`no function ${functionName} in the template`);
    desk.meter.take();
    const hints = desk.hintCalls();
    const cpu = process.cpuUsage();
    await act();
    const { user, system } = process.cpuUsage(cpu);
    const { wru, rru, calls } = desk.meter.take().all;
    const cpuMs = ((user + system) / 1000) * assumptions.cpuFactor.value * Math.max(1, wholeCpuMb / memoryMb);
    const milliseconds = cpuMs + calls * assumptions.dynamodbCallMs.value;
    return {
      wru,
      rru,
      invocations: 1,
      gbSeconds: (milliseconds / 1000) * (memoryMb / 1024),
      sqsCalls: desk.hintCalls() - hints,
    };
  };
