import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { acknowledgedFindings } from '../../lib/acknowledged-findings.ts';
import { securityPage } from './security-tables.ts';
import { stageApp } from './synthesized.ts';

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
  readonly acknowledgedId?: string;
  readonly acknowledgedAt?: string;
}
interface PackReport {
  readonly pluginName: string;
  readonly violations: readonly Violation[];
  readonly suppressedViolations?: readonly Violation[];
}

/** What both packs say of a stage; the synthesis fails when one of them finds something. */
const reportOf = (stage: string, overrides: object = {}): readonly PackReport[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'csd-findings-'));
  const { app } = stageApp(stage, overrides, { outdir });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  try {
    app.synth();
  } catch {
    // The report has it all.
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  rmSync(outdir, { recursive: true });
  return pluginReports;
};

const stages = ['dev', 'prod'].map((stage) => ({ stage, packs: reportOf(stage) }));
const reports = stages.flatMap(({ stage, packs }) => packs.map((pack) => ({ stage, pack, name: pack.pluginName })));

describe('cdk-nag', () => {
  it('looked at both stages with both packs', () => {
    expect(reports.map(({ stage, name }) => `${stage} ${name}`)).toEqual([
      'dev AwsSolutions',
      'dev Serverless',
      'prod AwsSolutions',
      'prod Serverless',
    ]);
    for (const { pack } of reports) expect(pack.suppressedViolations?.length).toBeGreaterThan(0);
    const counts = reports.map(
      ({ stage, name, pack }) =>
        `cdk-nag ${name}, stage ${stage}: ${pack.violations.length} open, ${pack.suppressedViolations?.length ?? 0} acknowledged`,
    );
    process.stderr.write(`${counts.join('\n')}\n`);
  });

  it.each(reports)('$name finds nothing open in $stage', ({ pack }) => {
    const open = pack.violations.map(
      ({ ruleName, violatingConstructs }) =>
        `${ruleName}: ${violatingConstructs.map(({ constructPath }) => constructPath).join(', ')}`,
    );
    expect(open).toEqual([]);
  });

  it('needs every acknowledgement in one stage at least', () => {
    const used = reports.flatMap(({ stage, pack }) =>
      (pack.suppressedViolations ?? []).map(
        ({ acknowledgedId, acknowledgedAt }) =>
          `${acknowledgedId} ${acknowledgedAt?.replace(`CloudServiceDesk-${stage}-`, '')}`,
      ),
    );
    const unused = acknowledgedFindings.filter(({ finding, under }) => !used.includes(`${finding} ${under}`));
    expect(unused).toEqual([]);
  });

  it('does not let prod go without what a stage that costs least may leave out', () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const reports = reportOf('prod', { mfa: 'optional', pointInTimeRecovery: false });
    printed.mockRestore();
    const open = reports.flatMap(({ violations }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${ruleName.replace(/^\w+::/, '')} ${constructPath}`),
      ),
    );
    expect(open.sort()).toEqual([
      'AwsSolutions-COG2 CloudServiceDesk-prod-Data/Identity/UserPool/Resource',
      'AwsSolutions-DDB3 CloudServiceDesk-prod-Data/KpisTable/Table/Resource',
      'AwsSolutions-DDB3 CloudServiceDesk-prod-Data/OperationsTable/Table/Resource',
    ]);
  });

  it('has each acknowledgement once', () => {
    const keys = acknowledgedFindings.map(({ finding, under }) => `${finding} ${under}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

it('docs/security.md shows the permissions and findings of now (npm run security-tables writes them)', () => {
  const { present, current } = securityPage();
  expect(present).toBe(current);
});
