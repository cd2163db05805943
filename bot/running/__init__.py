"""Operation of the service: commands, demonstration, doctor, keys, backup and restore, upgrade, decommissioning."""
