"""The pages behind a sign-in: the desk of the agents, the office of the editors."""
