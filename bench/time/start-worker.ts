/** A worker that loads one bundle as the Lambda runtime does, and says how many milliseconds of CPU time that took. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadHandler } from '../../local/workers/load-handler.ts';

const { codeDir }: { codeDir: string } = workerData;
await loadHandler(codeDir, 'index.handler');
const { user, system } = process.threadCpuUsage();
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage((user + system) / 1000);
