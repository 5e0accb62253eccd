import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Progress, TableShape } from '../../functions/drills/domain/drill.ts';
import type { Integrity } from '../../functions/drills/domain/integrity.ts';
import type { ManifestArchive } from '../../functions/drills/verification/manifest-writer.ts';
import { Verifier } from '../../functions/drills/verification/verifier.ts';
import type { WorkFiles } from '../../functions/drills/verification/work-store.ts';
import { systemClock } from '../../functions/platform/clock.ts';
import { readPrices } from '../cost/prices.ts';
import { atMost, type Bench, type Measurement, type Row, rounded, told } from '../row.ts';
import { twinTables, type Twins } from './twin-tables.ts';

/** As long as an invocation may work, of its 120 s. */
const sliceMs = 100_000;
/** About 1 MB, as much as DynamoDB puts on a page; without a number the engine here reads the rest of the table for each. */
const pageItems = 2_000;
const targetSeconds = 120;
const targetDollarsPerGb = 0.2;
/** The memory of the function: one whole processor. */
const memoryGb = 1.769;

/** What verification adds to a drill beyond the restore. */
export const verification: Measurement = async (bench) => {
  const sizes = [10_000, ...(bench.quick ? [] : [100_000]), ...(bench.scale > 50_000 ? [bench.scale] : [])];
  const rows: Row[] = [];
  for (const size of sizes) rows.push(...(await verified(bench, size)));
  return rows;
};

/** A bucket as a folder. */
class Folder implements WorkFiles, ManifestArchive {
  readonly #folder = mkdtempSync(join(tmpdir(), 'drill-work-'));
  puts = 0;

