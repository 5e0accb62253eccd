import * as z from 'zod';
import { CommandFailure, messageOf } from '../command/failure.ts';
import { isLoopback } from './options.ts';

const tokensSchema = z.object({ integration: z.string().min(1) });

export interface TokenSource {
  readonly current: () => string;
  /** Gets another token after a 401; false when there is none to get. */
  readonly renew: () => Promise<boolean>;
}

const localToken = async (url: string): Promise<string> => {
  let answer: unknown;
  try {
    const response = await fetch(`${url}/_local/tokens`, { signal: AbortSignal.timeout(10_000) });
    answer = response.ok ? await response.json() : {};
  } catch (error) {
    throw new CommandFailure(
      `no desk answers at ${url} (${messageOf(error)}); start one with npm start, or name one with --url`,
    );
  }
  const tokens = tokensSchema.safeParse(answer);
  if (!tokens.success) throw new CommandFailure(`${url} gives no token by itself; pass one with --token or CSD_TOKEN`);
  return tokens.data.integration;
};

/**
 * The given token or, for a desk on this machine, the integration token that it hands out.
 * @throws CommandFailure when there is neither
 */
export const tokenSource = async (url: string, given: string | null): Promise<TokenSource> => {
  if (given !== null) return { current: () => given, renew: async () => false };
  if (!isLoopback(url))
    throw new CommandFailure(
      `${url} needs an access token of role integration: --token TOKEN or the variable CSD_TOKEN`,
    );
  let token = await localToken(url);
  return {
    current: () => token,
    renew: async () => {
      token = await localToken(url);
      return true;
    },
  };
};
