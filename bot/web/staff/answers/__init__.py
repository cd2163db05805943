"""The pages for writing, previewing and releasing approved answers."""
