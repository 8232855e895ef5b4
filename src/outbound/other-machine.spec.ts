import { isOtherMachine } from './other-machine';

it.each([
  ['public', ['3.5.140.2', '2600:1f18::1', '::ffff:3.5.140.2']],
  ['private', ['10.1.2.3', '172.31.0.9', '192.168.1.1', '::ffff:10.1.2.3', 'fd12:3456::1']],
  ['carrier-grade NAT, which VPCs may use', ['100.64.0.9']],
])('may be a server of ours: %s', (_, addresses) => {
  expect(addresses.filter((address) => !isOtherMachine(address))).toEqual([]);
});

it.each([
  ['this machine', ['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::', '::ffff:127.0.0.1', '::ffff:7f00:1']],
  ['link-local', ['169.254.169.254', '169.254.170.2', 'fe80::1', '::ffff:169.254.169.254']],
  ['metadata of clouds', ['fd00:ec2::254', 'fd00:0ec2:0:0:0:0:0:254', '168.63.129.16', '100.100.100.200']],
  ['a group', ['224.0.0.1', '255.255.255.255', 'ff02::1']],
  ['a way to IPv4', ['64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', '2001::1']],
  ['no address', ['', 'localhost', 'cml.example.com', '999.1.1.1']],
])('is none: %s', (_, addresses) => {
  expect(addresses.filter(isOtherMachine)).toEqual([]);
});
