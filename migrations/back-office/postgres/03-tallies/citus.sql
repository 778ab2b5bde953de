-- Counters lie where the process's share of them lies: a region's have no one station.
SELECT create_distributed_table('tallies', 'share', colocate_with => 'tip');
SELECT create_distributed_table('work_hours', 'share', colocate_with => 'tip');
