-- What every station has in common is on every worker; everything else lies with its station.
SELECT create_reference_table('office');
SELECT create_reference_table('stations');
SELECT create_reference_table('officers');
SELECT create_reference_table('tickets');
SELECT create_reference_table('editions');
SELECT create_reference_table('shared_files');
SELECT create_reference_table('community_files');
SELECT create_reference_table('policies');
SELECT create_reference_table('revocation_chunks');
SELECT create_reference_table('roots');
SELECT create_distributed_table('tip', 'station');
SELECT create_distributed_table('run', 'station', colocate_with => 'tip');
SELECT create_distributed_table('mail', 'station', colocate_with => 'tip');
SELECT create_distributed_table('quarantine', 'station', colocate_with => 'tip');
SELECT create_distributed_table('passages', 'station', colocate_with => 'tip');
SELECT create_distributed_table('filing', 'station', colocate_with => 'tip');
SELECT create_distributed_table('shifts', 'station', colocate_with => 'tip');
SELECT create_distributed_table('roster_changes', 'station', colocate_with => 'tip');
SELECT create_distributed_table('health_reports', 'station', colocate_with => 'tip');
SELECT create_distributed_table('refusal_counts', 'station', colocate_with => 'tip');
SELECT create_distributed_table('backed_up', 'station', colocate_with => 'tip');
SELECT create_distributed_table('alerts', 'station', colocate_with => 'tip');
SELECT create_distributed_function(oid::regprocedure, 'of_station', colocate_with => 'tip')
FROM pg_proc WHERE proname = 'take_letter' AND pronamespace = current_schema()::regnamespace;
