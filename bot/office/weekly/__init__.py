"""What the office reads week by week: what was asked, what was left unanswered, how often answers were right."""
