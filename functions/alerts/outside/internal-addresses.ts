import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Addresses that are not on the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry. Those of documentation are left out: no network has them.
 */
const internalV4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carriers' NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, with the metadata service of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
] as const;

/** Public IPv6 is 2000::/3 but for what is listed below; everything outside of it is refused without being named. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

const internalV6 = [
  ['2001::', 23], // Teredo and other protocols
  ['2002::', 16], // 6to4: an IPv4 address inside
  ['3fff::', 20],
] as const;

const internal = new BlockList();
for (const [net, prefix] of internalV4) internal.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of internalV6) internal.addSubnet(net, prefix, 'ipv6');

/** Whether an IP address is one of the public internet. What is no address is not. */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !internal.check(address, 'ipv4');
  if (!isIPv6(address)) return false;
  return publicV6.check(address, 'ipv6') && !internal.check(address, 'ipv6');
};
