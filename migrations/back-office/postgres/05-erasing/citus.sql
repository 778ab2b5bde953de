SELECT create_distributed_table('tombstones', 'station', colocate_with => 'tip');
SELECT create_reference_table('erasures');
SELECT create_reference_table('copies');
