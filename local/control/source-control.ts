import * as z from 'zod';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import type { Sources } from '../sources/sources.ts';
import { ControlError, json, parseBody } from './problem.ts';

const bodySchema = z.strictObject({ name: z.string(), running: z.boolean() });

/**
 * GET lists what feeds functions; POST stops or starts one, as switching off an event source mapping or a schedule does.
 * @throws ControlError 400, 404, 405.
 */
export const sourceControl = async (request: GatewayRequest, sources: Sources): Promise<GatewayAnswer> => {
  switch (request.method) {
    case 'GET':
      break;
    case 'POST': {
      const { name, running } = parseBody(request.body, bodySchema);
      const source = sources.all.find((candidate) => candidate.name === name);
      if (source === undefined)
        throw new ControlError(
          404,
          `There is no source ${JSON.stringify(name)}; there are ${sources.all.map((known) => known.name).join(', ')}.`,
        );
      await sources.turn(source, running);
      break;
    }
    default:
      throw new ControlError(405, 'Sources take GET and POST.');
  }
  const items = sources.all.map((source) => ({
    name: source.name,
    running: sources.running(source),
    state: source.describe(),
  }));
  return json(200, { items });
};
