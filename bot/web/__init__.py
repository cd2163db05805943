"""The faces of the bot: the HTTP interface and the pages. The only floor that imports fastapi and gradio."""
