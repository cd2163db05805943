"""The office's decisions and reports: approved answers, switches, the report on what was asked."""
