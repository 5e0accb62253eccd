import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Access } from './access.ts';
import { CommandFailure } from '../command/failure.ts';

/** What the stage says of itself in one parameter, as JSON. @throws CommandFailure when there is no such stage here. */
export const readStageParameter = async (stage: string, name: string, { config }: Access): Promise<unknown> => {
  const Name = `/cloud-service-desk/${stage}/${name}`;
  const client = new SSMClient(config);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    return JSON.parse(Parameter?.Value ?? '');
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound')
      throw new CommandFailure(
        `There is no parameter ${Name} in ${await client.config.region()}.\nIs the stage deployed in this region, by a version that knows this command? Deploy it, or choose another --stage or AWS_REGION.`,
      );
    throw error;
  } finally {
    client.destroy();
  }
};
