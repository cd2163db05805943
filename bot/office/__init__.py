"""What the office decides and sees: approved answers, switches, the report on what was asked."""