  async put(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name);
    this.puts += 1;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  get(name: string): Promise<string | null> {
    return readFile(join(this.#folder, name), 'utf8');
  }

  async keep(name: string, text: string): Promise<string> {
    await this.put(name, text);
    return text;
  }

  read(name: string): Promise<string | null> {
    return this.get(name);
  }

  async names(): Promise<readonly string[]> {
    return [];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface Part {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly readUnits: number;
}

const verified = async (bench: Bench, count: number): Promise<readonly Row[]> => {
  bench.progress(`verification of a copy of ${count} items: filling`);
  const from = Date.parse('2026-03-02T00:00:00Z');
  const canariesAt = Date.now() - 3_600_000;
  const twins = await twinTables(bench, count, from - count * 200, canariesAt);
  const folder = new Folder();
  try {
    bench.progress(`verification of a copy of ${count} items`);
    return rowsOf(count, twins, folder, await run(bench, twins, folder, canariesAt));
  } finally {
    folder.remove();
    await twins.stop();
  }
};

const run = async (bench: Bench, twins: Twins, folder: Folder, canariesAt: number) => {
  const verifier = new Verifier({ client: twins.client, work: folder, archive: folder, clock: systemClock, pageItems });
  const parts: Part[] = [];
  const shape = shapeOf(twins);
  const drillId = 'drl_bench';
  const measured = async <Result extends { readonly progress: Progress }>(
    name: string,
    slice: (progress: Progress | null, until: number) => Promise<Result>,
  ): Promise<Result> => {
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    for (let progress: Progress | null = null; ; ) {
      const result: Result = await slice(progress, Date.now() + sliceMs);
      progress = result.progress;
      if (!progress.done) continue;
      const used = process.cpuUsage(cpu);
      const seconds = (performance.now() - began) / 1000;
      bench.progress(`${name} took ${rounded(seconds)} s`);
      parts.push({ name, seconds, cpuSeconds: (used.user + used.system) / 1e6, readUnits: progress.readUnits });
      return result;
    }
  };
  const { manifest } = await measured('manifest', (progress, until) =>
    verifier.writeManifest({ do: 'write-manifest', tableName: twins.source.name, progress }, until),
  );
  const scan = (side: 'copy' | 'source', tableName: string) =>
    measured(`scan of the ${side}`, (progress, until) =>
      verifier.scan({ do: 'scan', side, tableName, shape, drillId, progress }, until),
    );
  const { progress: copyScan } = await scan('copy', twins.copy);
  const { progress: sourceScan } = await scan('source', twins.source.name);
  const { integrity } = await measured('comparison', (progress, until) =>
    verifier.compare(
      {
        do: 'compare',
        drillId,
        own: true,
        atRest: false,
        declaredAt: new Date(canariesAt + 600_000).toISOString(),
        source: shape,
        scratchTable: twins.copy,
        recoveryPoint: { arn: null, createdAt: new Date(canariesAt + 10_000).toISOString(), sizeBytes: twins.bytes },
        manifest,
        copyScan,
        sourceScan,
        progress,
      },
      until,
    ),
  );
  return { parts, integrity, positionBytes: JSON.stringify(copyScan).length };
};

const keysOf = ({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string | null }) =>
  sortKey === null ? [partitionKey] : [partitionKey, sortKey];

const shapeOf = ({ source, items, bytes }: Twins): TableShape => ({
  tableName: source.name,
  tableArn: '',
  sizeBytes: bytes,
  itemCount: items,
  keys: keysOf(source),
  indexes: source.indexes.map((index) => ({ name: index.name, keys: keysOf(index) })),
  stream: null,
  ttl: null,
  pointInTimeRecovery: true,
  latestRestorableAt: null,
  deletionProtection: true,
  tags: {},
  kmsKeyArn: null,
});

const rowsOf = (
  count: number,
  { items, bytes }: Twins,
  { puts }: Folder,
  { parts, integrity, positionBytes }: { parts: readonly Part[]; integrity: Integrity | null; positionBytes: number },
): readonly Row[] => {
  const { prices, assumptions } = readPrices();
  const sum = (pick: (part: Part) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const gb = bytes / 2 ** 30;
  const lambdaSeconds = sum(({ cpuSeconds }) => cpuSeconds) * assumptions.cpuFactor.value;
  const dollarsOf = ({ readUnits, cpuSeconds }: Pick<Part, 'readUnits' | 'cpuSeconds'>): number =>
    (readUnits / 1e6) * prices.dynamodbReadPerMillion.usd +
    cpuSeconds * assumptions.cpuFactor.value * memoryGb * prices.lambdaArmPerGbSecond.usd;
  const manifest = dollarsOf(parts.find(({ name }) => name === 'manifest') ?? { readUnits: 0, cpuSeconds: 0 });
  const all = parts.reduce((total, part) => total + dollarsOf(part), (puts / 1000) * prices.s3PutPerThousand.usd);
  const perGb = (dollars: number): number => dollars / gb + prices.dynamodbRestorePerGb.usd;
  const failed = (integrity?.checks ?? []).filter(({ result }) => result !== 'passed');
  const about = `verification of ${count.toLocaleString('en')} items (${rounded(gb, 3)} GB)`;
  return [
    {
      what: about,
      measured:
        failed.length === 0 && integrity !== null && integrity.items === items
          ? `passed, all ${items} compared`
          : `not passed: ${failed.map(({ name, detail }) => `${name} ${detail.slice(0, 80)}`).join('; ')}`,
      target: 'passed',
      ok: failed.length === 0 && integrity?.compared === items,
    },
    atMost(
      '  on Lambda with 1,769 MB, of its processor',
      lambdaSeconds,
      targetSeconds,
      's',
      'computed from the CPU time here',
    ),
    told('  here, engine on the same machine', `${rounded(sum(({ seconds }) => seconds))} s`),
    ...parts.map(({ name, seconds, cpuSeconds, readUnits }) =>
      told(`  of it ${name}`, `${rounded(seconds)} s, ${rounded(cpuSeconds)} s CPU, ${rounded(readUnits)} RRU`),
    ),
    told('  progress that is kept between slices', `${positionBytes} bytes`),
    atMost(
      '  a GB, with its restore, from a recovery point that has a manifest',
      perGb(all - manifest),
      targetDollarsPerGb,
      'dollars',
      `restore $${prices.dynamodbRestorePerGb.usd}`,
    ),
    told('  a GB, with its restore, and a manifest of its own', `${rounded(perGb(all), 3)} dollars`),
  ];
};
