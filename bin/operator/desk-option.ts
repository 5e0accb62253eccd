import { CommandFailure } from '../command/failure.ts';

const loopback = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\/?$/;

/** Which desk a command is for: a deployed stage, or one on this machine. `see` ends what is said of a wrong choice. */
export const readDesk = (
  { stage, url }: { readonly stage?: string | undefined; readonly url?: string | undefined },
  see: string,
): { readonly stage: string; readonly url: string | null } => {
  if (url !== undefined && !loopback.test(url))
    throw new CommandFailure(`--url is the address of a desk on this machine, not ${url}; for AWS use --stage\n${see}`);
  if (stage === undefined && url === undefined) throw new CommandFailure(`Say which desk: --stage or --url\n${see}`);
  return { stage: stage ?? 'local', url: url?.replace(/\/$/, '') ?? null };
};
