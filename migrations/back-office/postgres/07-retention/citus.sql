SELECT create_reference_table('purges');
SELECT create_reference_table('retention');
