import { TargetNetworks } from './target-networks';

const publicOnly = new TargetNetworks([]);
const office = new TargetNetworks(['10.20.0.0/16', '127.0.0.0/8', 'fd12:3456::/32']);

describe('an address that a webhook leads to', () => {
  it.each(['8.8.8.8', '3.5.140.2', '::ffff:8.8.8.8', '2606:4700::6810:84e5'])('is public: %s', (address) => {
    expect(publicOnly.kindOf(address)).toBe('public');
  });

  it.each([
    ['loopback', ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '::ffff:10.0.0.1', '::10.0.0.1']],
    ['carrier-grade NAT', ['100.64.0.1', '100.127.255.254', '100.100.100.200']],
    ['link-local', ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'fec0::1']],
    ['metadata of clouds', ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '192.0.0.192']],
    ['unique-local', ['fc00::1', 'fd12:3456::1']],
    ['multicast and broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
    ['of no host', ['0.0.0.0', '0.1.2.3', '::', '240.0.0.1', '192.0.2.1', '198.18.0.1', '2001:db8::1']],
    ['a way to IPv4', ['64:ff9b::a00:1', '64:ff9b:1::1', '2002:a00:1::', '2001::1']],
    ['not routed', ['4000::1', '100::1', '5f00::1']],
    ['none', ['', 'localhost', '999.1.1.1']],
  ])('must not be reached: %s', (_what, addresses) => {
    expect(addresses.map((address) => [address, publicOnly.kindOf(address)])).toEqual(
      addresses.map((address) => [address, null]),
    );
  });

  it('is allowed inside of a network of the settings, in either notation', () => {
    for (const address of ['10.20.3.4', '::ffff:10.20.3.4', '127.0.0.1', 'fd12:3456::1']) {
      expect(office.kindOf(address)).toBe('allowed');
    }
    for (const address of ['10.21.0.1', '::1', 'fd12:3457::1']) expect(office.kindOf(address)).toBeNull();
    expect(office.kindOf('8.8.8.8')).toBe('public');
  });
});

describe('a URL', () => {
  it.each([
    ['https://example.com/hook?token=x', null],
    ['https://8.8.8.8:8443/', null],
    ['example.com', /must be a URL/],
    ['ftp://example.com', /https/],
    ['http://example.com', /plain http/],
    ['http://8.8.8.8/', /plain http/],
    ['https://ann:secret@example.com/', /user name/],
    ['https://ann@example.com/', /user name/],
    ['https://example.com/#part', /fragment/],
    ['https://localhost/', /not public/],
    ['https://a.localhost./', /not public/],
    ['https://127.0.0.1/', /not public/],
    ['https://2130706433/', /not public/],
    ['https://0x7f.1/', /not public/],
    ['https://017700000001/', /not public/],
    ['https://127.0.0.1./', /not public/],
    ['https://[::1]/', /not public/],
    ['https://[::ffff:169.254.169.254]/', /not public/],
    ['https://169.254.169.254/latest/meta-data', /not public/],
  ])('alone tells of %s: %s', (url, fault) => {
    if (fault === null) expect(publicOnly.faultOf(url)).toBeNull();
    else expect(publicOnly.faultOf(url)).toMatch(fault);
  });

  it('may be plain http where it leads, or may lead, into an allowed network', () => {
    for (const url of [
      'http://127.0.0.1:1234/',
      'http://localhost/',
      'http://hooks.corp/',
      'http://[fd12:3456::1]/',
    ])
      expect(office.faultOf(url)).toBeNull();
    expect(office.faultOf('http://8.8.8.8/')).toMatch(/plain http/);
    expect(office.faultOf('http://10.21.0.1/')).toMatch(/not public/);
  });
});
