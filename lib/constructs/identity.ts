import { Aws, Duration } from 'aws-cdk-lib';
import { CfnUserPoolUser, Mfa, OAuthScope, ResourceServerScope, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { output } from './output.ts';

const secondFactor = { optional: Mfa.OPTIONAL, required: Mfa.REQUIRED };

/**
 * Who may sign in: people by authorization code with PKCE, machines by client credentials. What they may do is no business
 * of the user pool; the desk looks it up by `sub` or client id.
 */
export class Identity extends Construct {
  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const { config, parameters } = context;
    const pool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      autoVerify: { email: true },
      mfa: secondFactor[config.mfa],
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: config.deletionProtection,
      removalPolicy: context.removalPolicy,
    });
    // Domain names are unique over all accounts of a region.
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `cloud-service-desk-${config.stage}-${Aws.ACCOUNT_ID}` },
    });
    output(this, 'SignInUrl', { value: domain.baseUrl(), description: 'Sign-in pages and token endpoint' });
    output(this, 'UserPoolId', { value: pool.userPoolId, description: 'The pool of people and machines' });
    parameters.publish(this, 'user-pool-id', pool.userPoolId);
    this.addPeople(pool, context);
    if (config.machineClient) this.addMachines(pool, context);
  }

  private addPeople(pool: UserPool, { config, parameters }: StageContext): void {
    const client = pool.addClient('People', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      authFlows: { userSrp: true },
      accessTokenValidity: Duration.hours(1),
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: config.callbackUrls,
      },
    });
    output(this, 'PeopleClientId', {
      value: client.userPoolClientId,
      description: 'For sign-in by code with PKCE',
    });
    parameters.publish(this, 'user-pool-client-id', client.userPoolClientId);
    const { username, email } = config.firstAdmin;
    if (email === null) return;
    new CfnUserPoolUser(this, 'FirstAdmin', {
      userPoolId: pool.userPoolId,
      username,
      desiredDeliveryMediums: ['EMAIL'],
      userAttributes: [
        { name: 'email', value: email },
        { name: 'email_verified', value: 'true' },
      ],
    });
  }

  /** A client without a scope gets no token, hence the one scope; it decides nothing. */
  private addMachines(pool: UserPool, { parameters }: StageContext): void {
    const use = new ResourceServerScope({ scopeName: 'use', scopeDescription: 'Use the service desk' });
    const server = pool.addResourceServer('Desk', { identifier: 'desk', scopes: [use] });
    const client = pool.addClient('Machines', {
      generateSecret: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      oAuth: { flows: { clientCredentials: true }, scopes: [OAuthScope.resourceServer(server, use)] },
    });
    output(this, 'MachineClientId', { value: client.userPoolClientId, description: 'For client credentials' });
    parameters.publish(this, 'machine-client-id', client.userPoolClientId);
  }
}
