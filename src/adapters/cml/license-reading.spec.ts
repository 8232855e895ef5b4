import { licenseValues } from './license-reading';

describe('the Smart Licensing server of a reading', () => {
  it.each([
    ['https://ann:p%40ss@cssm.example/gateway', 'https://cssm.example/gateway'],
    ['https://cssm.example/gateway?by=a@b', 'https://cssm.example/gateway?by=a@b'],
    ['https://smartreceiver.cisco.com', null],
  ])('of %s is %s: a password in it is not shown', (ssms, smartServer) => {
    const transport = { ssms, default_ssms: 'https://smartreceiver.cisco.com' };
    expect(licenseValues({ transport })).toMatchObject({ smartServer });
  });
});
