-- The console's tables are small and on every worker.
SELECT create_reference_table('accounts');
SELECT create_reference_table('sessions');
SELECT create_reference_table('regions');
SELECT create_reference_table('audit');
SELECT create_reference_table('audit_turn');
