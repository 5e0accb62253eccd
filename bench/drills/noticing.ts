import * as z from 'zod';
import { type Measurement, type Row, rounded, told } from '../row.ts';
import { DeskClient } from '../time/client.ts';
import { startDeskProcess } from '../time/desk-process.ts';

/** How long restores take, in seconds: off the minute, as they are. */
const restores = [17, 257, 3_671, 10_837];
/** As EventBridge mostly is, and so late that the drill is done before: then only looking tells. */
const events = { 'with the event of AWS, which takes 10 s': 10, 'by looking only': 86_400 } as const;

const legSchema = z.object({ name: z.string(), startedAt: z.string(), endedAt: z.string().nullable() });
const drillSchema = z.object({ id: z.string(), verdict: z.string().nullable(), legs: z.array(legSchema) });

const secondsOf = ({ startedAt, endedAt }: z.infer<typeof legSchema>): number =>
  (Date.parse(endedAt ?? '') - Date.parse(startedAt)) / 1000;

/**
 * The leg after the restore begins when the service says that the restore ended, and ends when the drill sees the table, which
 * is there by then: what it takes is what nobody looked.
 */
const lagAfter = async (client: DeskClient, restoreSeconds: number, eventDelaySeconds: number): Promise<number> => {
  await client.call('PATCH', '/_local/backup', { restoreSeconds, eventDelaySeconds });
  const order = { table: 'operations', method: 'backup', objectives: { rpoSeconds: 86_400, rtoSeconds: 86_400 } };
  const id = await client.create('/v1/drills', order);
  for (let waited = 0; waited < restoreSeconds + 7_200; waited += 600) {
    await client.advance('PT10M');
    const { verdict, legs } = drillSchema.parse(await client.call('GET', `/v1/drills/${id}`));
    const active = legs.find(({ name }) => name === 'table-active');
    if (verdict === null) continue;
    if (active === undefined) throw new Error(`drill ${id} is ${verdict} and never saw the restored table`);
    return secondsOf(active);
  }
  throw new Error(`drill ${id} came to no verdict`);
};

/** From the end of a restore to the drill that goes on, in virtual time, on the local desk. */
export const noticing: Measurement = async ({ projectDir, progress, quick }) => {
  progress('how soon a drill notices that a restore has ended');
  const desk = await startDeskProcess(projectDir, ['--memory']);
  const client = new DeskClient(desk.url);
  try {
    await client.signIn('engineer');
    await client.advance('PT3M');
    const rows: Row[] = [];
    for (const [how, delay] of Object.entries(events)) {
      const lags: string[] = [];
      for (const restore of quick ? restores.slice(0, 2) : restores)
        lags.push(
          `${rounded(await lagAfter(client, restore, delay))} s after one of ${restore.toLocaleString('en')} s`,
        );
      rows.push(told(`a restore's end is noticed, ${how}`, lags.join(', ')));
    }
    return rows;
  } finally {
    client.close();
    await desk.stop();
  }
};
