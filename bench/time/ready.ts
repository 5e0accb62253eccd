import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { atMost, type Measurement, told } from '../row.ts';
import { startDeskProcess } from './desk-process.ts';

/** Seconds until the desk serves: the first time, when it synthesizes the app, and every time after. */
export const deskReady: Measurement = async ({ projectDir, progress }) => {
  progress('start of the local desk');
  const folder = mkdtempSync(join(tmpdir(), 'bench-assembly-'));
  try {
    const began = performance.now();
    await synthesize({ projectDir, outDir: folder, stage: 'local' });
    const synthSeconds = (performance.now() - began) / 1000;
    const desk = await startDeskProcess(projectDir, ['--memory', '--assembly', folder]);
    await desk.stop();
    return [
      atMost('local desk ready, first start', synthSeconds + desk.readySeconds, 20, 's', 'with synthesis'),
      told('local desk ready, later starts', `${desk.readySeconds.toFixed(1)} s`),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
