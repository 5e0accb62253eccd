// Imported first: what the functions print is the matter of these tests (test/quiet.ts silences them everywhere else).
process.env['POWERTOOLS_LOG_LEVEL'] = 'DEBUG';
delete process.env['POWERTOOLS_METRICS_DISABLED'];
