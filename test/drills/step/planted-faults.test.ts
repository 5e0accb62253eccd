import { plantedFaults } from './faults.ts';
import { bundle, runSimulation } from './run.ts';

test.each(plantedFaults)(
  '$name: found',
  async (fault) => {
    const file = await bundle(fault.name.replaceAll(/[^a-z]+/g, '-'), fault);
    const { failures } = await runSimulation(file, { seed: 1, runs: 6000, most: 1 });
    expect(failures).toHaveLength(1);
  },
  240_000,
);

test('without a fault the same seeds find nothing', async () => {
  const { failures } = await runSimulation(await bundle('none'), { seed: 1, runs: 1500, most: 1 });
  expect(failures).toEqual([]);
}, 240_000);
