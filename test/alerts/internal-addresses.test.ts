import * as fc from 'fast-check';
import { isPublicAddress } from '../../functions/alerts/outside/internal-addresses.ts';
import { targetProblem } from '../../functions/alerts/outside/target.ts';

it.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.250',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::10.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2002:a00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'hooks.example.com',
  '',
  '1.2.3',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '2606:4700::1111'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

/** The first octets that nothing of the IPv4 registry is in, and by hand what is. */
const isInternalByHand = ([a, b, c]: readonly number[]): boolean =>
  a === 0 ||
  a === 10 ||
  a === 127 ||
  (a ?? 0) >= 224 ||
  (a === 100 && (b ?? 0) >= 64 && (b ?? 0) <= 127) ||
  (a === 169 && b === 254) ||
  (a === 172 && (b ?? 0) >= 16 && (b ?? 0) <= 31) ||
  (a === 192 && b === 168) ||
  (a === 192 && b === 0 && c === 0) ||
  (a === 192 && b === 88 && c === 99) ||
  (a === 198 && (b === 18 || b === 19));

const octet = fc.oneof(
  fc.nat(255),
  fc.constantFrom(0, 10, 16, 18, 31, 64, 88, 99, 100, 127, 168, 169, 172, 192, 198, 254),
);

it('every IPv4 address is what the registry says, and no way to write it in IPv6 leads past that', () => {
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
      const address = octets.join('.');
      expect(isPublicAddress(address)).toBe(!isInternalByHand(octets));
      const hex = octets.map((one) => one.toString(16).padStart(2, '0')).join('');
      const words = `${hex.slice(0, 4)}:${hex.slice(4)}`;
      for (const disguise of [
        `::ffff:${address}`,
        `::ffff:${words}`,
        `::${address}`,
        `64:ff9b::${words}`,
        `2002:${words}::1`,
      ]) {
        expect([disguise, isPublicAddress(disguise)]).toEqual([disguise, false]);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('no IPv6 address outside of 2000::/3 is public', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (words) => {
      const address = words.map((one) => one.toString(16)).join(':');
      if (((words[0] ?? 0) & 0xe000) !== 0x2000) expect(isPublicAddress(address)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

it('no IP address is taken as a target, however it is written', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV4Extended(),
        fc.ipV6().map((address) => `[${address}]`),
        fc.nat(0xffff_ffff).map(String),
        fc.nat(0xffff_ffff).map((one) => `0x${one.toString(16)}`),
      ),
      (host) => {
        expect(targetProblem(`https://${host}/hook`)).not.toBeNull();
        expect(targetProblem(`https://${host}./hook`)).not.toBeNull();
      },
    ),
  );
});

it('nothing but https to a named host on port 443 is taken', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl({ withQueryParameters: true }),
        fc.string(),
        fc.webUrl().map((url) => url.replace('https', 'http')),
      ),
      (text) => {
        if (targetProblem(text) !== null) return;
        const url = new URL(text);
        expect([url.protocol, url.port, url.username, url.password]).toEqual(['https:', '', '', '']);
        expect(url.hostname).toContain('.');
      },
    ),
  );
});

it.each([
  'https://hooks.slack.com/services/T0/B0/x',
  'https://example.com:443/a?b=c',
  'https://xn--bcher-kva.example/',
])('%s is taken', (target) => {
  expect(targetProblem(target)).toBeNull();
});
