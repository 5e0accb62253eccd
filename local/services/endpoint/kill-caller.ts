import { ConnectionLost } from '../service-error.ts';
import type { ServiceCall } from './service-call.ts';

/** A crash that strikes in the middle of a call: the worker that made it dies, and nobody hears an answer. @throws ConnectionLost */
export const killCaller = ({ caller }: ServiceCall, killWorker: (accessKeyId: string) => void): never => {
  killWorker(caller.accessKeyId);
  throw new ConnectionLost();
};
