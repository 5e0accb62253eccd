import { contexts } from '../../functions/entrypoints/contexts.ts';
import { spoken, synthesized } from './synthesized.ts';

const cloud = synthesized('dev');
const { ofType } = cloud;
const routes = new Map(
  ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => {
    const integrationId = Properties.Target['Fn::Join'][1][1].Ref;
    const integration = ofType('AWS::ApiGatewayV2::Integration').find(({ id }) => id === integrationId);
    return [
      Properties.RouteKey,
      { target: spoken(integration?.Properties.IntegrationUri), authorization: Properties.AuthorizationType },
    ];
  }),
);
const functionIds = {
  'http-desk': 'HttpDeskFunctionAliaslive',
  'http-sla': 'HttpSlaFunctionAliaslive',
  'http-on-call': 'HttpOnCallFunctionAliaslive',
  'http-alerts': 'HttpAlertsFunctionAliaslive',
  'http-kpis': 'HttpKpisFunctionAliaslive',
  'http-drills': 'HttpDrillsFunctionAliaslive',
};
const docs = { target: 'HttpDocsFunctionAliaslive', authorization: 'NONE' };

describe('HTTP API', () => {
  it.each(Object.entries(contexts))('/v1/%s goes to %s, with a token', (context, name) => {
    for (const path of [`/v1/${context}`, `/v1/${context}/{proxy+}`]) {
      expect(routes.get(`ANY ${path}`)).toEqual({ target: functionIds[name], authorization: 'JWT' });
    }
  });

  it.each(Object.keys(contexts))('/v1/%s answers preflight requests, which bring no token', (context) => {
    for (const path of [`/v1/${context}`, `/v1/${context}/{proxy+}`])
      expect(routes.get(`OPTIONS ${path}`)).toEqual(docs);
  });

  it('shows its description to anyone, and nothing else', () => {
    expect(routes.get('GET /openapi.json')).toEqual(docs);
    expect(routes.get('GET /docs')).toEqual(docs);
    expect(routes.size).toBe(4 * Object.keys(contexts).length + 2);
  });

  it('takes tokens of the user pool for people and machines', () => {
    const [authorizer] = ofType('AWS::ApiGatewayV2::Authorizer');
    const { Issuer, Audience } = authorizer?.Properties.JwtConfiguration ?? {};
    expect(spoken(Issuer)).toBe('https://cognito-idp.eu-central-1.amazonaws.com/<userpoolid>');
    expect(Audience.map(spoken)).toEqual(['<userpoolclientid>', '<machineclientid>']);
  });

  it('knows no machines where the stage has none', () => {
    // GIVEN
    const peopleOnly = synthesized('dev', { machineClient: false });
    // THEN
    const audience = peopleOnly.ofType('AWS::ApiGatewayV2::Authorizer')[0]?.Properties.JwtConfiguration.Audience;
    expect(audience.map(spoken)).toEqual(['<userpoolclientid>']);
    peopleOnly.templates.data.resourceCountIs('AWS::Cognito::UserPoolClient', 1);
  });

  it('shows browsers what they need to see', () => {
    const cors = ofType('AWS::ApiGatewayV2::Api')[0]?.Properties.CorsConfiguration;
    expect(cors.ExposeHeaders).toEqual(['ETag', 'Location', 'Retry-After']);
    expect(cors.AllowHeaders).toEqual(['authorization', 'content-type', 'idempotency-key', 'if-match']);
  });

  it('is throttled and logs each request without its query', () => {
    const stage = ofType('AWS::ApiGatewayV2::Stage')[0]?.Properties;
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({
      requestId: '$context.requestId',
      status: '$context.status',
    });
  });

  it('gives each function one permission for all its routes', () => {
    cloud.templates.api.resourceCountIs('AWS::Lambda::Permission', 7);
  });
});

describe('identity', () => {
  it('lets people sign in by code and machines by secret, and nobody sign up', () => {
    const clients = ofType('AWS::Cognito::UserPoolClient').map(({ Properties }) => [
      Properties.AllowedOAuthFlows,
      Properties.GenerateSecret,
    ]);
    expect(clients).toEqual([
      [['code'], false],
      [['client_credentials'], true],
    ]);
    expect(ofType('AWS::Cognito::UserPool')[0]?.Properties.AdminCreateUserConfig).toEqual({
      AllowAdminCreateUserOnly: true,
    });
  });

  it('invites the first admin where the stage names an address', () => {
    expect(ofType('AWS::Cognito::UserPoolUser')).toEqual([]);
    const invited = synthesized('dev', { firstAdmin: { username: 'ada', email: 'ada@example.com' } });
    expect(invited.ofType('AWS::Cognito::UserPoolUser')[0]?.Properties).toMatchObject({
      Username: 'ada',
      DesiredDeliveryMediums: ['EMAIL'],
    });
    const desk = invited
      .ofType('AWS::Lambda::Function')
      .find(({ Properties }) => Properties.FunctionName.endsWith('http-desk'));
    expect(desk?.Properties.Environment.Variables.FIRST_ADMIN).toBe('ada');
  });
});

describe('a name of its own', () => {
  const domain = {
    name: 'desk.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0123abcd-0000-4000-8000-000000000000',
    hostedZone: { id: 'Z0123ABC', name: 'example.com' },
  };

  it('takes the place of the address that AWS gives', () => {
    const named = synthesized('dev', { domain });
    named.templates.api.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    named.templates.api.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'desk.example.com',
      DomainNameConfigurations: [{ CertificateArn: domain.certificateArn, SecurityPolicy: 'TLS_1_2' }],
    });
    named.templates.api.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    named.templates.api.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'desk.example.com.', Type: 'A' });
    named.templates.api.hasOutput('ApiUrl', { Value: 'https://desk.example.com' });
  });

  it('can be pointed at it by somebody else', () => {
    const named = synthesized('dev', { domain: { ...domain, hostedZone: null } });
    named.templates.api.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(Object.keys(named.templates.api.toJSON().Outputs)).toContainEqual(expect.stringMatching(/ApiDomainTarget/));
  });

  it('is left out unless the stage has one', () => {
    expect(ofType('AWS::ApiGatewayV2::DomainName')).toEqual([]);
    expect(ofType('AWS::ApiGatewayV2::Api')[0]?.Properties.DisableExecuteApiEndpoint ?? false).toBe(false);
  });

  it.each([
    [{ ...domain, certificateArn: 'arn:aws:iam::1:x' }, /ARN of an ACM certificate/],
    [{ ...domain, hostedZone: { id: 'example.com', name: 'example.com' } }, /hosted zone id/],
    [{ ...domain, name: 'https://desk.example.com/' }, /domain/],
  ])('%j is refused', (wrong, message) => {
    expect(() => synthesized('dev', { domain: wrong })).toThrow(message);
  });
});
