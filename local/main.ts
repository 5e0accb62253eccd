/** `npm start`: the service desk on this machine. */
import { resolve } from 'node:path';
import { type Desk, startDesk } from './desk.ts';
import { help, readOptions } from './options.ts';

const nodeMajor = 24;

const announce = (desk: Desk, seconds: number): void => {
  console.log(`
  status page   ${desk.url}/
  API           ${desk.url}/docs
  try           curl -H "Authorization: Bearer $(curl -s ${desk.url}/_local/tokens/agent)" ${desk.url}/v1/me
  move time     curl -d '{"advance":"PT2H"}' ${desk.url}/_local/clock
  what was sent ${desk.url}/_local/outbox

started in ${seconds.toFixed(1)} s; stop with Ctrl-C
ready ${desk.url}`);
};

const stopOnSignal = (desk: Desk): void => {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(130);
    stopping = true;
    console.log('stopping');
    await desk.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
};

const main = async (): Promise<void> => {
  if (Number(process.versions.node.split('.')[0]) !== nodeMajor) {
    throw new Error(
      `The desk needs Node ${nodeMajor}, the functions' runtime, and this is ${process.version}. ` +
        'Start it by npm (npm start): its scripts use the Node that npm ci installs, unless that ran with --ignore-scripts.',
    );
  }
  // Lambda's time zone. Node takes it over for the whole process, workers included.
  process.env['TZ'] = 'UTC';
  const options = readOptions(process.argv.slice(2), resolve(import.meta.dirname, '..'));
  if (options === null) return console.log(help);
  const began = performance.now();
  const desk = await startDesk({ ...options, onProgress: (line) => console.log(line) });
  stopOnSignal(desk);
  announce(desk, (performance.now() - began) / 1000);
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
