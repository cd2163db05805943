"""What is run beside the service: commands, demonstration, doctor, keys, backup and restore, upgrade, end."""
