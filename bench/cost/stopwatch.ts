import type { CloudModel } from '../../local/model.ts';
import type { MeteredDesk } from '../capacity/desk.ts';
import type { Expense } from './expense.ts';
import type { Prices } from './prices.ts';

/** Memory at which a Lambda has one whole vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeCpuMb = 1769;

/**
 * Runs what one invocation of `functionName` does, and says what it used. Its duration is its CPU time here, and the time for
 * which it waited for DynamoDB, whose calls are stretched to what they take in a region.
 */
export const stopwatch =
  (desk: MeteredDesk, model: CloudModel, { assumptions }: Prices) =>
  async (functionName: string, act: () => Promise<unknown>): Promise<Partial<Expense>> => {
    const memoryMb = model.functions.find(({ name }) => name === functionName)?.memoryMb;
    if (memoryMb === undefined) throw new Error(`no function ${functionName} in the template`);
    desk.meter.take();
    desk.meter.takeWaitedMs();
    desk.meter.callMs = assumptions.dynamodbCallMs.value;
    const hints = desk.hintCalls();
    const cpu = process.cpuUsage();
    await act();
    const { user, system } = process.cpuUsage(cpu);
    desk.meter.callMs = 0;
    const { wru, rru } = desk.meter.take().all;
    const cpuMs = ((user + system) / 1000) * assumptions.cpuFactor.value * Math.max(1, wholeCpuMb / memoryMb);
    const milliseconds = cpuMs + desk.meter.takeWaitedMs();
    return {
      wru,
      rru,
      invocations: 1,
      gbSeconds: (milliseconds / 1000) * (memoryMb / 1024),
      sqsCalls: desk.hintCalls() - hints,
    };
  };
