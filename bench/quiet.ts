/** Imported first: the functions' logger reads this when it is loaded, and the table is all that stdout should hold. */
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
