import { isIP } from 'node:net';

/** Longest address that is taken. */
export const targetLength = 2048;

/** Names that lead into somebody's own network and not to the internet. */
const internalName = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/;

/**
 * Why an address cannot be one that alerts are sent to, or null. This is the first of two looks and sees words only: where a
 * name leads to is looked up and checked at each sending (see `addressOf`), since that may change at any time.
 */
export const targetProblem = (text: string): string | null => {
  if (text.length > targetLength) return `must have at most ${targetLength} characters`;
  if (!URL.canParse(text)) return 'must be an address like https://hooks.example.com/alerts';
  const url = new URL(text);
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.port !== '') return 'must not name a port: alerts are sent to port 443';
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password';
  const host = hostOf(url);
  if (isIP(host) !== 0 || /^[\d.]*$/.test(host)) return 'must name a host, not an IP address';
  if (!host.includes('.') || internalName.test(host)) return 'must not name an internal host';
  return null;
};

/** The host without brackets and without the dot of the root. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
