-- The table is small and on every worker; the index lies with its table.
SELECT create_reference_table('consents');
