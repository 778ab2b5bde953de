SELECT create_distributed_table('conflict_tombstones', 'station', colocate_with => 'tip');
