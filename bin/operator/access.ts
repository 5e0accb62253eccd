import * as z from 'zod';
import { CommandFailure, messageOf } from '../command/failure.ts';
import type { Voice } from '../command/run.ts';

/** What an operator's command is given: its voice, and the environment of the AWS CLI. */
export interface Surroundings extends Voice {
  readonly env: { readonly AWS_ENDPOINT_URL?: string | undefined };
}

/** How the services are reached, and by whose permission. */
export interface Access {
  /** Empty for AWS: the SDK then looks where the AWS CLI looks. */
  readonly config: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string;
    };
  };
  /** An endpoint that is not AWS's has no host name for each bucket. */
  readonly pathStyle: boolean;
  readonly now: number;
}

const awsSchema = z.object({
  AWS_ENDPOINT_URL: z.string(),
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.string(),
});
const clockSchema = z.object({ now: z.iso.datetime() });

/** The services of a desk on this machine, with its operator's permissions, in its time. @throws CommandFailure when none answers. */
export const localAccess = async (url: string): Promise<Access> => {
  const ask = async (path: string): Promise<unknown> => {
    try {
      const answer = await fetch(`${url}${path}`);
      if (answer.ok) return await answer.json();
      throw new CommandFailure(`${url}${path} answered ${answer.status}: is this a desk of this version?`);
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      throw new CommandFailure(
        `No desk answers at ${url} (${messageOf(error)}).\nStart it with npm start, or say another --url.`,
      );
    }
  };
  const aws = awsSchema.parse(await ask('/_local/aws'));
  const { now } = clockSchema.parse(await ask('/_local/clock'));
  return {
    config: {
      endpoint: aws.AWS_ENDPOINT_URL,
      region: aws.AWS_REGION,
      credentials: {
        accessKeyId: aws.AWS_ACCESS_KEY_ID,
        secretAccessKey: aws.AWS_SECRET_ACCESS_KEY,
        sessionToken: aws.AWS_SESSION_TOKEN,
      },
    },
    pathStyle: true,
    now: Date.parse(now),
  };
};

export const awsAccess = (env: { readonly AWS_ENDPOINT_URL?: string | undefined }): Access => ({
  config: {},
  pathStyle: env.AWS_ENDPOINT_URL !== undefined,
  now: Date.now(),
});
