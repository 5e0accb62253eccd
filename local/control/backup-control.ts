import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import { backupSettingsChange } from '../services/backup/backup-settings.ts';
import type { Backups } from '../services/backup/backups.ts';
import { ControlError, json, parseBody } from './problem.ts';

/**
 * GET tells how long backups, restores and changes of tables take, and what becomes of the next ones; PATCH changes what it names.
 * @throws ControlError 400, 405.
 */
export const backupControl = (request: GatewayRequest, { settings }: Backups): GatewayAnswer => {
  switch (request.method) {
    case 'GET':
      break;
    case 'PATCH':
      settings.change(parseBody(request.body, backupSettingsChange));
      break;
    default:
      throw new ControlError(405, 'Backups take GET and PATCH.');
  }
  return json(200, settings.read());
};
